#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "plugins/file/connection.hpp"
#include "plugins/file/job_row.hpp"
#include "purgatory/selection.hpp"

namespace purgatory::file {

/// What a generation holds.
struct Totals {
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t archive_jobs = 0;  ///< Those whose stamp names an archive.

  Totals& operator+=(const Totals& other) noexcept;
  Totals& operator-=(const Totals& other) noexcept;
  friend bool operator==(const Totals&, const Totals&) = default;
};
[[nodiscard]] Totals totals_of(const JobRow& row);

/// A row of `generation`.
struct Generation {
  std::int64_t id = 0;
  std::string group;
  bool held = false;
  Totals totals{};
  bool changed = false;  ///< The row does not have these totals yet.

  void add(const Totals& more) noexcept;
  void subtract(const Totals& less) noexcept;
};

/// A row of `project`. Never deleted: a version must not restart.
struct ProjectRow {
  std::int64_t id = 0;
  Version version = 0;
};
/// Absent: nothing was ever recorded in it.
[[nodiscard]] std::optional<ProjectRow> find_project(Connection& db, std::string_view name);

/// The generations of a scope whose jobs are in sight, by group, the open one of each first.
[[nodiscard]] std::vector<Generation> live_generations(Connection& db, std::int64_t project,
                                                       const Scope& scope);
/// The generations of a pile, by group, from one on.
inline constexpr std::int64_t kAllGenerations = std::numeric_limits<std::int64_t>::max();
[[nodiscard]] std::vector<Generation> trash_generations(Connection& db, std::int64_t purge,
                                                        std::string_view from, std::int64_t limit);

/// A project while a change is made to it: it finds and makes generations, gives versions, and
/// knows what the counters will be. `finish` writes all of that; call it once, at the end.
class ProjectChange {
 public:
  /// Makes the project if it is new.
  ProjectChange(Connection& db, std::string_view name);
  ProjectChange(const ProjectChange&) = delete;
  ProjectChange& operator=(const ProjectChange&) = delete;

  [[nodiscard]] Connection& db() const noexcept { return db_; }
  [[nodiscard]] std::int64_t id() const noexcept { return project_.id; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  [[nodiscard]] Version next_version() noexcept { return ++project_.version; }

  /// None: the partition has no such generation.
  [[nodiscard]] Generation* live(std::string_view group, bool held);
  [[nodiscard]] Generation& live_or_new(std::string_view group, bool held);
  [[nodiscard]] Generation& trash_or_new(std::int64_t purge, std::string_view group);

  /// Calls use(row, generation) with the job's row, if there is one. Returns whether there is.
  template <typename Use>
  bool with_job(std::string_view group, std::string_view job_id, Use use) {
    for (const bool held : {false, true}) {
      Generation* generation = live(group, held);
      if (generation == nullptr) continue;
      Query query = job_by_identity(db_, generation->id, job_id);
      if (!query.step()) continue;
      use(JobRow(query, {name_, generation->group}), *generation);
      return true;
    }
    return false;
  }

  void finish();

 private:
  using Key = std::tuple<std::int64_t, bool, std::string>;  ///< Purge (0: live), held, group.

  /// What this change knows of a generation; its id is 0 if there is none.
  Generation& look_up(std::int64_t purge, std::string_view group, bool held);
  Generation& create_if_absent(Generation& generation, std::int64_t purge);

  Connection& db_;
  std::string name_;
  ProjectRow project_;
  Version version_before_;
  std::map<Key, Generation> generations_;
};

}  // namespace purgatory::file
