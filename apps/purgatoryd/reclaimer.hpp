#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "apps/purgatoryd/log.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::server {

/// Frees what is past its undo window, every minute, in slices that hold nobody up.
class Reclaimer {
 public:
  /// Both must outlive it.
  Reclaimer(FailedJobs& jobs, Log& log);
  Reclaimer(const Reclaimer&) = delete;
  Reclaimer& operator=(const Reclaimer&) = delete;
  /// Returns once the slice under way is done.
  ~Reclaimer();

 private:
  void run();
  /// False: it failed.
  [[nodiscard]] bool run_once();
  [[nodiscard]] bool reclaim(const std::string& project);
  void free_all(const std::string& project);
  [[nodiscard]] bool ended();

  FailedJobs& jobs_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace purgatory::server
