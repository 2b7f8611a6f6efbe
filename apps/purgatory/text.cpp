#include "apps/purgatory/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/locale/utf.hpp>
#include <charconv>
#include <optional>

#include "apps/purgatory/exit_code.hpp"

namespace purgatory::cli {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t millis;
};
constexpr std::array kTimeUnits{Unit{"ms", 1},         Unit{"s", 1000},
                                Unit{"m", 60'000},     Unit{"h", 3'600'000},
                                Unit{"d", 86'400'000}, Unit{"w", 604'800'000}};

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80; }

std::optional<std::chrono::milliseconds> read_duration(std::string_view text) {
  constexpr std::int64_t kMost = 315'360'000'000;  // ten years
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  const auto* unit = std::ranges::find(kTimeUnits, std::string_view(rest, end), &Unit::name);
  if (error != std::errc() || unit == kTimeUnits.end()) return std::nullopt;
  if (number < 0 || number > kMost / unit->millis) return std::nullopt;
  return std::chrono::milliseconds(number * unit->millis);
}

}  // namespace

std::string visible(std::string_view text) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  std::string out;
  for (const char* at = text.begin(); at != text.end();) {
    const char* begin = at;
    const auto point = Utf8::decode(at, text.end());
    if (point == '\n') {
      out += "\\n";
    } else if (point == '\t') {
      out += "\\t";
    } else if (!boost::locale::utf::is_valid_codepoint(point)) {
      at = begin + 1;
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(*begin));
    } else if (point < 0x20 || (point >= 0x7f && point < 0xa0)) {
      out += fmt::format("\\x{:02x}", point);
    } else {
      out.append(begin, at);
    }
  }
  return out;
}

std::string visible_lines(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return visible(text);
  return visible(text.substr(0, end)) + '\n' + visible_lines(text.substr(end + 1));
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+=,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(text);
  }
  std::string word = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      word += "'\\''";
    } else {
      word += letter;
    }
  }
  return word + "'";
}

std::size_t width_of(std::string_view text) noexcept {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues));
}

std::string shorten(std::string_view text, std::size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  std::size_t size = 0;
  for (std::size_t column = 0; size < text.size(); ++size) {
    if (!continues(text[size]) && ++column == columns) break;
  }
  return std::string(text.substr(0, size)) + "…";
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits.at(unit));
}

std::string format_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t place = digits.size(); place > 3;) {
    place -= 3;
    digits.insert(place, ",");
  }
  return digits;
}

std::string format_jobs(std::uint64_t jobs) {
  return fmt::format("{} {}", format_count(jobs), jobs == 1 ? "job" : "jobs");
}

std::string format_duration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0s";
  const auto* unit = &kTimeUnits.front();
  for (const Unit& each : kTimeUnits) {  // thirty days are not written in weeks by anybody
    if (each.name != "w" && duration.count() % each.millis == 0) unit = &each;
  }
  return fmt::format("{}{}", duration.count() / unit->millis, unit->name);
}

std::chrono::milliseconds parse_duration(std::string_view flag, std::string_view text) {
  if (const auto duration = read_duration(text)) return *duration;
  throw Failure(ExitCode::usage,
                fmt::format("{}: '{}' is no duration; write a whole number and ms, s, m, h, d or w "
                            "behind it: 90s, 7d",
                            flag, visible(text)));
}

Time parse_moment(std::string_view flag, std::string_view text, Time now) {
  if (const auto time = parse_time(text)) return *time;
  if (const auto duration = read_duration(text)) return std::max(now - *duration, Time{});
  throw Failure(ExitCode::usage,
                fmt::format("{}: '{}' is no time; write 2026-11-23T13:51:54Z, or how long ago: 7d",
                            flag, visible(text)));
}

Time parse_deadline(std::string_view flag, std::string_view text, Time now) {
  auto time = parse_time(text);
  if (const auto duration = read_duration(text)) time = now + *duration;
  if (time && *time > now) return *time;
  throw Failure(ExitCode::usage,
                fmt::format("{}: '{}' is no time to come; write 2027-01-01T00:00:00Z, or how far "
                            "off: 90d",
                            flag, visible(text)));
}

}  // namespace purgatory::cli
