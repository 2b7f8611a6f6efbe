#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

namespace purgatory::memory {

/// A mutex whose user can let those in who wait. A plain one is unfair: who unlocks and locks again
/// at once mostly wins, so work in slices would hold others up from its first slice to its last.
class Lock {
 public:
  void lock() {
    waiting_.fetch_add(1, std::memory_order_relaxed);
    mutex_.lock();
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    taken_.fetch_add(1, std::memory_order_relaxed);
  }
  void unlock() { mutex_.unlock(); }

  /// Called without the lock: returns once somebody had it who waits now, or nobody waits, or those
  /// who wait do not get to run.
  void let_others_in() const {
    constexpr int kPatience = 1000;
    const std::uint64_t taken = taken_.load(std::memory_order_relaxed);
    for (int i = 0; i < kPatience && waiting_.load(std::memory_order_relaxed) > 0 &&
                    taken_.load(std::memory_order_relaxed) == taken;
         ++i) {
      std::this_thread::yield();
    }
  }

 private:
  std::mutex mutex_;
  std::atomic<std::uint32_t> waiting_{0};
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace purgatory::memory
