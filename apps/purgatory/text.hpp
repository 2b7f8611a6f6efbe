#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

/// How people write and read values.
namespace purgatory::cli {

/// A text that may hold any byte, as one line that no terminal obeys: control characters and what
/// is not UTF-8 as \n, \x1b ...
[[nodiscard]] std::string visible(std::string_view text);
/// The same of a message that may have several lines.
[[nodiscard]] std::string visible_lines(std::string_view text);

/// The text as a word of a command line for a shell, in quotes if it needs them.
[[nodiscard]] std::string shell_word(std::string_view text);

/// How many columns a UTF-8 text takes, if each character takes one.
[[nodiscard]] std::size_t width_of(std::string_view text) noexcept;
/// The first `columns` of it, the last one an ellipsis if something was left out.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t columns);

/// "1.5 MiB"
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);
/// "12,345"
[[nodiscard]] std::string format_count(std::uint64_t count);
/// "1 job", "12,345 jobs"
[[nodiscard]] std::string format_jobs(std::uint64_t jobs);

/// "1d": in the greatest unit that it is a whole number of, up to days.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

/// "90s", "7d": a whole number and ms, s, m, h, d or w. Throws Failure{usage} naming `flag`.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view flag,
                                                       std::string_view text);
/// A time as RFC 3339 has it, or a duration: that long before `now`. Throws Failure{usage}.
[[nodiscard]] Time parse_moment(std::string_view flag, std::string_view text, Time now);
/// A time after `now`, or a duration: that long after it. Throws Failure{usage}.
[[nodiscard]] Time parse_deadline(std::string_view flag, std::string_view text, Time now);

}  // namespace purgatory::cli
