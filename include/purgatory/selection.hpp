#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

namespace purgatory {

/// Which partitions of one project a call means. A partition is a pair (project, group).
class Scope {
 public:
  enum class Level { project_level, group, project };

  /// The jobs without a group.
  static Scope project_level(std::string project) {
    return {Level::project_level, std::move(project), {}};
  }
  /// The jobs of one group; the empty group is the project level.
  static Scope group(std::string project, std::string group) {
    const Level level = group.empty() ? Level::project_level : Level::group;
    return {level, std::move(project), std::move(group)};
  }
  /// All jobs of the project, with and without a group.
  static Scope project(std::string project) { return {Level::project, std::move(project), {}}; }

  [[nodiscard]] Level level() const noexcept { return level_; }
  [[nodiscard]] const std::string& project() const noexcept { return project_; }
  /// The one group meant; empty for the other levels.
  [[nodiscard]] const std::string& group() const noexcept { return group_; }

  /// True if the partition (project(), group) belongs to the scope.
  [[nodiscard]] bool covers(std::string_view group) const noexcept {
    return level_ == Level::project || group == group_;
  }
  /// True if some partition belongs to both.
  [[nodiscard]] bool overlaps(const Scope& other) const noexcept {
    return project_ == other.project_ && (covers(other.group_) || other.covers(group_));
  }

  friend bool operator==(const Scope&, const Scope&) = default;

 private:
  Scope(Level level, std::string project, std::string group)
      : level_(level), project_(std::move(project)), group_(std::move(group)) {}

  Level level_;
  std::string project_;
  std::string group_;
};

/// Which jobs of a scope; an absent member asks for nothing. Texts are compared as bytes. In a glob
/// `*` is any run of bytes, `?` any one byte, nothing else is special.
struct Filter {
  std::optional<std::string> failure_status;
  std::optional<std::string> resource_type;
  std::optional<std::string> resource_id;
  std::optional<std::string> job_type;       ///< A glob, unless `literal`.
  std::optional<std::string> error_code;     ///< A glob, unless `literal`.
  std::optional<std::string> resource_name;  ///< A glob, unless `literal`.
  bool literal = false;                      ///< The globs above are plain values (HTTP).
  std::optional<std::string> rule;           ///< The stamp's rule.
  std::optional<Time> failed_from;           ///< failed_at >= this.
  std::optional<Time> failed_before;         ///< failed_at < this.
  std::optional<bool> held;
  std::optional<bool> resolved;

  /// True if every job matches.
  [[nodiscard]] bool empty() const;

  friend bool operator==(const Filter&, const Filter&) = default;
};

struct Selection {
  Scope scope;
  Filter filter;
};

/// What a filter looks at, borrowed from wherever a backend keeps it.
struct FilterView {
  std::string_view failure_status;
  std::string_view resource_type;
  std::string_view resource_id;
  std::string_view job_type;
  std::string_view error_code;
  std::string_view resource_name;
  std::string_view rule;
  Time failed_at{};
  bool held = false;
  bool resolved = false;
};

/// Decides for every backend whether a job matches. Never throws; no allocation.
[[nodiscard]] bool matches(const Filter& filter, const FilterView& job) noexcept;

/// The same for a stored job.
[[nodiscard]] bool matches(const Filter& filter, const StoredJob& stored) noexcept;

/// Glob match on bytes as `Filter` says. At worst it takes pattern x text steps.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text) noexcept;

}  // namespace purgatory
