#include "plugins/file/repository.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "plugins/file/fail.hpp"
#include "plugins/file/schema.hpp"

namespace purgatory::file {
namespace {

/// How long opening may wait for a process that makes the same store.
constexpr std::chrono::seconds kOpening{10};

/// SQLite would open a file read-only, and only say of a directory that it is "unable to open".
void refuse_without_access(const std::string& subject, int access, const std::string& path) {
  if (::faccessat(AT_FDCWD, subject.c_str(), access, AT_EACCESS) == 0) return;
  fail(ErrorCode::permission,
       "repository.file.path: '{}': {}; this user needs to read and write the file and its "
       "directory",
       path, std::generic_category().message(errno));
}

/// What SQLite would only call "unable to open database file".
void refuse_impossible_path(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISREG(status.st_mode)) return refuse_without_access(path, R_OK | W_OK, path);
    fail(ErrorCode::config, "repository.file.path: '{}' is no file: name one, it need not exist",
         path);
  }
  if (errno != ENOENT) {
    const int error = errno;
    fail(error == EACCES ? ErrorCode::permission : ErrorCode::unavailable,
         "repository.file.path: '{}' cannot be looked at: {}", path,
         std::generic_category().message(error));
  }
  const std::string directory = path.substr(0, path.find_last_of('/') + 1);
  if (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    fail(ErrorCode::config,
         "repository.file.path: '{}' lies in a directory that does not exist; make it first", path);
  }
  refuse_without_access(directory, W_OK | X_OK, path);
}

void open_store(const Location& location) {
  refuse_impossible_path(location.path);
  const auto end = std::chrono::steady_clock::now() + kOpening;
  Connection connection(location, Connection::Mode::create, end);
  for (int attempt = 0;; ++attempt) {
    try {
      return prepare_store(connection);
    } catch (const SqliteError& error) {
      // SQLite does not wait where two that make the same file could wait for each other.
      if (error.primary() != SQLITE_BUSY || !connection.wait(attempt)) throw;
    }
  }
}

}  // namespace

FileRepository::Files::Files(Location location_in, const Host& host)
    : location(std::move(location_in)),
      room(location.path),
      readers(location),
      writer(location, room, [this](std::uint64_t pages) { checkpointer.log_is(pages); }),
      checkpointer(location, writer, host) {}

void FileRepository::CloseUnlessForked::operator()(Files* files) const noexcept {
  if (::getpid() == process) delete files;  // NOLINT: unique_ptr's own deleter
}

FileRepository::FileRepository(Location location, const Host& host)
    : files_((open_store(location), new Files(std::move(location), host)),
             CloseUnlessForked{::getpid()}) {}

void check_deadline(const Call& call, std::string_view operation) {
  if (std::chrono::steady_clock::now() < call.deadline) return;
  fail(ErrorCode::timeout,
       "{}: the deadline passed before it was done; give it more time, or ask for less", operation);
}

}  // namespace purgatory::file
