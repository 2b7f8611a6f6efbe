#pragma once

#include <atomic>
#include <cstdint>

namespace purgatory::memory {

/// How many bytes the store takes, and how many it may. Any thread.
class Space {
 public:
  explicit Space(std::uint64_t max_bytes) noexcept : max_bytes_(max_bytes) {}

  /// Takes room for new data; false if there is not enough.
  [[nodiscard]] bool try_charge(std::uint64_t bytes) noexcept {
    std::uint64_t used = used_.load(std::memory_order_relaxed);
    do {
      if (bytes > max_bytes_ || used > max_bytes_ - bytes) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }

  /// Takes room for what must not fail: a purge works on a full store, too.
  void charge(std::uint64_t bytes) noexcept { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void release(std::uint64_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  [[nodiscard]] std::uint64_t used() const noexcept {
    return used_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t max_bytes() const noexcept { return max_bytes_; }

 private:
  std::uint64_t max_bytes_;
  std::atomic<std::uint64_t> used_{0};
};

}  // namespace purgatory::memory
