#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/failed_job.hpp"
#include "purgatory/host.hpp"
#include "purgatory/limits.hpp"
#include "purgatory/purge.hpp"
#include "purgatory/results.hpp"
#include "purgatory/selection.hpp"

namespace purgatory {

/// Where failed jobs are kept: what a backend implements. docs/contract.md words each promise.
///
/// Any thread may call anything. Every call ends by its deadline and fails only with `Error`. Any
/// call may fail with `unavailable`, `timeout`, `corrupt`, `permission`, `exhausted`, with `plugin`
/// if the backend breaks its contract, and one that writes with `outcome_unknown`; below stand the
/// other codes. Each mutation may be repeated after `outcome_unknown`. Absence is not an error.
/// Bytes come back as they went in. What time it is a backend knows from `Call::now` alone. Callers
/// go through `checked` (below), so a backend may rely on every documented limit.
class FailedJobRepository {
 public:
  virtual ~FailedJobRepository() = default;

  /// The backend's name, for errors and metrics: "memory".
  [[nodiscard]] virtual std::string_view backend() const noexcept = 0;

  /// R1. Upserts jobs in order and trims each bounded partition, all in one atomic step, durable on
  /// return (R2). Greater failed_at wins, equal replaces, older is `stale`. A person's hold
  /// survives; only a greater failed_at clears resolved_at and not_before. Then the oldest not held
  /// go, until a partition has at most max(its bound, what it had before the call), or, if `jobs`
  /// is empty, its bound; trimming stops after 1000 jobs or once 4 MiB are evicted. Evicted jobs
  /// that name an archive join the pile `note.purge_id`, the others are freed; the journal entry
  /// counts both. At most 1000 jobs, 4 MiB, 64 partitions. Throws invalid_argument (also for a job
  /// larger than its bound), exhausted, conflict if there are bounds and that pile takes no more.
  virtual RecordResult record(const Call& call, std::string_view project,
                              std::span<const Recording> jobs, std::span<const Bound> bounds,
                              const PurgeNote& note) = 0;

  /// R3. The job with its payload; absent: none.
  virtual std::optional<StoredJob> find(const Call& call, std::string_view project,
                                        std::string_view group, std::string_view job_id) = 0;
  /// R3. The groups that have this job_id, ascending. Cost: the project's partitions.
  virtual std::vector<std::string> locate(const Call& call, std::string_view project,
                                          std::string_view job_id) = 0;
  /// R3. Jobs without payload, descending by (failed_at, job_id, group), bytes unsigned. A job not
  /// written during the walk appears exactly once. limit 1..1000; a page ends early at the
  /// deadline.
  virtual Page<StoredJob, ListCursor> list(const Call& call, const Selection& selection,
                                           const std::optional<ListCursor>& after,
                                           std::size_t limit) = 0;
  /// R3. How many match, at most `at_most`. Without a filter it reads counters, else it scans.
  virtual std::uint64_t count(const Call& call, const Selection& selection,
                              std::uint64_t at_most) = 0;
  /// R4. Forgets one settled job: no trash, no journal. `changed`: its version is not `if_version`.
  /// Throws conflict if the job is held.
  virtual Forgotten forget(const Call& call, std::string_view project, std::string_view group,
                           std::string_view job_id, std::optional<Version> if_version) = 0;

  /// R5. Purges a whole scope in one atomic step, whatever its size: what was recorded before the
  /// call is gone, what is recorded after it returns stays; held jobs stay. A purge_id already
  /// known returns its receipt and does nothing. Cost: the partitions in the scope. Throws conflict
  /// while a purge of an overlapping scope is being restored, or if the purge_id is not a detach's.
  virtual Receipt detach(const Call& call, const Scope& scope, const PurgeNote& note) = 0;
  /// R6. Purges listed jobs (at most 1000, 4 MiB unless it is one) whose version still is the one
  /// listed. Adds to the open pile of a known purge_id. Throws conflict if that pile is not open.
  virtual RemoveResult remove(const Call& call, std::string_view project,
                              std::span<const JobRef> refs, const PurgeNote& note) = 0;
  /// R7. Brings a purge back in atomic slices, newest first in each partition, until the budget
  /// ends; repeating is harmless. Writes `not_before` into the stamps. A job whose twin is as new,
  /// or whose partition's bound is reached, stays in trash. Marks the pile `restoring` for 30 s,
  /// seals it. Throws not_found if the purge is unknown, past undo_until, gone, or was made by
  /// caps.
  virtual RestoreResult restore(const Call& call, std::string_view project,
                                std::string_view purge_id, Time not_before,
                                std::span<const Bound> bounds, const Budget& budget,
                                const std::optional<PileCursor>& after) = 0;

  /// R8. The trash of a project, by purge_id; at most 1000 a page.
  virtual Page<Pile, std::string> piles(const Call& call, std::string_view project,
                                        const std::optional<std::string>& after) = 0;
  /// R8. The jobs of a pile with payload, by group, then newest first; at most 1000 and 4 MiB a
  /// page (one job may be larger); a page ends early at the deadline. Throws not_found if the pile
  /// is unknown or gone.
  virtual Page<StoredJob, PileCursor> trash(const Call& call, std::string_view project,
                                            std::string_view purge_id,
                                            const std::optional<PileCursor>& after) = 0;
  /// R8. From now on nothing joins the pile. Throws not_found.
  virtual void seal(const Call& call, std::string_view project, std::string_view purge_id) = 0;
  /// R8. The pile's jobs are in their archive: it waits no more. Throws not_found, conflict if
  /// open.
  virtual void mark_archived(const Call& call, std::string_view project,
                             std::string_view purge_id) = 0;
  /// R8. Ends the undo window now, and seals the pile. Throws not_found.
  virtual void expire(const Call& call, std::string_view project, std::string_view purge_id) = 0;
  /// R8. Frees piles past undo_until, not waiting and not being restored, in slices that hold
  /// nobody up; seals them first. A crash leaves nothing that a later call does not find.
  virtual ReclaimResult reclaim(const Call& call, std::string_view project,
                                const Budget& budget) = 0;

  /// R9. All projects that have jobs or trash, ascending; may name empty ones. At most 1000 a page.
  virtual Page<ProjectInfo, std::string> projects(const Call& call,
                                                  const std::optional<std::string>& after) = 0;
  /// R9. Jobs with next_action_at <= call.now (due ones, and held ones whose hold ran out), without
  /// payload, longest overdue first within a partition. Cost: what is due and the partitions.
  virtual std::vector<StoredJob> due(const Call& call, std::string_view project,
                                     std::size_t limit) = 0;
  /// R10. Counters of each partition, and the last version given.
  virtual Partitions partitions(const Call& call, std::string_view project) = 0;
  /// R11. Replaces the retention of at most 1000 listed jobs whose version still is the listed one.
  /// Evicts nothing.
  virtual RestampResult restamp(const Call& call, std::string_view project,
                                std::span<const Restamp> changes) = 0;

  /// R12. Purges that took at least one job, newest first by (at, purge_id); at most 1000 a page.
  virtual Page<JournalEntry, JournalCursor> journal(const Call& call, std::string_view project,
                                                    const std::optional<JournalCursor>& after) = 0;
  /// R12. Drops entries older than `before` whose trash is gone, at most 1000 a call.
  virtual TrimResult trim_journal(const Call& call, std::string_view project, Time before) = 0;

  /// R13. Takes or renews a store-wide lease; ttl 0 releases one's own. True: held by `owner` now.
  /// An expiry further away than its own ttl counts as expired.
  virtual bool lease(const Call& call, std::string_view name, std::string_view owner,
                     std::chrono::milliseconds ttl) = 0;

  /// R16. Jobs with this resource_id (not empty), without payload, in one group or, if absent, in
  /// any. limit 1..1000.
  virtual std::vector<StoredJob> with_resource(const Call& call, std::string_view project,
                                               std::optional<std::string_view> group,
                                               std::string_view resource_id, std::size_t limit) = 0;

  /// R17. A store-wide value of at most 4 KiB; absent: never set.
  virtual std::optional<std::string> setting(const Call& call, std::string_view name) = 0;
  /// R17. Writes `desired` if the value is `expected` (absent: never set). Returns what is stored
  /// now: equal to `desired` is success.
  virtual std::optional<std::string> compare_and_set(const Call& call, std::string_view name,
                                                     std::optional<std::string_view> expected,
                                                     std::string_view desired) = 0;

  /// R18. Named figures of the store: at least jobs, bytes, trash_jobs, trash_bytes.
  virtual std::vector<Figure> stats(const Call& call) = 0;
  /// R18. Reads everything in slices and reports what reads alone do not see.
  virtual CheckResult check(const Call& call, const std::optional<std::string>& after,
                            const Budget& budget) = 0;
  /// R18. A consistent copy at `destination`, which must not exist. Throws unsupported.
  virtual void backup(const Call& call, std::string_view destination) = 0;
  /// R18. Gives space back. True: more is left. Throws unsupported.
  virtual bool compact(const Call& call, const Budget& budget) = 0;
};

/// Wraps a backend so that everything documented above about arguments is enforced in one place:
/// limits and sizes of each call (invalid_argument), foreign exceptions turned into Error{plugin},
/// errors counted by the metric purgatory_backend_errors_total{backend,code}, calls timed by the
/// histogram purgatory_backend_operation_duration_seconds{backend,operation}, use after fork
/// refused (unsupported). `host` must outlive the result. Throws invalid_argument if the limits are
/// so large that a job may not fit into a call.
std::unique_ptr<FailedJobRepository> checked(std::unique_ptr<FailedJobRepository> backend,
                                             const Host& host, const Limits& limits = {});
std::unique_ptr<FailedJobRepository> checked(std::unique_ptr<FailedJobRepository> backend,
                                             Host&& host, const Limits& limits = {}) = delete;

/// When a slice of background work has to end: at the call's deadline or after the budget's time,
/// whichever comes first.
[[nodiscard]] std::chrono::steady_clock::time_point end_of(const Call& call, const Budget& budget);

}  // namespace purgatory
