#include "apps/purgatory/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "apps/purgatory/environment.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::string_view kEraseLine = "\r\033[K";

bool is_terminal(int stream) { return ::isatty(stream) == 1; }

/// True if it is a terminal that knows escape sequences.
bool has_escapes(int stream) {
  const std::string kind = variable("TERM");
  return is_terminal(stream) && !kind.empty() && kind != "dumb";
}

std::string bar(double share) {
  constexpr std::size_t kWidth = 20;
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kWidth);
  return fmt::format("[{}{}]", std::string(full, '='), std::string(kWidth - full, ' '));
}

}  // namespace

bool can_ask() { return is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO); }

std::optional<std::size_t> terminal_columns(int stream) {
  winsize size{};
  if (!is_terminal(stream) || ::ioctl(stream, TIOCGWINSZ, &size) != 0) return {};
  return size.ws_col == 0 ? 80 : size.ws_col;
}

std::string ask(std::string_view question) {
  fmt::print(stderr, "{} ", question);
  std::string answer;
  char byte = '\0';
  while (byte != '\n') {
    if (!wait_to_read(STDIN_FILENO) || ::read(STDIN_FILENO, &byte, 1) != 1) {
      fmt::print(stderr, "\n");  // the cursor is behind the question
      return {};
    }
    answer += byte;
  }
  answer.pop_back();
  return answer;
}

std::string styled(int stream, Style style, std::string_view text) {
  if (!has_escapes(stream) || !variable("NO_COLOR").empty()) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", style == Style::bold ? "1" : "1;31", text);
}

ProgressBar::ProgressBar(std::string_view what, std::optional<std::uint64_t> total, bool quiet)
    : what_(what), total_(total), on_(!quiet && has_escapes(STDERR_FILENO)) {}

ProgressBar::~ProgressBar() { erase(); }

void ProgressBar::erase() {
  if (shown_) fmt::print(stderr, "{}", kEraseLine);
  shown_ = false;
}

void ProgressBar::show(std::uint64_t done) {
  const auto now = std::chrono::steady_clock::now();
  if (!on_ || now < next_) return;
  next_ = now + kBetweenDrawings;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string line = fmt::format("{} {}", what_, format_count(done));
  if (total_) {
    const double share =
        *total_ == 0 ? 1 : static_cast<double>(done) / static_cast<double>(*total_);
    const double left =
        rate > 0 ? static_cast<double>(*total_ - std::min(done, *total_)) / rate : 0;
    line = fmt::format("{} {} {} of {}, {:.0f} s left", what_, bar(share), format_count(done),
                       format_count(*total_), left);
  }
  line += fmt::format(", {}/s", format_count(static_cast<std::uint64_t>(rate)));
  if (const auto columns = terminal_columns(STDERR_FILENO)) line = shorten(line, *columns - 1);
  fmt::print(stderr, "{}{}", kEraseLine, line);
  shown_ = true;
}

}  // namespace purgatory::cli
