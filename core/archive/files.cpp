#include "core/archive/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/archive/damage.hpp"
#include "core/archive/name.hpp"
#include "purgatory/error.hpp"

namespace purgatory::archive {
namespace {

constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kPrivateFile = 0600;

/// How often a file is written that others take for a dead writer's: those who archive the same
/// purge and have just done so may see it before it is locked.
constexpr int kAttempts = 3;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    const int error = errno;  // what the caller is about to tell
    if (number_ >= 0) ::close(number_);
    errno = error;
  }

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

ErrorCode code_of(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return ErrorCode::exhausted;
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::permission;
    default: return ErrorCode::unavailable;
  }
}

std::string last_error() { return std::generic_category().message(errno); }

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// False: somebody else has locked it, or this file system has no locks.
bool lock(const Descriptor& file) { return ::flock(file.number(), LOCK_EX | LOCK_NB) == 0; }

/// A file that goes with the object, until it has its name. It is locked meanwhile: what is not is
/// a dead writer's.
class Temporary {
 public:
  Temporary(const std::filesystem::path& file, std::uint64_t random)
      : path_(file.parent_path() / temporary_name(file.filename().native(), random)),
        file_(::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, kPrivateFile)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (file_.open() && !renamed_) ::unlink(path_.c_str());
  }

  [[nodiscard]] bool write(std::string_view bytes) const {
    if (!file_.open()) return false;
    static_cast<void>(lock(file_));
    return write_all(file_.number(), bytes) && ::fsync(file_.number()) == 0;
  }
  [[nodiscard]] bool rename_to(const std::filesystem::path& file) {
    renamed_ = ::rename(path_.c_str(), file.c_str()) == 0;
    return renamed_;
  }

 private:
  std::filesystem::path path_;
  Descriptor file_;
  bool renamed_ = false;
};

/// True: something of that name is there, made by this call or not.
bool make_one(const std::filesystem::path& directory) {
  return ::mkdir(directory.c_str(), kPrivateDirectory) == 0 || errno == EEXIST;
}

}  // namespace

void Files::make_directory(const std::filesystem::path& directory) const {
  const std::filesystem::path parent = directory.parent_path();
  if (!make_one(directory)) {
    if (errno != ENOENT || parent == directory) fail("make", directory);
    make_directory(parent);
    if (!make_one(directory)) fail("make", directory);
  }
  // Also if it was there: whoever made it may have died before this.
  sync_directory(parent);
}

void Files::write(const std::filesystem::path& file, std::string_view bytes) const {
  for (int attempt = 1;; ++attempt) {
    Temporary temporary(file, host_.random());
    if (!temporary.write(bytes)) fail("write", file);
    if (temporary.rename_to(file)) return sync_directory(file.parent_path());
    if (errno != ENOENT || attempt == kAttempts) fail("write", file);
  }
}

void Files::sync_directory(const std::filesystem::path& directory) const {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Above its own directories there may be one that this user cannot read, nor has changed.
  if (!opened.open() && errno == EACCES) return;
  if (!opened.open() || ::fsync(opened.number()) != 0) fail("sync", directory);
}

void Files::fail(std::string_view what, const std::filesystem::path& path) const {
  const int error = errno;
  throw Error(
      code_of(error),
      fmt::format("archive '{}': cannot {} '{}': {}; nothing is freed until it can be "
                  "written",
                  root_.native(), what, path.native(), std::generic_category().message(error)));
}

std::string read_file(const std::filesystem::path& file, std::uint64_t most) {
  // Opening a FIFO would wait for somebody to write into it.
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!opened.open()) {
    throw Damage(errno == ENOENT ? "is not there"
                                 : fmt::format("cannot be opened: {}", last_error()));
  }
  struct stat status {};
  if (::fstat(opened.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Damage("is not a regular file");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > most) throw Damage(fmt::format("has {} bytes, at most {} can be right", size, most));
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t part = ::read(opened.number(), bytes.data() + done, bytes.size() - done);
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) throw Damage(fmt::format("cannot be read: {}", last_error()));
    if (part == 0) break;
    done += static_cast<std::size_t>(part);
  }
  bytes.resize(done);
  return bytes;
}

std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory) {
  std::error_code error;
  auto entries = entries_of(directory, error);
  if (!error) return entries;
  throw Error(error.value() == ENOENT ? ErrorCode::not_found : code_of(error.value()),
              fmt::format("archive: '{}' cannot be read: {}", directory.native(), error.message()));
}

std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory,
                                              std::error_code& error) {
  namespace fs = std::filesystem;
  std::vector<fs::path> entries;
  error.clear();
  for (fs::directory_iterator place(directory, error); !error && place != fs::directory_iterator();
       place.increment(error)) {
    entries.push_back(place->path());
  }
  return entries;
}

void remove_temporary(const std::filesystem::path& directory) {
  std::error_code error;  // it does no harm where it is
  for (const std::filesystem::path& path : entries_of(directory, error)) {
    if (!is_temporary(path.filename().native())) continue;
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.open() && lock(file)) ::unlink(path.c_str());
  }
}

}  // namespace purgatory::archive
