#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "purgatory/config.hpp"

/// Refuses what a change of the policy, or a clock, would suddenly purge.
namespace purgatory::retention {

using GuardSettings = Config::Retention::Guard;

/// What a change of the policy would do at once.
struct Impact {
  std::string project;     ///< Empty: all projects together.
  std::uint64_t jobs = 0;  ///< So many would go.
  std::uint64_t of = 0;    ///< Of so many in the project; of all it does not matter.
  bool counted = true;     ///< False: nobody knows, as the project is damaged.

  friend bool operator==(const Impact&, const Impact&) = default;
};

/// True: that is more than a change of the policy may do at once.
[[nodiscard]] bool exceeds(const GuardSettings& settings, const Impact& impact) noexcept;

/// The refusal, with the numbers and the way to override it.
[[nodiscard]] std::string text_of(const GuardSettings& settings, const Impact& impact);

/// Whether the wall clock goes as time does. Pure: it is told both. Time that the process slept or
/// was stopped has passed on both, so it is no jump.
class ClockWatch {
 public:
  using Passed = std::chrono::milliseconds;

  explicit ClockWatch(Passed limit) : limit_(limit) {}

  /// How far the wall clock is ahead of (negative: behind) where it should be by the time that
  /// passed since it was looked at last; absent: within the limit.
  [[nodiscard]] std::optional<Passed> jump(Time wall, Passed since_boot) noexcept;
  /// From now on the wall clock is right as it is.
  void accept(Time wall, Passed since_boot) noexcept { offset_ = offset(wall, since_boot); }

  /// The time since the machine was started, sleep included.
  [[nodiscard]] static Passed since_boot() noexcept;

 private:
  [[nodiscard]] static Passed offset(Time wall, Passed since_boot) noexcept {
    return wall.time_since_epoch() - since_boot;
  }

  Passed limit_;
  std::optional<Passed> offset_;
};

/// Why nothing is purged after a jump, and the way to go on.
[[nodiscard]] std::string text_of_jump(ClockWatch::Passed jump);

}  // namespace purgatory::retention
