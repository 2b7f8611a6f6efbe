#include "tests/file/child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <stdexcept>
#include <string_view>

namespace purgatory::file_test {
namespace {

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  return ends;
}

void close_once(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

std::string run(const std::function<std::string()>& action) {
  try {
    return action();
  } catch (const std::exception& error) {
    return std::string("threw: ") + error.what();
  }
}

}  // namespace

Child::Child(const std::function<std::string()>& action) {
  auto [read_end, write_end] = make_pipe();
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("no process");
  if (process_ == 0) {
    const std::string answer = run(action);
    const bool told = ::write(write_end, answer.data(), answer.size()) == std::ssize(answer);
    ::_exit(told ? 0 : 1);
  }
  ::close(write_end);
  pipe_ = read_end;
}

Child::~Child() {
  close_once(pipe_);
  if (process_ > 0) ::waitpid(process_, nullptr, 0);
}

std::string Child::answer() {
  std::string answer;
  std::array<char, 4096> part{};
  for (ssize_t size = 0; (size = ::read(pipe_, part.data(), part.size())) > 0;) {
    answer.append(part.data(), static_cast<std::size_t>(size));
  }
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = 0;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) answer += " (and it crashed)";
  return answer;
}

std::string in_child(const std::function<std::string()>& action) { return Child(action).answer(); }

void become_nobody() {
  constexpr uid_t kNobody = 65534;
  if (::setresuid(kNobody, kNobody, kNobody) != 0) {
    throw std::runtime_error("cannot become another user");
  }
}

Gate::Gate() {
  const auto [read_end, write_end] = make_pipe();
  wait_on_ = read_end;
  hold_ = write_end;
}

Gate::~Gate() {
  close_once(wait_on_);
  close_once(hold_);
}

void Gate::wait() {
  close_once(hold_);  // the end of the file comes when nobody holds the other end any more
  char byte = 0;
  while (::read(wait_on_, &byte, 1) > 0) continue;
}

void Gate::open() { close_once(hold_); }

}  // namespace purgatory::file_test
