#include "plugins/file/room.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <utility>

#include "plugins/file/connection.hpp"
#include "plugins/file/fail.hpp"

namespace purgatory::file {
namespace {

/// Allocates up to `bytes`; never changes what is there, whoever else writes meanwhile.
bool allocate(int file, std::int64_t bytes) noexcept {
  struct stat status {};
  if (::fstat(file, &status) != 0 || status.st_size >= bytes) return true;
  while (::fallocate(file, 0, status.st_size, bytes - status.st_size) != 0) {
    if (errno != EINTR) return errno != ENOSPC && errno != EDQUOT && errno != EFBIG;
  }
  return true;
}

/// The descriptors that this process has of stores, by device and inode. Opened, counted and closed
/// under one lock: nobody may open a store while another's descriptor of it is being closed.
class OpenFiles {
 public:
  static OpenFiles& instance() {
    static auto* const files = new OpenFiles;  // leaked: stores may be closed at the very end
    return *files;
  }

  int open(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    auto place = exists ? files_.find({status.st_dev, status.st_ino}) : files_.end();
    if (place == files_.end()) {  // nobody here has it open: closing it again would do no harm
      const int opened = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
      if (opened < 0) return -1;
      place = files_.try_emplace(key_of(opened), File{opened, ::getpid(), 0}).first;
    }
    File& file = place->second;
    if (file.process != ::getpid()) {
      fail(ErrorCode::unsupported,
           "'{}' was open in process {} when that forked this one, {}: a store is for the process "
           "that opened it; open it in the child alone, or after exec",
           path, file.process, ::getpid());
    }
    ++file.users;
    return file.descriptor;
  }

  void close(int descriptor) noexcept {
    const std::scoped_lock lock(mutex_);
    const auto place = files_.find(key_of(descriptor));
    if (place == files_.end() || --place->second.users > 0) return;
    ::close(descriptor);
    files_.erase(place);
  }

 private:
  struct File {
    int descriptor;
    ::pid_t process;
    std::size_t users;
  };
  using Key = std::pair<::dev_t, ::ino_t>;
  static constexpr ::mode_t kMode = 0644;

  static Key key_of(int descriptor) noexcept {
    struct stat status {};
    ::fstat(descriptor, &status);
    return {status.st_dev, status.st_ino};
  }

  std::mutex mutex_;
  std::map<Key, File> files_;
};

}  // namespace

Room::Room(const std::string& path)
    : log_path_(path + "-wal"), file_(OpenFiles::instance().open(path)) {}

Room::~Room() {
  if (file_ >= 0) OpenFiles::instance().close(file_);
}

void Room::keep_log() const noexcept {
  const int log = ::open(log_path_.c_str(), O_RDWR | O_CLOEXEC);
  if (log < 0) return;
  allocate(log, kLogBytes);
  ::close(log);
}

bool Room::reserve(std::int64_t bytes) const noexcept {
  const std::int64_t whole_chunks = (bytes + kChunkBytes - 1) / kChunkBytes * kChunkBytes;
  return file_ < 0 || allocate(file_, whole_chunks);
}

}  // namespace purgatory::file
