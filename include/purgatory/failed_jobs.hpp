#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/config.hpp"
#include "purgatory/failed_job.hpp"
#include "purgatory/host.hpp"
#include "purgatory/plan.hpp"
#include "purgatory/policy.hpp"
#include "purgatory/purge.hpp"
#include "purgatory/repository.hpp"
#include "purgatory/results.hpp"
#include "purgatory/selection.hpp"

namespace purgatory {

/// Who asks for a purge: it stands in the journal. 1..255 bytes.
struct Actor {
  std::string name;
};

/// Told after each step of a call, the last one too, how many jobs it has done so far. False: stop
/// here; what is done stays done, and the call returns what that is. What it throws leaves the
/// call.
using Progress = std::function<bool(std::uint64_t jobs)>;

/// How to purge; the defaults are fine.
struct PurgeOptions {
  /// Into the journal; empty: "scope" or "selection".
  std::string reason{};
  /// 1..255 bytes; empty: a new one. Give one to be able to repeat a purge that failed: a scope's
  /// is done once however often it is called, a selection's goes on with what matches by then.
  /// Throws conflict once a selection's was restored or freed, or if the other kind of purge has
  /// this id.
  std::string purge_id{};
  /// How long it can be undone: 0 (not at all) to 3650 days; absent: the configuration's
  /// `retention.undo_window`.
  std::optional<std::chrono::milliseconds> undo_window{};
  Progress progress{};
};

/// How to apply a plan; the defaults are fine.
struct ApplyOptions {
  PurgeOptions purge{};  ///< An empty reason: "plan".
  /// Also if the guard refuses the plan.
  bool override_guard = false;
};

/// All jobs of all projects that match: a loop over the projects, each as it is when its turn
/// comes.
struct Everything {
  Filter filter;
};

/// The failed jobs of a service: what a host calls.
///
///     auto jobs = FailedJobs::open("purgatory.yaml");
///     jobs.record(failed_job);
///     const Receipt receipt = jobs.purge(Scope::project_level("shop"), Actor{"api"});
///     jobs.restore("shop", receipt.purge_id);
///
/// Any thread may call anything; a call ends within the configuration's `repository.timeout`, one
/// that takes several steps allows that much to each. What fails throws Error and nothing else
/// (what the host's callbacks throw passes), with any of the codes that `FailedJobRepository`
/// documents for what is called; each call may be repeated after `outcome_unknown`. When a step
/// fails, what the steps before it did stays done. That a job or a project is absent is no error.
/// Nothing runs in the background but what a backend needs and, after `start`, the purger; nothing
/// is printed. A child process
/// after fork must open its own. One that was moved from can only be assigned to or destroyed.
class FailedJobs {
 public:
  /// Opens the store that a configuration describes: of a file, of code, or just a backend with its
  /// options. The host's callbacks are kept. Throws what `Config::load` and `open` throw.
  [[nodiscard]] static FailedJobs open(const std::filesystem::path& file, Host host = {});
  [[nodiscard]] static FailedJobs open(const Config& config, Host host = {});
  [[nodiscard]] static FailedJobs open(std::string backend, Options options, Host host = {});

  FailedJobs(FailedJobs&& other) noexcept;
  FailedJobs& operator=(FailedJobs&& other) noexcept;
  ~FailedJobs();

  /// Records jobs of any projects, in their order for each project, and returns when they are as
  /// durable as the backend promises. Greater failed_at wins, equal replaces, older is `stale`. One
  /// call of the backend, all or nothing, for up to 1000 jobs, 4 MiB and 64 groups of a project;
  /// more are split: when a part fails, those before it stay, and recording all again is harmless.
  /// Throws invalid_argument, before anything is written, if any job breaks a limit (of several it
  /// says which: "jobs[3]: ...").
  RecordResult record(const FailedJob& job);
  RecordResult record(std::span<const FailedJob> jobs);

  /// The job with its payload, for a retry: find it, queue it again, then forget it.
  [[nodiscard]] std::optional<StoredJob> find(std::string_view project, std::string_view group,
                                              std::string_view job_id) const;
  /// The groups that have a job of this id, ascending; the empty one is the project level.
  [[nodiscard]] std::vector<std::string> locate(std::string_view project,
                                                std::string_view job_id) const;
  /// A page of 1..1000 jobs without payload, newest first; pass `next` for the following one.
  [[nodiscard]] Page<StoredJob, ListCursor> list(const Selection& selection,
                                                 const std::optional<ListCursor>& after = {},
                                                 std::size_t limit = 100) const;
  /// How many match. Without a filter at the cost of the partitions, with one it scans: timeout if
  /// that takes too long.
  [[nodiscard]] std::uint64_t count(const Selection& selection) const;
  [[nodiscard]] std::uint64_t count(const Everything& everything) const;
  /// All projects that have jobs or trash, ascending; perhaps emptied ones, too.
  [[nodiscard]] std::vector<std::string> projects() const;
  /// Jobs, bytes, held, oldest and newest of each group of a project.
  [[nodiscard]] Partitions partitions(std::string_view project) const;

  /// Forgets one job that is settled: no trash, no undo, no journal. `changed`: its version is not
  /// `if_version`. Throws conflict if it is held.
  Forgotten forget(std::string_view project, std::string_view group, std::string_view job_id,
                   std::optional<Version> if_version = {});

  /// The same logical job succeeded later: marks its failure as resolved since now. It goes
  /// `retention.resolved.keep_for` from now, if not sooner; one that fails again is a failure as
  /// before. Returns how many were marked: 0 if there is none, or none that was not. Cheap enough
  /// for each success: if there is no such failure it costs what `find` does. One that is written
  /// during the call may stay unmarked.
  std::uint64_t resolve(std::string_view project, std::string_view group, std::string_view job_id);
  /// The same for all failures with this resource_id, which is not empty, in a group, or, if
  /// absent, in the project: that looks into each of its groups.
  std::uint64_t resolve_resource(std::string_view project, std::optional<std::string_view> group,
                                 std::string_view resource_id);

  /// Pins a job: no rule, no cap, no purge takes it until it is released, or `until`, which lies in
  /// the future, has come; that outlives a further failure. A hold that it has gives way to this
  /// one. False: there is no such job. The actor has 1..255 bytes.
  bool hold(std::string_view project, std::string_view group, std::string_view job_id,
            const Hold& hold);
  /// Ends a person's hold. False: there is no such job, or nobody holds it. Throws conflict if a
  /// rule alone holds it: that ends by the policy.
  bool release(std::string_view project, std::string_view group, std::string_view job_id,
               const Actor& actor);

  /// Purges a whole scope in one atomic step at any size. What was recorded before the call is
  /// gone, what is recorded after it returns stays, held jobs stay (`held` of them). Throws
  /// conflict while an overlapping purge is being restored.
  Receipt purge(const Scope& scope, const Actor& actor, const PurgeOptions& options = {});
  /// Purges what matches at the time of the call and is not held, page by page under one purge_id;
  /// what is recorded or changes meanwhile stays. Without a filter it is the scope's purge. The
  /// receipt counts all that went under its purge_id, by an earlier call too. If its trash is freed
  /// before it is done (with an undo window of 0, say), the rest goes under another purge_id: the
  /// receipt counts it, the journal names it.
  Receipt purge(const Selection& selection, const Actor& actor, const PurgeOptions& options = {});
  /// Purges listed jobs of a project whose versions still are the listed ones, as a selection.
  Receipt purge(std::string_view project, std::span<const JobRef> jobs, const Actor& actor,
                const PurgeOptions& options = {});
  /// Purges in each project, all under one purge_id.
  Receipt purge(const Everything& everything, const Actor& actor, const PurgeOptions& options = {});

  /// What this object's policy would purge now if it were the active one and all was stamped by it:
  /// reads every job once. What is recorded or changes meanwhile is not in it. `progress` is told
  /// how many jobs were looked at; if it stops it, the plan is of those.
  [[nodiscard]] Plan plan(const Progress& progress = {}) const;
  /// What a purge of the same would do: a dry run. Without a filter it reads counters, and oldest
  /// and newest are those of held jobs, too.
  [[nodiscard]] Plan plan(const Selection& selection, const Progress& progress = {}) const;
  [[nodiscard]] Plan plan(const Everything& everything, const Progress& progress = {}) const;
  /// Purges what a plan is about, all under one purge_id: jobs that still match at its cutoff and
  /// were not written since. Throws conflict if the plan's policy is not this object's or not the
  /// active one, {guard} if the guard refuses the plan and nobody overrides it, invalid_argument if
  /// the plan is not complete, or of a time that has not come.
  ApplyResult apply(const Plan& plan, const Actor& actor, const ApplyOptions& options = {});

  /// Brings a purge back, newest jobs of a group first. A job that has failed again since stays in
  /// trash (`stale`). Restored jobs are not due before another undo window has passed. `next` is
  /// set if `progress` stopped it: calling it again goes on. Throws not_found if the purge is
  /// unknown, past its undo window (also if that ends meanwhile), or already being freed.
  RestoreResult restore(std::string_view project, std::string_view purge_id,
                        const Progress& progress = {});
  /// The same in each project where it can be undone, as after a purge of `Everything`. Throws
  /// not_found if there is none.
  RestoreResult restore(std::string_view purge_id, const Progress& progress = {});

  /// What lies in trash, by purge_id.
  [[nodiscard]] std::vector<Pile> trash(std::string_view project) const;
  /// A page of the jobs of one purge with payload, by group, then newest first. Throws not_found.
  [[nodiscard]] Page<StoredJob, PileCursor> trash(
      std::string_view project, std::string_view purge_id,
      const std::optional<PileCursor>& after = {}) const;
  /// Ends the undo window of one purge now: the next `reclaim` frees it. Throws not_found.
  void expire(std::string_view project, std::string_view purge_id);
  /// Frees what is past its undo window, in slices that hold nobody up, until the budget ends. What
  /// names an archive is written there first: then the call takes as long as its files do.
  ReclaimResult reclaim(std::string_view project, const Budget& budget = {});

  /// A page of the purges of a project that took at least one job, newest first.
  [[nodiscard]] Page<JournalEntry, JournalCursor> journal(
      std::string_view project, const std::optional<JournalCursor>& after = {}) const;

  // The policy says when failed jobs go: each job is stamped by its first matching rule when it is
  // recorded, and caps are enforced by the very same step. The purger does the rest.

  /// The policy that jobs are stamped with now.
  [[nodiscard]] Policy policy() const;
  /// From now on another policy: jobs are stamped by it, a run under way ends after its step, and
  /// the next one activates it, which a started purger does at once. Throws Error{config} if it is
  /// out of its limits; then the policy stays as it was.
  void reload(Policy policy);
  /// Makes this object's policy the one that purgers apply; others' are superseded from then on.
  /// What is stored is restamped by the next runs.
  ActivePolicy activate_policy(const Actor& actor, const ActivateOptions& options = {});
  /// The policy that purgers apply; absent: none was ever activated.
  [[nodiscard]] std::optional<ActivePolicy> active_policy() const;
  /// Why the job is still here, in one sentence: which rule, since when, when it goes, what keeps
  /// it.
  [[nodiscard]] std::string explain(const StoredJob& stored) const;

  /// Runs the purger for a while in the calling thread, for a host with a loop of its own: purges
  /// what is due, restamps what was stamped by an earlier policy, applies lowered caps, frees trash
  /// that is past its undo window, trims the journal. A job goes only if its stamp and the active
  /// policy both say so. Of several processes one does the work. Never throws: a failure is a
  /// result; after one of the whole store, runs fail at once for a while, longer each time. While
  /// another run of this object goes on it does nothing.
  RunResult run_due(const RunOptions& options = {}) noexcept;
  /// Does that in a thread of its own, every `purger.every`; again, or without policy: fine. While
  /// more is left than a run can do, runs follow sooner, and take half of the time.
  void start();
  /// Ends that thread; returns once the step under way is done (in a callback of the host at once).
  /// The destructor does it, too.
  void stop() noexcept;

  /// The store below, for what is not here: its maintenance (`stats`, `check`, `backup`,
  /// `compact`), `with_resource`, leases, settings. It lives as long as this object.
  [[nodiscard]] FailedJobRepository& repository() const noexcept;
  /// What its calls take: the host's time, and the configuration's timeout from now on.
  [[nodiscard]] Call begin_call() const;

 private:
  struct State;
  struct Closer {
    void operator()(State* state) const noexcept;
  };
  explicit FailedJobs(std::unique_ptr<State, Closer> state);

  std::unique_ptr<State, Closer> state_;
};

}  // namespace purgatory
