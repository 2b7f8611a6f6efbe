// R18: stats, backup, compact.

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "plugins/file/fail.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

constexpr int kPagesPerStep = 256;

std::uintmax_t size_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

/// A database that is being written; removed again unless it becomes the copy.
class Draft {
 public:
  explicit Draft(const std::string& destination)
      : destination_(destination), path_(destination + ".XXXXXX") {
    const int file = ::mkostemp(path_.data(), O_CLOEXEC);  // nobody else has this name
    if (file < 0) fail_system("cannot be made");
    ::close(file);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      ::unlink((path_ + suffix).c_str());
    }
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Makes it the copy, at once and for good. Throws if the destination has come to be.
  void publish() const {
    sync(path_, O_RDONLY);
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, destination_.c_str(), RENAME_NOREPLACE) !=
        0) {
      fail_system("cannot be made");
    }
    sync(std::filesystem::path(destination_).parent_path(), O_RDONLY | O_DIRECTORY);
  }

 private:
  [[noreturn]] void fail_system(std::string_view what) const {
    const int error = errno;
    fail(error == EEXIST || error == ENOENT ? ErrorCode::invalid_argument : ErrorCode::unavailable,
         "backup: '{}' {}: {}", destination_, what, std::generic_category().message(error));
  }

  void sync(const std::string& path, int flags) const {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0) fail_system("cannot be opened to sync it");
    const int result = ::fsync(file);
    ::close(file);
    if (result != 0) fail_system("cannot be synced");
  }

  const std::string& destination_;
  std::string path_;
};

/// Copies what `source` sees into `target`, some pages at a time.
void copy_pages(Connection& source, Connection& target, const Call& call) {
  sqlite3_backup* backup = sqlite3_backup_init(target.handle(), "main", source.handle(), "main");
  if (backup == nullptr) target.fail();
  int code = SQLITE_OK;
  bool late = false;
  while (code == SQLITE_OK && !late) {
    code = sqlite3_backup_step(backup, kPagesPerStep);
    late = code == SQLITE_OK && std::chrono::steady_clock::now() >= call.deadline;
  }
  const int finished = sqlite3_backup_finish(backup);
  if (late) check_deadline(call, "backup");
  if (finished != SQLITE_OK) throw SqliteError(finished, target.path(), sqlite3_errstr(finished));
}

}  // namespace

std::vector<Figure> FileRepository::stats(const Call& call) {
  return read(call, [&](Connection& db) {
    const Snapshot snapshot(db);
    const auto figure = [](std::string_view name, auto value) {
      return Figure{.name = std::string(name), .value = static_cast<double>(value)};
    };
    Query sums(
        db,
        "SELECT coalesce(sum(jobs) FILTER (WHERE purge IS NULL), 0), coalesce(sum(bytes) "
        "FILTER (WHERE purge IS NULL), 0), coalesce(sum(jobs) FILTER (WHERE purge IS NOT "
        "NULL), 0), coalesce(sum(bytes) FILTER (WHERE purge IS NOT NULL), 0) FROM generation");
    sums.step();
    const std::int64_t page_size = db.number("PRAGMA page_size");
    return std::vector{
        figure("jobs", sums.integer(0)),
        figure("bytes", sums.integer(1)),
        figure("trash_jobs", sums.integer(2)),
        figure("trash_bytes", sums.integer(3)),
        figure("forgotten_total", db.number("SELECT coalesce(sum(forgotten), 0) FROM project")),
        figure("file_bytes", page_size * db.number("PRAGMA page_count")),
        figure("free_bytes", page_size * db.number("PRAGMA freelist_count")),
        figure("log_bytes", size_of(db.path() + "-wal"))};
  });
}

void FileRepository::backup(const Call& call, std::string_view destination) {
  std::error_code ignored;
  const std::string path = std::filesystem::absolute(destination, ignored);
  if (std::filesystem::exists(path, ignored)) {
    fail(ErrorCode::invalid_argument,
         "backup: '{}' is there already; name a path that is not, or remove it", path);
  }
  read(call, [&](Connection& source) {
    const Draft draft(path);
    const Snapshot snapshot(source);
    (void)source.number("SELECT count(*) FROM lease");  // begins it: the copy is of this moment
    {
      Connection target({.path = draft.path(), .cache_bytes = 1 << 20}, Connection::Mode::create,
                        call.deadline);
      copy_pages(source, target, call);
    }
    draft.publish();
  });
}

bool FileRepository::compact(const Call& call, const Budget& budget) {
  return give_pages_back(call, end_of(call, budget), FreePages::keep_none);
}

bool FileRepository::give_pages_back(const Call& call, std::chrono::steady_clock::time_point end,
                                     FreePages keep) {
  // A store that works wants some free pages: each one given back costs a page that is moved.
  constexpr std::int64_t kShareToKeep = 4;
  constexpr std::int64_t kPagesToKeep = 256;
  constexpr std::size_t kPagesPerSlice = 64;
  for (;;) {
    files_->checkpointer.wait(end);
    const bool more = write(call, Grows::no, kPagesPerSlice, [&](Connection& db) {
      const std::int64_t kept =
          keep == FreePages::keep_none
              ? 0
              : std::max(kPagesToKeep, db.number("PRAGMA page_count") / kShareToKeep);
      const std::int64_t before = db.number("PRAGMA freelist_count");
      if (before <= kept) return false;
      Query(db, "PRAGMA incremental_vacuum(64)").run();
      const std::int64_t after = db.number("PRAGMA freelist_count");
      return after > kept && after < before;
    });
    if (more && std::chrono::steady_clock::now() < end) continue;
    files_->checkpointer.restart_log();  // the file is cut when its log is copied
    return more;
  }
}

}  // namespace purgatory::file
