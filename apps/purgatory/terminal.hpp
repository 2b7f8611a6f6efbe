#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What differs between a person at a terminal and a script.
namespace purgatory::cli {

/// True if somebody can be asked: questions go to stderr, answers come from stdin.
[[nodiscard]] bool can_ask();

/// How wide the terminal of a stream is; absent: it is none.
[[nodiscard]] std::optional<std::size_t> terminal_columns(int stream);

/// Asks on stderr and reads a line from stdin; empty if it ends before the line does.
[[nodiscard]] std::string ask(std::string_view question);

enum class Style { bold, red };
/// The text in that style, if that stream is a terminal that may have colour (NO_COLOR, TERM=dumb).
[[nodiscard]] std::string styled(int stream, Style style, std::string_view text);

/// How far long work has come, on stderr, if that is a terminal that can erase a line; gone when it
/// ends.
class ProgressBar {
 public:
  /// `total` in the same unit as `show` takes; absent: not known.
  ProgressBar(std::string_view what, std::optional<std::uint64_t> total, bool quiet);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void show(std::uint64_t done);
  /// Makes room for a message, until it is shown again.
  void erase();

 private:
  std::string what_;
  std::optional<std::uint64_t> total_;
  bool on_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = begin_;
};

}  // namespace purgatory::cli
