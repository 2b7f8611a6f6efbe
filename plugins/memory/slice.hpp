#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>

#include "plugins/memory/project.hpp"

namespace purgatory::memory {

/// What is done under the project's lock at a time: some jobs at least, then more until somebody
/// waits.
class Slice {
 public:
  static constexpr std::size_t kLeast = 4;
  static constexpr std::size_t kMost = 128;

  explicit Slice(const Lock& lock) noexcept : lock_(lock) {}

  void at_most(std::size_t jobs) noexcept { most_ = std::min(most_, jobs); }

  /// Beginning the slice cost as much as so many jobs: others are let in after that many more.
  void began_at_the_cost_of(std::size_t jobs) noexcept {
    least_ = std::max(least_, jobs);
    most_ = std::max(most_, jobs);
  }

  /// Counts a job that is about to be handled. False: it is one for the next slice.
  [[nodiscard]] bool take() noexcept {
    if (taken_ >= most_ || (taken_ >= least_ && lock_.wanted())) return false;
    ++taken_;
    return true;
  }

 private:
  const Lock& lock_;
  std::size_t least_ = kLeast;
  std::size_t most_ = kMost;
  std::size_t taken_ = 0;
};

/// Runs step(slice) under the project's lock again and again while it returns true; lets others in
/// between, and calls between() without the lock.
template <typename Step, typename Between>
void in_slices(Project& project, Step step, Between between) {
  for (bool more = true; more; project.mutex().let_others_in()) {
    {
      const std::scoped_lock lock(project.mutex());
      Slice slice(project.mutex());
      more = step(slice);
    }
    between();
  }
}
template <typename Step>
void in_slices(Project& project, Step step) {
  in_slices(project, step, [] {});
}

}  // namespace purgatory::memory
