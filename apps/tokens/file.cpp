#include "apps/tokens/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "core/config/file.hpp"
#include "purgatory/error.hpp"

namespace purgatory::tokens {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 1 << 20;

[[noreturn]] void refuse(ErrorCode code, const fs::path& file, std::string_view why) {
  throw Error(code, fmt::format("the token file '{}' {}", file.string(), why));
}

std::string read_text(const fs::path& file) {
  constexpr auto kOthers = fs::perms::group_write | fs::perms::others_write;
  try {
    std::string text = config::read_file(file, kMostBytes);
    std::error_code gone;
    if ((fs::status(file, gone).permissions() & kOthers) == fs::perms::none) return text;
  } catch (const config::Unreadable& unreadable) {
    refuse(ErrorCode::config, file, unreadable.what());
  }
  refuse(ErrorCode::config, file, "can be written by others than its owner: chmod go-w it");
}

ErrorCode code_of(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS: return ErrorCode::permission;
    case EDQUOT:
    case EFBIG:
    case ENOSPC: return ErrorCode::exhausted;
    case EISDIR:
    case ENOENT:
    case ENOTDIR: return ErrorCode::config;
    default: return ErrorCode::unavailable;
  }
}

/// A file or a directory while it is open.
class Opened {
 public:
  Opened(const fs::path& path, int flags)
      : path_(path), descriptor_(::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
    if (descriptor_ < 0) fail("opened");
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() { ::close(descriptor_); }

  void lock() const {
    if (::flock(descriptor_, LOCK_EX) != 0) fail("locked");
  }

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ::ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0) fail("written");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void sync() const {
    if (::fsync(descriptor_) != 0) fail("written");
  }

  /// Its first bytes stay. That it cannot be cut is told by whoever reads half a line.
  void cut(std::size_t size) const noexcept {
    [[maybe_unused]] const int failed = ::ftruncate(descriptor_, static_cast<::off_t>(size));
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    const int error = errno;
    throw Error(code_of(error), fmt::format("'{}' cannot be {}: {}", path_.string(), what,
                                            std::generic_category().message(error)));
  }

  fs::path path_;
  int descriptor_;
};

}  // namespace

std::vector<Entry> read(const fs::path& file) {
  std::error_code unknown;
  if (!fs::exists(file, unknown)) {
    refuse(ErrorCode::config, file, "does not exist; 'purgatory token create' makes one");
  }
  return parse(read_text(file), file.string());
}

void append(const fs::path& file, const Entry& entry) {
  const Opened opened(file, O_RDWR | O_APPEND | O_CREAT);
  opened.lock();
  const std::string before = read_text(file);
  const bool ended = before.empty() || before.ends_with('\n');
  const std::string line = (ended ? "" : "\n") + print(entry);
  if (before.size() + line.size() > kMostBytes) {
    refuse(ErrorCode::exhausted, file, "has no room for another line: delete some");
  }
  (void)parse(before + line, file.string());  // a server must be able to read it
  try {
    opened.write(line);
    opened.sync();
    // A file that was made is there after a power cut only if its directory was synced.
    if (before.empty()) Opened(fs::absolute(file).parent_path(), O_RDONLY | O_DIRECTORY).sync();
  } catch (...) {
    opened.cut(before.size());
    throw;
  }
}

}  // namespace purgatory::tokens
