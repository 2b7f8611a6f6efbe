#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace purgatory::benchmarks {

/// How long calls took, in buckets that are 3 % wide: adding costs nothing that could be seen in
/// what is measured.
class Latencies {
 public:
  void add(std::chrono::nanoseconds time) noexcept;
  void add(const Latencies& others) noexcept;

  [[nodiscard]] std::uint64_t calls() const noexcept { return calls_; }
  [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return max_; }
  /// The time that this share of the calls did not exceed; 0.999 is p99.9.
  [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept;

 private:
  static constexpr std::size_t kStepsPerOctave = 32;
  static constexpr std::size_t kOctaves = 44;  // up to five hours

  std::array<std::uint64_t, kStepsPerOctave * kOctaves> buckets_{};
  std::uint64_t calls_ = 0;
  std::chrono::nanoseconds max_{};
};

}  // namespace purgatory::benchmarks
