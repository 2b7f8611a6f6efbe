#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "purgatory/limits.hpp"

namespace purgatory::retention {

/// What became of a piece of work that others do not wait long for.
struct Slice {
  std::size_t seen = 0;  ///< Jobs that it looked at.
  bool more = false;     ///< Another slice would find work.
};

/// How many jobs the next slice of work has, so that it takes about as long as it should: half of
/// them after one that took longer, twice as many after one that took less than half.
class SliceSize {
 public:
  using Duration = std::chrono::steady_clock::duration;

  explicit SliceSize(Duration target) : target_(target) {}

  [[nodiscard]] std::size_t jobs() const noexcept { return jobs_; }

  /// A slice of `worked` jobs took this long. What was no whole slice says nothing about larger
  /// ones.
  void took(std::size_t worked, Duration time) noexcept {
    if (time > target_) {
      jobs_ = std::max(kLeast, jobs_ / 2);
    } else if (worked >= jobs_ && time < target_ / 2) {
      jobs_ = std::min(kMaxJobsPerCall, jobs_ * 2);
    }
  }

 private:
  static constexpr std::size_t kLeast = 32;
  static constexpr std::size_t kFirst = 64;

  Duration target_;
  std::size_t jobs_ = kFirst;
};

}  // namespace purgatory::retention
