#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "core/host/observe.hpp"

namespace purgatory::retention {

/// Why jobs are purged.
struct Cause {
  std::string_view reason;  ///< A constant: "age", "resolved", "caps", "scope", "selection".
  std::string rule{};       ///< The rule that asks for it; empty: none.

  friend bool operator<(const Cause& left, const Cause& right) noexcept {
    return std::tie(left.reason, left.rule) < std::tie(right.reason, right.rule);
  }
};

inline constexpr std::string_view kAge = "age";
inline constexpr std::string_view kResolved = "resolved";
inline constexpr std::string_view kCaps = "caps";
inline constexpr std::string_view kScope = "scope";
inline constexpr std::string_view kSelection = "selection";

/// Tells the host's metrics of it.
inline void observe_purge(const Host& host, std::uint64_t jobs, const Cause& cause) {
  observe(host, Metric::Kind::counter, "purgatory_purged_total", static_cast<double>(jobs),
          {{"rule", cause.rule}, {"reason", cause.reason}});
}

}  // namespace purgatory::retention
