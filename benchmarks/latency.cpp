#include "benchmarks/latency.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace purgatory::benchmarks {
namespace {

constexpr unsigned kStepBits = 5;

// An octave's index is the place of the highest bit, and the next five bits are the step in it.
std::size_t bucket_of(std::uint64_t nanoseconds) noexcept {
  if (nanoseconds < (1U << kStepBits)) return nanoseconds;
  const auto shift = static_cast<unsigned>(std::bit_width(nanoseconds)) - 1 - kStepBits;
  return ((std::size_t{shift} + 1) << kStepBits) + (nanoseconds >> shift) - (1U << kStepBits);
}

std::uint64_t end_of(std::size_t bucket) noexcept {
  if (bucket < (1U << kStepBits)) return bucket;
  const std::size_t shift = (bucket >> kStepBits) - 1;
  const std::uint64_t step = bucket % (1U << kStepBits) + (1U << kStepBits);
  return ((step + 1) << shift) - 1;
}

}  // namespace

void Latencies::add(std::chrono::nanoseconds time) noexcept {
  const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
  ++buckets_[std::min(bucket_of(nanoseconds), buckets_.size() - 1)];
  ++calls_;
  max_ = std::max(max_, time);
}

void Latencies::add(const Latencies& others) noexcept {
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    buckets_[bucket] += others.buckets_[bucket];
  }
  calls_ += others.calls_;
  max_ = std::max(max_, others.max_);
}

std::chrono::nanoseconds Latencies::quantile(double share) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(calls_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) {
      return std::min(max_, std::chrono::nanoseconds(static_cast<std::int64_t>(end_of(bucket))));
    }
  }
  return max_;
}

}  // namespace purgatory::benchmarks
