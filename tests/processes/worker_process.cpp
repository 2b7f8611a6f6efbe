#include "tests/processes/worker_process.hpp"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include "tests/processes/calls.hpp"

namespace purgatory::processes {
namespace {

void require(bool ok, int error, const char* what) {
  if (!ok) throw std::system_error(error, std::generic_category(), what);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  return pointers;
}

/// Starts the program with `ends` open in it, and nothing else of ours.
pid_t start(const WorkerOptions& options, std::span<const Connection> ends) {
  posix_spawn_file_actions_t actions;
  require(::posix_spawn_file_actions_init(&actions) == 0, ENOMEM, "posix_spawn");
  std::string descriptors;
  for (const Connection& end : ends) {
    // Onto itself: it stays open over exec.
    ::posix_spawn_file_actions_adddup2(&actions, end.descriptor(), end.descriptor());
    descriptors += (descriptors.empty() ? "" : ",") + std::to_string(end.descriptor());
  }
  std::vector<std::string> texts{PURGATORY_WORKER_PROGRAM, options.backend, descriptors};
  texts.insert(texts.end(), options.options.begin(), options.options.end());
  std::vector<char*> arguments = pointers_to(texts);
  arguments.push_back(nullptr);
  std::vector<std::string> additions = options.environment;
  std::vector<char*> environment = pointers_to(additions);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.push_back(*variable);
  }
  environment.push_back(nullptr);
  pid_t process = -1;
  const int error = ::posix_spawn(&process, arguments.front(), &actions, nullptr, arguments.data(),
                                  environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  require(error == 0, error, PURGATORY_WORKER_PROGRAM);
  return process;
}

pid_t start_connected(const WorkerOptions& options, std::vector<Connection>& connections) {
  std::vector<Connection> theirs;
  for (std::size_t i = 0; i < options.connections; ++i) {
    auto [ours, end] = Connection::pair();
    connections.push_back(std::move(ours));
    theirs.push_back(std::move(end));
  }
  return start(options, theirs);
}

}  // namespace

WorkerProcess::WorkerProcess(const WorkerOptions& options)
    : process_(start_connected(options, connections_)),
      handle_(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0))) {
  require(handle_.number() >= 0, errno, "pidfd_open");
}

WorkerProcess::~WorkerProcess() {
  connections_.clear();
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0 || killed_) return;
  std::cerr << "a worker process ended with wait status " << status << '\n';
  std::abort();
}

void WorkerProcess::wait_until_open() {
  const auto opened = connections_.front().receive();
  if (!opened) {
    throw Error(ErrorCode::outcome_unknown, "the worker process ended before its store was open");
  }
  result_of<void>(*opened);
}

void WorkerProcess::kill() {
  killed_ = true;
  ::kill(process_, SIGKILL);
}

bool WorkerProcess::ended_within(int milliseconds) const {
  pollfd ended{.fd = handle_.number(), .events = POLLIN, .revents = 0};
  return ::poll(&ended, 1, milliseconds) > 0;
}

}  // namespace purgatory::processes
