#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

namespace purgatory::memory {

/// A mutex whose user can let those in who wait. A plain one is unfair: who unlocks and locks again
/// at once mostly wins, so work in slices would hold others up from its first slice to its last.
/// Whoever waits tries for a while before sleeping: it takes longer to be woken than to be let in.
class Lock {
 public:
  void lock() {
    if (!mutex_.try_lock()) {
      waiting_.fetch_add(1, std::memory_order_relaxed);
      if (!try_for_a_while()) mutex_.lock();
      waiting_.fetch_sub(1, std::memory_order_relaxed);
    }
    held_.store(true, std::memory_order_relaxed);
    taken_.fetch_add(1, std::memory_order_relaxed);
  }
  void unlock() {
    held_.store(false, std::memory_order_relaxed);
    mutex_.unlock();
  }

  [[nodiscard]] bool wanted() const noexcept {
    return waiting_.load(std::memory_order_relaxed) > 0;
  }

  /// Called without the lock: returns once somebody had it who waits now, or nobody waits, or those
  /// who wait do not get to run.
  void let_others_in() const {
    constexpr int kPatience = 1000;
    const std::uint64_t taken = taken_.load(std::memory_order_relaxed);
    for (int i = 0; i < kPatience && wanted() && taken_.load(std::memory_order_relaxed) == taken;
         ++i) {
      std::this_thread::yield();
    }
  }

 private:
  bool try_for_a_while() {
    constexpr int kTries = 100'000;  // longer than a slice
    for (int i = 0; i < kTries; ++i) {
      // Looks before it tries: each try takes the mutex's cache line away from who holds it.
      if (!held_.load(std::memory_order_relaxed) && mutex_.try_lock()) return true;
    }
    return false;
  }

  std::mutex mutex_;
  std::atomic<bool> held_{false};
  std::atomic<std::uint32_t> waiting_{0};
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace purgatory::memory
