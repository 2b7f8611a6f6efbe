#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "purgatory/config.hpp"
#include "purgatory/host.hpp"
#include "purgatory/policy.hpp"

namespace purgatory::retention {

/// A thread that runs the purger now and then.
class PurgerThread {
 public:
  /// A run; it ends soon after `stopped()` is true, and throws nothing.
  using Run = std::function<RunResult(const std::function<bool()>& stopped)>;

  PurgerThread(Run run, const Config::Purger& settings, const Host& host);
  PurgerThread(const PurgerThread&) = delete;
  PurgerThread& operator=(const PurgerThread&) = delete;
  ~PurgerThread() { stop(); }

  /// Does nothing if it runs.
  void start();
  /// Returns once the slice under way is done; called by the thread itself, in a callback of the
  /// host, at once.
  void stop() noexcept;
  /// The next run begins now, or after the one under way.
  void wake() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  void loop();
  [[nodiscard]] Clock::duration pause_after(const RunResult& result, Clock::duration took) const;
  [[nodiscard]] Clock::duration jitter() const;
  [[nodiscard]] bool stopped();
  void ask_to_stop() noexcept;

  const Run run_;
  const Config::Purger settings_;
  const Host& host_;
  std::mutex starting_;  ///< Guards the thread.
  std::thread thread_;
  std::atomic<std::thread::id> id_{};  ///< The thread's.
  std::mutex mutex_;                   ///< Guards what follows.
  std::condition_variable changed_;
  bool stop_ = false;
  bool wake_ = false;
};

}  // namespace purgatory::retention
