#include "tests/cli/run/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "tests/file/child.hpp"

namespace purgatory::cli_run {
namespace {

constexpr std::chrono::minutes kLongest{1};

[[noreturn]] void fail_system(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Texts as execve takes them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// In the child: puts everything in its place. False: it could not.
bool prepare(const Start& start) {
  if (start.at_terminal && (::setsid() < 0 || ::ioctl(start.err, TIOCSCTTY, 0) != 0)) return false;
  int stream = STDIN_FILENO;
  for (const int file : {start.in, start.out, start.err}) {
    if (file < 0 ? ::close(stream) != 0 : ::dup2(file, stream) < 0) return false;
    ++stream;
  }
  if (::chdir(start.directory.c_str()) != 0) return false;
  if (start.as_nobody) file_test::become_nobody();
  return true;
}

}  // namespace

File::File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void File::close() noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

std::string File::rest() const {
  std::string text;
  std::array<char, 4096> part{};
  ::ssize_t size = 0;
  while ((size = ::read(number_, part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  return text;
}

void File::write(std::string_view text) const {
  while (!text.empty()) {
    const ::ssize_t size = ::write(number_, text.data(), text.size());
    if (size < 0) fail_system("write");
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

File file_of(std::string_view content) {
  File file(::memfd_create("content", MFD_CLOEXEC));
  if (file.number() < 0) fail_system("memfd_create");
  file.write(content);
  ::lseek(file.number(), 0, SEEK_SET);
  return file;
}

std::string content_of(const File& file) {
  ::lseek(file.number(), 0, SEEK_SET);
  return file.rest();
}

File open_file(const std::filesystem::path& path, int flags) {
  File file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (file.number() < 0) fail_system(path);
  return file;
}

Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_system("pipe2");
  read_end = File(ends[0]);
  write_end = File(ends[1]);
  if (::fcntl(write_end.number(), F_SETPIPE_SZ, 1) < 0) fail_system("F_SETPIPE_SZ");
}

void Pipe::wait_until_empty() const {
  wait_until("the pipe is empty", [this] {
    int bytes = 0;
    return ::ioctl(read_end.number(), FIONREAD, &bytes) == 0 && bytes == 0;
  });
}

Process::Process(const Start& start) : Process(PURGATORY_PROGRAM, start) {}

Process::Process(const std::string& program, const Start& start) {
  std::vector<std::string> arguments = start.arguments;
  arguments.insert(arguments.begin(), program);
  std::vector<std::string> environment = start.environment;
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  Pipe started;  // closed by execve: until then the child has the signal handlers of this process
  id_ = ::fork();
  if (id_ < 0) fail_system("fork");
  if (id_ == 0) {
    if (prepare(start)) ::execve(program.c_str(), argv.data(), envp.data());
    started.write_end.write("no");
    ::_exit(1);
  }
  started.write_end.close();
  if (!started.read_end.rest().empty()) throw std::runtime_error("cannot start " + program);
  handle_ = File(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
  if (handle_.number() < 0) fail_system("pidfd_open");
}

Process::~Process() {
  if (id_ == 0) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

void Process::signal(int number) const { ::kill(id_, number); }

void Process::send(int signal) const {
  wait_until("the program catches the signal", [&] { return catches(signal); });
  ::kill(id_, signal);
  wait_until("the program caught the signal", [&] { return !catches(signal); });
}

void Process::send_last(int signal) const {
  wait_until("the program caught a signal", [&] { return !catches(signal); });
  ::kill(id_, signal);
}

int Process::wait() {
  pollfd end{handle_.number(), POLLIN, 0};
  constexpr std::chrono::milliseconds kMillis = kLongest;
  if (::poll(&end, 1, static_cast<int>(kMillis.count())) != 1) {
    throw std::runtime_error("the program does not end");
  }
  int status = 0;
  ::waitpid(std::exchange(id_, 0), &status, 0);
  if (WIFSIGNALED(status)) return 128 + WTERMSIG(status);
  return WEXITSTATUS(status);
}

bool Process::catches(int signal) const {
  std::ifstream status("/proc/" + std::to_string(id_) + "/status");
  std::string word;
  while (status >> word && word != "SigCgt:") continue;
  if (!(status >> word)) return false;  // it ended
  const std::uint64_t caught = std::strtoull(word.c_str(), nullptr, 16);
  return (caught >> (static_cast<unsigned>(signal) - 1) & 1) != 0;
}

void wait_until(std::string_view what, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kLongest;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("waited in vain until " + std::string(what));
    }
    std::this_thread::yield();
  }
}

}  // namespace purgatory::cli_run
