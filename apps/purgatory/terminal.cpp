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

std::string bar(double share) {
  constexpr std::size_t kWidth = 20;
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kWidth);
  return fmt::format("[{}{}]", std::string(full, '='), std::string(kWidth - full, ' '));
}

}  // namespace

bool can_ask() { return is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO); }

std::optional<std::size_t> terminal_columns() {
  winsize size{};
  if (!is_terminal(STDOUT_FILENO) || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  return size.ws_col == 0 ? 80 : size.ws_col;
}

std::string ask(std::string_view question) {
  fmt::print(stderr, "{} ", question);
  std::string answer;
  char byte = '\0';
  while (interrupted() == 0 && ::read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') answer += byte;
  return answer;
}

std::string styled(int stream, Style style, std::string_view text) {
  const bool plain = !is_terminal(stream) || !variable("NO_COLOR").empty() ||
                     variable("TERM") == "dumb" || variable("TERM").empty();
  if (plain) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", style == Style::bold ? "1" : "1;31", text);
}

ProgressBar::ProgressBar(std::string_view what, std::optional<std::uint64_t> total, bool quiet)
    : what_(what), total_(total), on_(!quiet && is_terminal(STDERR_FILENO)) {}

ProgressBar::~ProgressBar() {
  if (on_ && next_ != begin_) fmt::print(stderr, "{}", kEraseLine);
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
  fmt::print(stderr, "{}{}", kEraseLine, line);
}

}  // namespace purgatory::cli
