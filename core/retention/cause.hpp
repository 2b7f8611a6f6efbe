#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/host/observe.hpp"

namespace purgatory::retention {

/// Why jobs are purged.
struct Cause {
  std::string_view reason;  ///< A constant: "age", "resolved", "caps", "scope", "selection".
  std::string rule{};       ///< The rule that asks for it; empty: none.

  friend auto operator<=>(const Cause&, const Cause&) = default;
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
