#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "benchmarks/scratch_directory.hpp"
#include "benchmarks/store.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::benchmarks {

/// A FailedJobs with a policy, as a service has it, whose clock the benchmark moves. Has what a
/// client of a stall needs.
class PolicyStore {
 public:
  /// `backend`: "memory", or "file" in a new directory, each commit synced.
  PolicyStore(std::string_view backend, Policy policy);

  void record(const Sample& sample) { jobs_->record(sample.job); }
  void record(std::span<const Sample> samples);
  bool find(std::string_view project, std::string_view group, std::string_view job_id);
  std::size_t page(const Query& query, std::size_t limit);

  [[nodiscard]] FailedJobs& jobs() { return *jobs_; }
  void set_clock(Time now) { clock_ = now; }

 private:
  ScratchDirectory directory_;
  std::atomic<Time> clock_{Workload::end()};
  std::unique_ptr<FailedJobs> jobs_;
};

/// So many rules, all of which look at several texts of a job, and of which only the last one
/// matches: it keeps all jobs for a day.
[[nodiscard]] Policy policy_of(std::size_t rules);

}  // namespace purgatory::benchmarks
