#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "purgatory/purgatory.hpp"

/// A repository that is right by being plain: docs/contract.md written down with maps and loops,
/// for one thread, without any care for speed. Backends are compared with it.
namespace purgatory::model {

using Identity = std::pair<std::string, std::string>;  // (group, job_id)

enum class Maker { detach, remove, caps };

/// A purge and what is left of its trash.
struct Purge {
  Maker maker = Maker::detach;
  Time at{};
  PurgeNote note;
  Scope scope = Scope::project_level({});
  Receipt receipt;
  PileState state = PileState::open;  // never `restoring`: that is a mark with an end
  // Not if a detach took nothing, nor while all that caps took was freed at once.
  bool has_pile = false;
  std::optional<Time> restoring_until;
  bool archived = false;
  Time undo_until{};
  std::vector<StoredJob> trash;
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t restored = 0;
  std::map<std::pair<std::string, std::string>, EvictionCount> evictions;
};

struct Project {
  Version last_version = 0;
  std::map<Identity, StoredJob> jobs;
  std::map<std::string, Purge> purges;
  // Of piles that are gone, but not freed to the end.
  std::uint64_t unfreed_jobs = 0;
  std::uint64_t unfreed_bytes = 0;
};

struct Lease {
  std::string owner;
  Time expiry{};
  std::chrono::milliseconds ttl{};
};

class ReferenceRepository final : public FailedJobRepository {
 public:
  [[nodiscard]] std::string_view backend() const noexcept override { return "reference"; }

  RecordResult record(const Call& call, std::string_view project, std::span<const Recording> jobs,
                      std::span<const Bound> bounds, const PurgeNote& note) override;
  std::optional<StoredJob> find(const Call& call, std::string_view project, std::string_view group,
                                std::string_view job_id) override;
  std::vector<std::string> locate(const Call& call, std::string_view project,
                                  std::string_view job_id) override;
  Page<StoredJob, ListCursor> list(const Call& call, const Selection& selection,
                                   const std::optional<ListCursor>& after,
                                   std::size_t limit) override;
  std::uint64_t count(const Call& call, const Selection& selection, std::uint64_t at_most) override;
  Forgotten forget(const Call& call, std::string_view project, std::string_view group,
                   std::string_view job_id, std::optional<Version> if_version) override;
  Receipt detach(const Call& call, const Scope& scope, const PurgeNote& note) override;
  RemoveResult remove(const Call& call, std::string_view project, std::span<const JobRef> refs,
                      const PurgeNote& note) override;
  RestoreResult restore(const Call& call, std::string_view project, std::string_view purge_id,
                        Time not_before, std::span<const Bound> bounds, const Budget& budget,
                        const std::optional<PileCursor>& after) override;
  Page<Pile, std::string> piles(const Call& call, std::string_view project,
                                const std::optional<std::string>& after) override;
  Page<StoredJob, PileCursor> trash(const Call& call, std::string_view project,
                                    std::string_view purge_id,
                                    const std::optional<PileCursor>& after) override;
  void seal(const Call& call, std::string_view project, std::string_view purge_id) override;
  void mark_archived(const Call& call, std::string_view project,
                     std::string_view purge_id) override;
  void expire(const Call& call, std::string_view project, std::string_view purge_id) override;
  ReclaimResult reclaim(const Call& call, std::string_view project, const Budget& budget) override;
  Page<ProjectInfo, std::string> projects(const Call& call,
                                          const std::optional<std::string>& after) override;
  std::vector<StoredJob> due(const Call& call, std::string_view project,
                             std::size_t limit) override;
  Partitions partitions(const Call& call, std::string_view project) override;
  RestampResult restamp(const Call& call, std::string_view project,
                        std::span<const Restamp> changes) override;
  Page<JournalEntry, JournalCursor> journal(const Call& call, std::string_view project,
                                            const std::optional<JournalCursor>& after) override;
  TrimResult trim_journal(const Call& call, std::string_view project, Time before) override;
  bool lease(const Call& call, std::string_view name, std::string_view owner,
             std::chrono::milliseconds ttl) override;
  std::vector<StoredJob> with_resource(const Call& call, std::string_view project,
                                       std::optional<std::string_view> group,
                                       std::string_view resource_id, std::size_t limit) override;
  std::optional<std::string> setting(const Call& call, std::string_view name) override;
  std::optional<std::string> compare_and_set(const Call& call, std::string_view name,
                                             std::optional<std::string_view> expected,
                                             std::string_view desired) override;
  std::vector<Figure> stats(const Call& call) override;
  CheckResult check(const Call& call, const std::optional<std::string>& after,
                    const Budget& budget) override;
  void backup(const Call& call, std::string_view destination) override;
  bool compact(const Call& call, const Budget& budget) override;

  /// A restore that walks from `after` to `last`, both as a backend chose them: the contract leaves
  /// it open how far a budget reaches. `last` absent: to the end.
  RestoreResult restore_until(const Call& call, std::string_view project, std::string_view purge_id,
                              Time not_before, std::span<const Bound> bounds,
                              const std::optional<PileCursor>& after,
                              const std::optional<PileCursor>& last);
  /// A slice of reclaim that began to free the piles `gone` and freed `freed` of all that is to be
  /// freed: the contract leaves their order open. Throws std::logic_error if that breaks it.
  void reclaim_slice(const Call& call, std::string_view project, const std::set<std::string>& gone,
                     const ReclaimResult& freed);

  /// A trim_journal that dropped these entries: the contract leaves it open whether the entry of a
  /// pile that is being freed may go. Throws std::logic_error if that breaks it.
  void drop_entries(std::string_view project, Time before, const std::set<std::string>& dropped);

  [[nodiscard]] bool can_restore(const Call& call, std::string_view project,
                                 std::string_view purge_id);

  /// What was freed from sight, but not by the last slice yet.
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> unfreed() const;

 private:
  Project& at(std::string_view project) { return projects_[std::string(project)]; }
  Purge& pile(std::string_view project, std::string_view purge_id);
  Purge& restorable(const Call& call, std::string_view project, std::string_view purge_id);

  std::map<std::string, Project> projects_;
  std::map<std::string, Lease> leases_;
  std::map<std::string, std::string> settings_;
};

/// Newest first in a group, as `trash` and `restore` walk a pile.
[[nodiscard]] bool before_in_pile(const PileCursor& left, const PileCursor& right);
[[nodiscard]] PileCursor place_in_pile(const StoredJob& stored);
void sort_pile(std::vector<StoredJob>& trash);

[[nodiscard]] StoredJob without_payload(StoredJob stored);
[[nodiscard]] bool is_pile(const Purge& purge);
[[nodiscard]] bool is_restoring(const Purge& purge, Time now);
[[nodiscard]] bool is_waiting(const Purge& purge);
[[nodiscard]] bool is_reclaimable(const Purge& purge, Time now);

struct Totals {
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
};
/// What a bound counts: the jobs of a group that are not held.
[[nodiscard]] Totals not_held(const Project& project, std::string_view group);
[[nodiscard]] Totals totals(const std::vector<StoredJob>& jobs);

}  // namespace purgatory::model
