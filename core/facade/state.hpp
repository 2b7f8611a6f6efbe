#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/archive/archiver.hpp"
#include "core/repository/store.hpp"
#include "core/retention/compiled_policy.hpp"
#include "core/retention/guard.hpp"
#include "core/retention/hourly_purges.hpp"
#include "core/retention/purger.hpp"
#include "core/retention/purger_thread.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory {

/// What a FailedJobs is made of. Any thread may use it; but for the policy nothing in it changes.
struct FailedJobs::State {
  State(const Config& config, Host callbacks);
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  /// True: this process is a child of the one that opened it.
  [[nodiscard]] bool is_child() const noexcept;

  [[nodiscard]] Call begin_call() const { return purgatory::begin_call(host, timeout); }

  /// The note of a purge that begins now. Throws invalid_argument before anything is purged.
  [[nodiscard]] PurgeNote note(Time now, const Actor& actor, const PurgeOptions& options,
                               std::string_view reason) const;

  [[nodiscard]] std::shared_ptr<const retention::CompiledPolicy> policy() const;
  void set_policy(std::shared_ptr<const retention::CompiledPolicy> policy);

  /// Stamps jobs of one project and records them under their caps, in one call of the repository.
  RecordResult record(const retention::CompiledPolicy& policy, std::string_view project,
                      std::span<Recording> jobs);

  /// Runs the purger; `stopped` ends it early.
  RunResult run(const RunOptions& options, const retention::Purger::Stopped& stopped) noexcept;

  const ::pid_t process;
  const Error used_after_fork;
  const Host host;
  const Limits limits;
  const std::chrono::milliseconds timeout;
  const std::chrono::milliseconds undo_window;
  const retention::GuardSettings guard;
  const std::map<std::string, Config::Retention::Archive> archives;
  const std::unique_ptr<FailedJobRepository> repository;
  retention::HourlyPurges hourly_purges;
  const Store store;
  archive::Archiver archiver;
  retention::Purger purger;
  retention::PurgerThread thread;

 private:
  /// Says once that there is a policy, and no purger that applies it.
  void mind_the_purger(const Call& call);

  mutable std::mutex policy_mutex_;
  std::shared_ptr<const retention::CompiledPolicy> policy_;
  const std::chrono::steady_clock::time_point missed_at_;  ///< A purger should have run before.
  std::atomic<bool> minded_ = false;                       ///< It did, or its absence was said.
};

}  // namespace purgatory
