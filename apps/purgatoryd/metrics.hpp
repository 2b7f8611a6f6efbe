#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>
#include <string_view>

#include "apps/purgatoryd/library_metrics.hpp"
#include "purgatory/host.hpp"

namespace purgatory::server {

/// The figures of the server and of the library in it. Any thread may call.
class Metrics {
 public:
  Metrics();

  /// One of the library's.
  void observe(const Metric& metric) { library_.observe(metric); }
  /// A request that was answered; `call` is empty if it was none of the API's.
  void observe_request(std::string_view method, std::string_view call, unsigned status,
                       std::chrono::steady_clock::duration time);
  /// A connection that was told to come later.
  void observe_refused_connection() { refused_connections_.Increment(); }
  void set_connections(std::size_t number);

  /// All of them in Prometheus' text format 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  prometheus::Registry registry_;
  LibraryMetrics library_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Gauge& connections_;
  prometheus::Counter& refused_connections_;
};

}  // namespace purgatory::server
