#include "tests/cli/run/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace purgatory::cli_run {
namespace {

constexpr std::chrono::milliseconds kLongestSilence = std::chrono::minutes(1);

Start start_at(int terminal, const Sandbox& sandbox, const Words& words,
               Terminal::Elsewhere elsewhere) {
  Start start = sandbox.start(words);
  start.in = elsewhere.in < 0 ? terminal : elsewhere.in;
  start.out = elsewhere.out < 0 ? terminal : elsewhere.out;
  start.err = terminal;
  start.at_terminal = true;
  return start;
}

}  // namespace

Terminal::Ends Terminal::open() {
  int person = -1;
  int program = -1;
  const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  if (::openpty(&person, &program, nullptr, nullptr, &size) != 0) {
    throw std::runtime_error("there is no terminal");
  }
  Ends ends{File(person), File(program)};
  for (const int end : {person, program}) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  termios mode{};
  ::tcgetattr(program, &mode);
  mode.c_lflag &= ~static_cast<tcflag_t>(ECHO);   // what it shows is what the program writes
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);  // and as it does
  ::tcsetattr(program, TCSANOW, &mode);
  return ends;
}

Terminal::Terminal(const Sandbox& sandbox, const Words& words, Elsewhere elsewhere)
    : Terminal(open(), sandbox, words, elsewhere) {}

// The program's end is closed here once it is started: reading ends with the program.
Terminal::Terminal(Ends ends, const Sandbox& sandbox, const Words& words, Elsewhere elsewhere)
    : person_(std::move(ends.person)),
      process_(start_at(ends.program.number(), sandbox, words, elsewhere)) {}

void Terminal::wait_for(std::string_view text) {
  while (!contains(shown_, text)) {
    if (!read_more()) {
      throw std::runtime_error("'" + std::string(text) + "' was not shown, but: " + shown_);
    }
  }
}

void Terminal::type(std::string_view keys) const { person_.write(keys); }

Result Terminal::finish() {
  while (read_more()) continue;
  return {process_.wait(), shown_, {}};
}

bool Terminal::read_more() {
  pollfd wait{person_.number(), POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(kLongestSilence.count())) != 1) {
    throw std::runtime_error("nothing more is shown than: " + shown_);
  }
  std::array<char, 4096> part{};
  const ::ssize_t size = ::read(person_.number(), part.data(), part.size());
  if (size <= 0) return false;
  shown_.append(part.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace purgatory::cli_run
