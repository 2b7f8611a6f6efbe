#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/policy.hpp"
#include "purgatory/selection.hpp"

/// The two kinds of conditions in a Match, ready to be asked often.
namespace purgatory::retention {

/// Patterns for one text.
class TextCondition {
 public:
  /// At least one pattern.
  explicit TextCondition(const Patterns& patterns);

  [[nodiscard]] bool matches(std::string_view text) const noexcept;
  /// The same for a text that is not there at all.
  [[nodiscard]] bool matches_absent() const noexcept { return wanted_.empty(); }

  /// True: every text that `other` matches this matches, too. (It may be so although it is false.)
  [[nodiscard]] bool covers(const TextCondition& other) const;
  /// True: it matches every text.
  [[nodiscard]] bool matches_all() const;

 private:
  struct Pattern {
    /// All but `glob` have no other wildcards than a `*` behind, in front, or at both ends.
    enum class Kind { literal, prefix, suffix, infix, glob };

    explicit Pattern(std::string_view written);
    [[nodiscard]] bool matches(std::string_view value) const noexcept;
    /// As it was written.
    [[nodiscard]] std::string glob() const;

    Kind kind = Kind::literal;
    std::string text;  ///< Without the `*` at its ends, unless it is a glob.
  };

  [[nodiscard]] static bool any_covers(std::span<const Pattern> patterns, const Pattern& other);

  std::vector<Pattern> wanted_;
  std::vector<Pattern> refused_;
};

// Inline, as they are asked for each rule and each job.

inline bool TextCondition::Pattern::matches(std::string_view value) const noexcept {
  switch (kind) {
    case Kind::literal: return value == text;
    case Kind::prefix: return value.starts_with(text);
    case Kind::suffix: return value.ends_with(text);
    case Kind::infix: return value.find(text) != std::string_view::npos;
    case Kind::glob: break;
  }
  return glob_match(text, value);
}

inline bool TextCondition::matches(std::string_view text) const noexcept {
  const auto matches_it = [&](const Pattern& pattern) { return pattern.matches(text); };
  return (wanted_.empty() || std::ranges::any_of(wanted_, matches_it)) &&
         std::ranges::none_of(refused_, matches_it);
}

/// Numbers from least to most, both of them too.
struct Range {
  std::uint32_t least = 0;
  std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
};

/// What a comparison such as "<=3" allows; "!=3" takes two ranges. Empty: it is none.
[[nodiscard]] std::vector<Range> ranges_of(std::string_view comparison);

/// Any of some comparisons.
class NumberCondition {
 public:
  explicit NumberCondition(std::span<const std::string> comparisons);

  [[nodiscard]] bool matches(std::uint32_t number) const noexcept;
  /// As TextCondition's.
  [[nodiscard]] bool covers(const NumberCondition& other) const noexcept;
  [[nodiscard]] bool matches_all() const noexcept { return contains({}); }

 private:
  [[nodiscard]] bool contains(const Range& range) const noexcept;

  std::vector<Range> ranges_;  ///< Ascending; none touches another.
};

}  // namespace purgatory::retention
