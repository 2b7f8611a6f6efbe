#include "core/retention/condition.hpp"

#include <algorithm>
#include <charconv>

#include "purgatory/selection.hpp"

namespace purgatory::retention {
namespace {

/// True if `pattern` matches whatever the glob `other` does. Seen as a text, a `*` of `other` is
/// matched by a `*` alone, a `?` by both.
bool glob_covers(std::string_view pattern, std::string_view other) noexcept {
  std::size_t at_pattern = 0;
  std::size_t at_other = 0;
  std::size_t star = std::string_view::npos;
  std::size_t run_end = 0;
  while (at_other < other.size()) {
    if (at_pattern < pattern.size() && pattern[at_pattern] == '*') {
      star = at_pattern++;
      run_end = at_other;
    } else if (at_pattern < pattern.size() && other[at_other] != '*' &&
               (pattern[at_pattern] == '?' || pattern[at_pattern] == other[at_other])) {
      ++at_pattern;
      ++at_other;
    } else if (star != std::string_view::npos) {
      at_pattern = star + 1;
      at_other = ++run_end;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at_pattern) == std::string_view::npos;
}

}  // namespace

TextCondition::Pattern::Pattern(std::string_view written) : text(written) {
  const bool open_end = written.ends_with('*');
  const bool open_begin = written.size() > 1 && written.starts_with('*');
  const std::string_view inner = written.substr(
      open_begin ? 1 : 0, written.size() - (open_begin ? 1 : 0) - (open_end ? 1 : 0));
  if (inner.find_first_of("*?") != std::string_view::npos) {
    kind = Kind::glob;
    return;
  }
  text = inner;
  if (open_end) {
    kind = open_begin ? Kind::infix : Kind::prefix;
  } else if (open_begin) {
    kind = Kind::suffix;
  }
}

std::string TextCondition::Pattern::glob() const {
  const bool open_end = kind == Kind::prefix || kind == Kind::infix;
  const bool open_begin = kind == Kind::suffix || kind == Kind::infix;
  return (open_begin ? "*" : "") + text + (open_end ? "*" : "");
}

TextCondition::TextCondition(const Patterns& patterns) {
  for (const std::string_view pattern : patterns) {
    if (pattern.starts_with('!')) {
      refused_.emplace_back(pattern.substr(1));
    } else {
      wanted_.emplace_back(pattern);
    }
  }
}

bool TextCondition::any_covers(std::span<const Pattern> patterns, const Pattern& other) {
  return std::ranges::any_of(
      patterns, [&](const Pattern& pattern) { return glob_covers(pattern.glob(), other.glob()); });
}

bool TextCondition::covers(const TextCondition& other) const {
  const auto covered_by = [](std::span<const Pattern> patterns) {
    return [patterns](const Pattern& pattern) { return any_covers(patterns, pattern); };
  };
  const bool wants_all = wanted_.empty() || any_covers(wanted_, Pattern("*"));
  const bool wants_more = wants_all || (!other.wanted_.empty() &&
                                        std::ranges::all_of(other.wanted_, covered_by(wanted_)));
  return wants_more && std::ranges::all_of(refused_, covered_by(other.refused_)) &&
         (matches_absent() || !other.matches_absent());
}

bool TextCondition::matches_all() const { return covers(TextCondition(Patterns{"*"})); }

std::vector<Range> ranges_of(std::string_view comparison) {
  constexpr Range kAll;
  const std::size_t digits = std::min(comparison.find_first_of("0123456789"), comparison.size());
  const std::string_view sign = comparison.substr(0, digits);
  const std::string_view number = comparison.substr(digits);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(number.begin(), number.end(), value);
  if (error != std::errc{} || end != number.end()) return {};
  if (number.size() > 1 && number.front() == '0') return {};
  const bool is_least = value == kAll.least;
  const bool is_most = value == kAll.most;
  if (sign.empty()) return {{value, value}};
  if (sign == "<=") return {{kAll.least, value}};
  if (sign == ">=") return {{value, kAll.most}};
  if (sign == "<" && !is_least) return {{kAll.least, value - 1}};
  if (sign == ">" && !is_most) return {{value + 1, kAll.most}};
  if (sign != "!=") return {};
  std::vector<Range> ranges;
  if (!is_least) ranges.push_back({kAll.least, value - 1});
  if (!is_most) ranges.push_back({value + 1, kAll.most});
  return ranges;
}

NumberCondition::NumberCondition(std::span<const std::string> comparisons) {
  std::vector<Range> ranges;
  for (const std::string& comparison : comparisons) {
    for (const Range& range : ranges_of(comparison)) ranges.push_back(range);
  }
  std::ranges::sort(ranges, {}, &Range::least);
  for (const Range& range : ranges) {
    const bool touches = !ranges_.empty() && (ranges_.back().most == Range{}.most ||
                                              range.least <= ranges_.back().most + 1);
    if (touches) {
      ranges_.back().most = std::max(ranges_.back().most, range.most);
    } else {
      ranges_.push_back(range);
    }
  }
}

bool NumberCondition::matches(std::uint32_t number) const noexcept {
  return contains({number, number});
}

bool NumberCondition::contains(const Range& range) const noexcept {
  return std::ranges::any_of(ranges_, [&](const Range& mine) {
    return mine.least <= range.least && range.most <= mine.most;
  });
}

bool NumberCondition::covers(const NumberCondition& other) const noexcept {
  return std::ranges::all_of(other.ranges_, [&](const Range& range) { return contains(range); });
}

}  // namespace purgatory::retention
