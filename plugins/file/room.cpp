#include "plugins/file/room.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <utility>

#include "plugins/file/connection.hpp"

namespace purgatory::file {
namespace {

/// Allocates up to `bytes`; never changes what is there, whoever else writes meanwhile.
bool allocate(int file, std::int64_t bytes) noexcept {
  struct stat status {};
  if (::fstat(file, &status) != 0 || status.st_size >= bytes) return true;
  while (::fallocate(file, 0, 0, bytes) != 0) {
    if (errno != EINTR) return errno != ENOSPC && errno != EDQUOT && errno != EFBIG;
  }
  return true;
}

/// The descriptors that this process has of stores, by device and inode.
class OpenFiles {
 public:
  static OpenFiles& instance() {
    static auto* const files = new OpenFiles;  // leaked: stores may be closed at the very end
    return *files;
  }

  /// None: it cannot be opened, so nothing is reserved.
  std::shared_ptr<const int> open(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return nullptr;
    const std::scoped_lock lock(mutex_);
    std::weak_ptr<const int>& known = files_[{status.st_dev, status.st_ino}];
    if (auto file = known.lock()) return file;
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return nullptr;
    const auto close = [](const int* descriptor) {
      ::close(*descriptor);
      delete descriptor;
    };
    std::shared_ptr<const int> opened(new int(file), close);
    known = opened;
    return opened;
  }

 private:
  std::mutex mutex_;
  std::map<std::pair<::dev_t, ::ino_t>, std::weak_ptr<const int>> files_;
};

}  // namespace

Room::Room(const std::string& path)
    : log_path_(path + "-wal"), file_(OpenFiles::instance().open(path)) {}

void Room::keep_log() const noexcept {
  const int log = ::open(log_path_.c_str(), O_RDWR | O_CLOEXEC);
  if (log < 0) return;
  allocate(log, kLogBytes);
  ::close(log);
}

bool Room::reserve(std::int64_t bytes) const noexcept {
  const std::int64_t whole_chunks = (bytes + kChunkBytes - 1) / kChunkBytes * kChunkBytes;
  return !file_ || allocate(*file_, whole_chunks);
}

}  // namespace purgatory::file
