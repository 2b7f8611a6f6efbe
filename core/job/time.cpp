#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "purgatory/failed_job.hpp"

namespace purgatory {
namespace {

/// Reads a text from left to right; what does not fit makes it wrong for good.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : left_(text) {}

  /// A number of exactly `digits` digits, `least` to `most`.
  int number(std::size_t digits, int least, int most) noexcept {
    int value = 0;
    const std::string_view text = left_.substr(0, digits);
    const bool plain =
        text.size() == digits && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (plain) std::from_chars(text.data(), text.data() + digits, value);
    wrong_ |= !plain || value < least || value > most;
    left_.remove_prefix(text.size());
    return value;
  }

  /// The next byte, which has to be one of these.
  char one_of(std::string_view bytes) noexcept {
    if (left_.empty() || bytes.find(left_.front()) == std::string_view::npos) {
      wrong_ = true;
      return '\0';
    }
    const char found = left_.front();
    left_.remove_prefix(1);
    return found;
  }

  /// ".123456" as milliseconds; nothing is 0.
  int fraction() noexcept {
    if (!left_.starts_with('.')) return 0;
    left_.remove_prefix(1);
    const std::size_t digits = std::min(left_.find_first_not_of("0123456789"), left_.size());
    wrong_ |= digits == 0 || digits > 9;
    int millis = 0;
    for (std::size_t i = 0; i < 3; ++i) millis = millis * 10 + (i < digits ? left_[i] - '0' : 0);
    left_.remove_prefix(digits);
    return millis;
  }

  [[nodiscard]] bool right_to_its_end() const noexcept { return !wrong_ && left_.empty(); }

 private:
  std::string_view left_;
  bool wrong_ = false;
};

}  // namespace

std::string format_time(Time time) {
  // fmt::gmtime and system_clock count nanoseconds, which end in 2262.
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<Time> parse_time(std::string_view text) noexcept {
  using namespace std::chrono;
  Reader reader(text);
  const int year_number = reader.number(4, 0, 9999);
  reader.one_of("-");
  const int month_number = reader.number(2, 1, 12);
  reader.one_of("-");
  const int day_number = reader.number(2, 1, 31);
  reader.one_of("Tt ");
  const int hour = reader.number(2, 0, 23);
  reader.one_of(":");
  const int minute = reader.number(2, 0, 59);
  reader.one_of(":");
  const int second = reader.number(2, 0, 60);  // a leap second is the next one's begin
  const int millis = reader.fraction();
  const char zone = reader.one_of("Zz+-");
  minutes offset{0};
  if (zone == '+' || zone == '-') {
    offset = hours(reader.number(2, 0, 23));
    reader.one_of(":");
    offset += minutes(reader.number(2, 0, 59));
    if (zone == '-') offset = -offset;
  }
  const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                            day(static_cast<unsigned>(day_number))};
  if (!reader.right_to_its_end() || !date.ok()) return std::nullopt;
  const Time time = sys_days(date) + hours(hour) + minutes(minute) + seconds(second) +
                    milliseconds(millis) - offset;
  constexpr Time kEnd = sys_days(year(9999) / 12 / 31) + days(1);
  if (time < Time{} || time >= kEnd) return std::nullopt;
  return time;
}

}  // namespace purgatory
