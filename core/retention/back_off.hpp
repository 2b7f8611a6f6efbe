#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

namespace purgatory::retention {

/// How long a store that fails is left alone: after each failure in a row twice as long.
class BackOff {
 public:
  using Clock = std::chrono::steady_clock;

  explicit BackOff(Clock::duration first) : first_(first), pause_(first) {}

  [[nodiscard]] bool waits(Clock::time_point now) const noexcept {
    return failing_ && now < retry_at_;
  }

  void failed(Clock::time_point now) noexcept {
    pause_ = failing_ ? std::min(2 * pause_, std::max(first_, kLongest)) : first_;
    failing_ = true;
    retry_at_ = now + pause_;
  }
  /// True: it had failed before.
  bool worked() noexcept { return std::exchange(failing_, false); }

 private:
  static constexpr Clock::duration kLongest = std::chrono::minutes(30);

  Clock::duration first_;
  Clock::duration pause_;
  bool failing_ = false;
  Clock::time_point retry_at_{};
};

}  // namespace purgatory::retention
