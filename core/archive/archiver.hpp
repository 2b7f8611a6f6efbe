#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive/range.hpp"
#include "core/archive/segments.hpp"
#include "core/repository/store.hpp"
#include "purgatory/error.hpp"
#include "purgatory/purge.hpp"

/// How purged jobs get into archives before they are freed: archiver takes a purge's pile range by
/// range, range reads one, segments writes it to each archive, purge_directory to one of them,
/// sidecar and name say what is in it, files makes it durable. reading.cpp is for everybody
/// (purgatory/archive.hpp).
namespace purgatory::archive {

/// Writes the jobs of a store's trash that name an archive there. Any thread, any number of
/// processes at once: all of them write the same. A crash at any moment leaves what the next one
/// finishes.
class Archiver {
 public:
  struct Step {
    std::uint64_t archived = 0;  ///< Jobs written.
    bool more = false;           ///< It did something: another step may find more.
  };

  /// `store` must outlive it. No two archives share a directory.
  Archiver(const Store& store, Archives archives, const RangeLimits& limits = {});

  /// Writes a range of one pile of a project that waits and is past its undo window, and says of
  /// one that is written to its end that it is archived. A pile that more may join in its hour is
  /// left alone. One that failed is not taken again before all others: what is wrong with it alone
  /// is thrown by the step that finds no other.
  /// Throws Error{config} if a job names an archive that there is not, and what the store throws;
  /// at once {exhausted}, {permission}, {unavailable} if an archive cannot be written, and of the
  /// store these and outcome_unknown.
  Step step(std::string_view project);

  /// Jobs in piles that waited and were past their undo window when `step` looked last at their
  /// projects.
  [[nodiscard]] std::uint64_t pending_jobs() const;
  /// Forgets all that: another process does the work now.
  void forget();

 private:
  struct Project {
    std::uint64_t pending_jobs = 0;
    std::map<std::string, Position, std::less<>> positions{};  ///< Of piles that are worked on.
    std::set<std::string, std::less<>> failed{};  ///< Piles to be left until all others are tried.
    std::optional<Error> failure{};               ///< What was wrong with the first of them alone.
  };

  /// The piles of a project to be archived now. Remembers what is pending.
  std::vector<Pile> look(std::string_view name);
  /// The pile to be taken now, if there is one.
  [[nodiscard]] std::optional<Pile> choose(std::string_view project,
                                           const std::vector<Pile>& piles);
  void note_failure(std::string_view project, const std::string& purge_id, const Error& error);
  [[nodiscard]] std::vector<Pile> waiting_piles(std::string_view project) const;
  /// Does what comes next for a pile. Returns how many jobs that wrote.
  std::uint64_t advance(std::string_view project, const Pile& pile);
  std::uint64_t write_range(std::string_view project, const std::string& purge_id);

  [[nodiscard]] std::optional<Position> position(std::string_view project,
                                                 std::string_view purge_id) const;
  void set_position(std::string_view project, const std::string& purge_id, Position position);

  const Store& store_;
  const Archives archives_;
  const RangeLimits limits_;
  mutable std::mutex mutex_;  ///< For projects_; never held during a call or a write.
  std::map<std::string, Project, std::less<>> projects_;
};

}  // namespace purgatory::archive
