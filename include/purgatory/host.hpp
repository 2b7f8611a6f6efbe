#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

namespace purgatory {

/// What the library tells the program that embeds it. The library itself prints nothing.
struct LogEvent {
  enum class Level { debug, info, warning, error };
  struct Field {
    std::string_view key;
    std::string_view value;
  };

  Level level = Level::info;
  std::string_view event;         ///< A stable name in snake_case: "undo_window_cut".
  std::span<const Field> fields;  ///< Borrowed for the time of the callback.
};

/// One observation for a metric of the host's choosing.
struct Metric {
  enum class Kind { counter, gauge, histogram };
  struct Label {
    std::string_view name;
    std::string_view value;
  };

  Kind kind = Kind::counter;
  std::string_view name;          ///< "purgatory_backend_errors_total".
  double value = 1;               ///< Added, set or observed, by kind; times are in seconds.
  std::span<const Label> labels;  ///< Borrowed. Never a project, a group or a job id.
};

/// The callbacks of the host. Any of them may be called by any thread that is inside the library,
/// never while the library holds a lock; they must not throw. The defaults are a real system clock,
/// real randomness, and silence.
struct Host {
  /// The wall clock. It may jump: nothing breaks, and a purge is never early by what it reads.
  std::function<Time()> clock = system_clock;
  /// 64 random bits, used for ids: two processes must not draw the same sequence.
  std::function<std::uint64_t()> random = system_random;
  std::function<void(const LogEvent&)> log = [](const LogEvent&) {};
  /// Empty: nobody listens, and no time is spent on measuring.
  std::function<void(const Metric&)> metric{};

  static Time system_clock();
  static std::uint64_t system_random();
};

/// What every repository call carries: the wall clock, read once, and when the call must have
/// ended.
struct Call {
  Time now;
  std::chrono::steady_clock::time_point deadline;
};

/// Starts a call: reads the host's clock once. `timeout` is how long the call may take; any length
/// is fine.
[[nodiscard]] Call begin_call(const Host& host,
                              std::chrono::milliseconds timeout = std::chrono::seconds(5));

/// A new purge_id: 32 hex digits, 48 bits of the time and 80 random ones, so ids sort by time.
[[nodiscard]] std::string new_purge_id(const Host& host, Time now);

}  // namespace purgatory
