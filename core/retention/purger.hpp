#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "core/retention/back_off.hpp"
#include "core/retention/compiled_policy.hpp"
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

  /// `store` and `purges` must outlive it.
  Purger(const Store& store, HourlyPurges& purges, const Config::Purger& settings,
         std::chrono::milliseconds journal_keep_for);

  /// Goes on until nothing is left to do, the time is over, or `stopped()`, which is asked between
  /// two slices.
  RunResult run(const CompiledPolicy& policy, const RunOptions& options,
                const Stopped& stopped) noexcept;

  /// The next run that may activate its policy does so, even if an earlier one did. Waits for no
  /// run.
  void activate_again() noexcept { again_ = true; }
  /// Lets another process be the purger.
  void give_up_lease() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  /// A run while it goes on.
  struct Run {
    const CompiledPolicy& policy;
    const Stopped& stopped;
    Clock::time_point end;
    bool active = false;  ///< Its policy is; if not, nothing is done but to free trash.
    bool tidies = false;  ///< It looks after caps and journals, too.
    bool worked = false;  ///< A slice is done: else runs that are too short would never end.
    std::chrono::milliseconds lag{0};  ///< For how long something was due when it began.
    RunResult result{};

    [[nodiscard]] bool over() const { return stopped() || (worked && Clock::now() >= end); }
  };

  void work(Run& run, bool activate);
  void activate(const CompiledPolicy& policy);
  /// Whether its policy is the active one.
  [[nodiscard]] bool is_active(const CompiledPolicy& policy);
  /// Does what there is to do.
  [[nodiscard]] RunResult::State do_all(Run& run);
  /// Whether the run may still apply its policy.
  [[nodiscard]] bool leads(Run& run);
  void find_tasks(Run& run, bool stamps_differ);
  void advance(Run& run);
  void take_slice(Run& run, Task& task);
  void reclaim(Run& run, Task& task);
  void fail(RunResult& result, const Error& error) noexcept;
  void tell(const Run& run);

  const Store& store_;
  HourlyPurges& purges_;
  const Config::Purger settings_;
  const std::chrono::milliseconds journal_keep_for_;

  std::atomic<bool> again_ = false;
  std::mutex mutex_;  ///< Guards what follows.
  Lease lease_;
  BackOff back_off_;
  Restamping restamping_;
  Tasks tasks_;
  SliceSize due_size_;
  SliceSize restamp_size_;
  SliceSize caps_size_;
  std::string activated_;             ///< The hash of the policy that a run activated last.
  bool superseded_ = false;           ///< Another policy, or none, is active.
  Clock::time_point next_tidying_{};  ///< Caps and journals are looked at now and then.
  std::optional<Error> failure_;
};

}  // namespace purgatory::retention
