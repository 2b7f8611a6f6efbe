// Loaded into a program before all else, it kills it before its PURGATORY_KILL_AT-th call that
// changes files or opens them: nothing of it is done any more. Syncs are counted and left out: a
// kill, unlike a power cut, loses nothing that was written.

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdlib>

namespace {

long kill_at() {
  static const long number = [] {
    const char* const text = std::getenv("PURGATORY_KILL_AT");
    return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
  }();
  return number;
}

void take_step() {
  static std::atomic<long> steps{0};
  if (++steps == kill_at()) ::kill(::getpid(), SIGKILL);
}

template <typename... Arguments>
long step(long number, Arguments... arguments) {
  take_step();
  return ::syscall(number, arguments...);
}

/// The mode of an open that may make a file.
mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

// As the C library declares them; both names are one function on machines of 64 bits.
extern "C" {

int openat(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return static_cast<int>(step(SYS_openat, directory, path, flags, mode));
}
int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return static_cast<int>(step(SYS_openat, AT_FDCWD, path, flags, mode));
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return static_cast<int>(step(SYS_openat, AT_FDCWD, path, flags, mode));
}
ssize_t write(int file, const void* bytes, size_t size) {
  return step(SYS_write, file, bytes, size);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return step(SYS_pwrite64, file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off_t offset) {
  return step(SYS_pwrite64, file, bytes, size, offset);
}
int fsync(int /*file*/) { return take_step(), 0; }
int fdatasync(int /*file*/) { return take_step(), 0; }
int ftruncate(int file, off_t size) noexcept {
  return static_cast<int>(step(SYS_ftruncate, file, size));
}
int ftruncate64(int file, off_t size) noexcept {
  return static_cast<int>(step(SYS_ftruncate, file, size));
}
int rename(const char* from, const char* to) noexcept {
  return static_cast<int>(step(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int renameat(int from_directory, const char* from, int to_directory, const char* to) noexcept {
  return static_cast<int>(step(SYS_renameat2, from_directory, from, to_directory, to, 0));
}
int mkdir(const char* path, mode_t mode) noexcept {
  return static_cast<int>(step(SYS_mkdirat, AT_FDCWD, path, mode));
}
int unlink(const char* path) noexcept {
  return static_cast<int>(step(SYS_unlinkat, AT_FDCWD, path, 0));
}
}
