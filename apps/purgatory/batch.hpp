#pragma once

#include <cstdint>
#include <vector>

#include "purgatory/failed_jobs.hpp"

namespace purgatory::cli {

/// Records jobs in calls that are as large as calls of a store may be.
class Batch {
 public:
  explicit Batch(FailedJobs& jobs) : jobs_(jobs) {}

  /// False: record it first.
  [[nodiscard]] bool has_room_for(const FailedJob& job) const;
  void add(FailedJob job);
  /// Records what was added, and is empty then.
  void record();

  [[nodiscard]] std::uint64_t recorded() const noexcept { return recorded_; }
  /// Of all that was recorded.
  [[nodiscard]] const RecordResult& result() const noexcept { return result_; }

 private:
  FailedJobs& jobs_;
  std::vector<FailedJob> waiting_;
  std::uint64_t bytes_ = 0;
  std::uint64_t recorded_ = 0;
  RecordResult result_;
};

}  // namespace purgatory::cli
