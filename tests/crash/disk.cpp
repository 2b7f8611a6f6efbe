#include "tests/crash/disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <vector>

#include "tests/processes/connection.hpp"

namespace purgatory::crash {
namespace {

constexpr std::uintmax_t kImageBytes = std::uintmax_t{64} << 20U;

// The kernel's fs/ext4/ext4.h; no header for programs has them.
constexpr unsigned long kShutdown = _IOR('X', 125, std::uint32_t);  // EXT4_IOC_SHUTDOWN
constexpr std::uint32_t kNoLogFlush = 2;                            // EXT4_GOING_FLAGS_NOLOGFLUSH

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Runs a program that says nothing; its exit code, 127 if there is no such program.
int run(std::vector<std::string> command) {
  posix_spawn_file_actions_t quiet;
  if (::posix_spawn_file_actions_init(&quiet) != 0) fail("posix_spawn");
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    ::posix_spawn_file_actions_addopen(&quiet, output, "/dev/null", O_WRONLY, 0);
  }
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  pid_t process = -1;
  const int error =
      ::posix_spawnp(&process, arguments.front(), &quiet, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&quiet);
  int status = 0;
  if (error != 0 || ::waitpid(process, &status, 0) != process || !WIFEXITED(status)) return 127;
  return WEXITSTATUS(status);
}

void require(const std::vector<std::string>& command) {
  if (run(command) != 0) throw std::runtime_error(command.front() + " failed");
}

processes::Descriptor open_directory(const std::filesystem::path& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) fail(path);
  return processes::Descriptor(number);
}

void mount(const std::filesystem::path& image, const std::filesystem::path& mount_point) {
  require({"mount", "-t", "ext4", "-o", "loop,noatime", image, mount_point});
}

}  // namespace

std::string why_no_disk() {
  if (::geteuid() != 0) return "cutting the power of a loop device needs root";
  if (!std::filesystem::exists("/dev/loop-control")) return "there are no loop devices here";
  if (run({"mkfs.ext4", "-V"}) != 0) return "there is no mkfs.ext4 (package e2fsprogs)";
  if (::unshare(CLONE_NEWNS) != 0) return "this process may not have mounts of its own";
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return "mounts cannot be made private";
  }
  return {};
}

Disk::Disk(const std::filesystem::path& directory)
    : image_(directory / "disk.ext4"), mount_point_(directory / "disk") {
  std::ofstream(image_).close();
  std::filesystem::resize_file(image_, kImageBytes);
  std::filesystem::create_directory(mount_point_);
  require({"mkfs.ext4", "-q", "-F", image_});
  mount(image_, mount_point_);
}

Disk::~Disk() { ::umount2(mount_point_.c_str(), MNT_DETACH); }

void Disk::sync() const {
  if (::syncfs(open_directory(mount_point_).number()) != 0) fail("syncfs");
}

void Disk::cut_power() const {
  std::uint32_t how = kNoLogFlush;
  if (::ioctl(open_directory(mount_point_).number(), kShutdown, &how) != 0) {
    fail("EXT4_IOC_SHUTDOWN");
  }
}

void Disk::restart() const {
  if (::umount(mount_point_.c_str()) != 0) fail("umount " + mount_point_.string());
  mount(image_, mount_point_);
}

}  // namespace purgatory::crash
