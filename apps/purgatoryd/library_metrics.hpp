#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "purgatory/host.hpp"

namespace purgatory::server {

/// What the library observes: each of its calls of the store is one observation, so one is cheap.
/// Any thread may call.
class LibraryMetrics {
 public:
  /// `registry` must outlive it.
  explicit LibraryMetrics(prometheus::Registry& registry);

  /// One that Prometheus has no form for (a plugin may observe anything) is left out.
  void observe(const Metric& metric);

 private:
  struct Nothing {};
  /// One metric with its labels; it lives as long as the registry.
  using Series =
      std::variant<Nothing, prometheus::Counter*, prometheus::Gauge*, prometheus::Histogram*>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const noexcept {
      return std::hash<std::string_view>()(key);
    }
  };

  [[nodiscard]] Series find(const Metric& metric);
  [[nodiscard]] Series make(const Metric& metric);

  prometheus::Registry& registry_;
  std::mutex mutex_;
  std::unordered_map<std::string, Series, Hash, std::equal_to<>> series_;  ///< By mutex_.
};

}  // namespace purgatory::server
