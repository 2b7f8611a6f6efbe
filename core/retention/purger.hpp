#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/archive/archiver.hpp"
#include "core/retention/back_off.hpp"
#include "core/retention/compiled_policy.hpp"
#include "core/retention/guard.hpp"
#include "core/retention/hourly_purges.hpp"
#include "core/retention/lease.hpp"
#include "core/retention/restamping.hpp"
#include "core/retention/slice.hpp"
#include "core/retention/slices.hpp"
#include "core/retention/tasks.hpp"
#include "purgatory/config.hpp"
#include "purgatory/policy.hpp"

namespace purgatory::retention {

/// Applies a policy to a store, in runs of slices. Any thread may call; one run follows another.
class Purger {
 public:
  using Stopped = std::function<bool()>;
  using PolicyPointer = std::shared_ptr<const CompiledPolicy>;

  /// `store`, `purges` and `archiver` must outlive it.
  Purger(const Store& store, HourlyPurges& purges, archive::Archiver& archiver,
         const Config& config);

  /// Goes on until nothing is left to do, the time is over, or `stopped()`, which is asked between
  /// two slices. Another object than the last run's is another policy, even if it says the same: it
  /// is activated, if the options allow that. While another run goes on: not_leader.
  RunResult run(const PolicyPointer& policy, const RunOptions& options,
                const Stopped& stopped) noexcept;

  /// Lets another process be the purger, unless a run goes on.
  void give_up_lease() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  /// A run while it goes on.
  struct Run {
    const CompiledPolicy& policy;
    const Stopped& stopped;
    Clock::time_point end;
    std::optional<ActivePolicy> active_policy{};  ///< Absent: none is.
    bool active = false;  ///< It is the run's; if not, nothing is done but to free trash ...
    bool tidies = false;  ///< It looks after caps and journals, too.
    bool stuck = false;   ///< What it restamps cannot be gone on with.
    bool worked = false;  ///< A slice is done: else runs that are too short would never end.
    std::chrono::milliseconds lag{0};  ///< For how long something was due when it began.
    RunResult result{};

    /// ... and to release holds, as no policy is active.
    [[nodiscard]] bool releases() const noexcept { return !active_policy; }
    /// When the guard was overridden for its policy.
    [[nodiscard]] std::optional<Time> overridden_at() const noexcept {
      if (!active || !active_policy->guard_overridden) return std::nullopt;
      return active_policy->activated_at;
    }
    [[nodiscard]] bool over() const { return stopped() || (worked && Clock::now() >= end); }
  };

  void take_policy(const PolicyPointer& policy);
  void work(Run& run, bool activate);
  /// False: there was nothing to do.
  bool activate(const CompiledPolicy& policy);
  /// Asks which policy is the active one.
  void look_at_active(Run& run);
  /// Says once that it is another one.
  void note_superseded(const Run& run);
  /// Whether the clock is not to be trusted, and nobody has confirmed it.
  [[nodiscard]] bool clock_jumped(Run& run);
  /// Does what there is to do.
  [[nodiscard]] RunResult::State do_all(Run& run);
  /// Whether the run may still apply its policy.
  [[nodiscard]] bool leads(Run& run);
  /// A slice of restamping. False: that is all, or all that can be done now.
  bool restamp(Run& run);
  void find_tasks(Run& run, bool stamps_differ);
  void advance(Run& run);
  /// A slice of the first thing that a task is about. True: there is more of it.
  bool take_slice(Run& run, const Task& task);
  /// What is wrong with one project, or its archive, keeps no other waiting. Throws what is wrong
  /// with the store.
  void note_failure(std::string_view project, const Error& error);
  void note_archive_failure(std::string_view project, const Error& error);
  /// What the guard refuses is in the result of each run, and said once.
  void note_refusal(Run& run, const std::string& why);
  void fail(RunResult& result, const Error& error) noexcept;
  void tell(const Run& run);
  void tell_figures(const Run& run);

  const Store& store_;
  HourlyPurges& purges_;
  archive::Archiver& archiver_;
  const Config::Purger settings_;
  const std::chrono::milliseconds journal_keep_for_;
  const GuardSettings guard_;
  const Error out_of_memory_;  ///< Made in time: then there is no memory for it.
  const Error host_threw_;

  std::atomic_flag busy_;  ///< A run goes on: what follows is its.
  Lease lease_;
  BackOff back_off_;
  ClockWatch clock_watch_;
  Restamping restamping_;
  Tasks tasks_;
  SliceSize due_size_;
  SliceSize restamp_size_;
  SliceSize caps_size_;
  PolicyPointer policy_;     ///< The last run's.
  bool activated_ = false;   ///< A run did so.
  bool superseded_ = false;  ///< Another policy, or none, is active.
  /// The clock jumped. Overriding the guard again confirms it.
  struct Jump {
    std::optional<Time> overridden_before;
  };
  std::optional<Jump> jump_;
  std::string refusal_;               ///< What the guard was said to refuse last; empty: nothing.
  Clock::time_point next_tidying_{};  ///< Caps and journals are looked at now and then.
  std::optional<Error> failure_;      ///< The last of this run, or why runs wait.
};

}  // namespace purgatory::retention
