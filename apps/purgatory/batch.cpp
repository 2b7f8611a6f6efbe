#include "apps/purgatory/batch.hpp"

#include <utility>

#include "purgatory/limits.hpp"

namespace purgatory::cli {

bool Batch::has_room_for(const FailedJob& job) const {
  return waiting_.size() < kMaxJobsPerCall && bytes_ + logical_bytes(job) <= kMaxBytesPerCall;
}

void Batch::add(FailedJob job) {
  bytes_ += logical_bytes(job);
  waiting_.push_back(std::move(job));
}

void Batch::record() {
  const RecordResult part = jobs_.record(waiting_);
  result_.inserted += part.inserted;
  result_.replaced += part.replaced;
  result_.stale += part.stale;
  result_.evicted += part.evicted;
  recorded_ += waiting_.size();
  waiting_.clear();
  bytes_ = 0;
}

}  // namespace purgatory::cli
