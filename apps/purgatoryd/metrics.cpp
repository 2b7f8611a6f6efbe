#include "apps/purgatoryd/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace purgatory::server {
namespace {

const prometheus::Histogram::BucketBoundaries seconds_buckets{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

/// Other methods are of no call here, and what clients make up is no label.
std::string method_label(std::string_view method) {
  constexpr std::array<std::string_view, 3> kMethods{"GET", "HEAD", "DELETE"};
  return std::ranges::find(kMethods, method) == kMethods.end() ? "other" : std::string(method);
}

}  // namespace

Metrics::Metrics()
    : library_(registry_),
      requests_(prometheus::BuildCounter()
                    .Name("purgatory_http_requests_total")
                    .Help("Requests that were answered.")
                    .Register(registry_)),
      durations_(prometheus::BuildHistogram()
                     .Name("purgatory_http_request_duration_seconds")
                     .Help("From a request's last byte until its answer was made.")
                     .Register(registry_)),
      connections_(prometheus::BuildGauge()
                       .Name("purgatory_http_connections")
                       .Help("Open connections of the API.")
                       .Register(registry_)
                       .Add({})),
      refused_connections_(prometheus::BuildCounter()
                               .Name("purgatory_http_refused_connections_total")
                               .Help("Connections that were told to come later.")
                               .Register(registry_)
                               .Add({})) {}

void Metrics::observe_request(std::string_view method, std::string_view call, unsigned status,
                              std::chrono::steady_clock::duration time) {
  requests_
      .Add({{"method", method_label(method)},
            {"call", std::string(call)},
            {"status", std::to_string(status)}})
      .Increment();
  durations_.Add({{"call", std::string(call)}}, seconds_buckets)
      .Observe(std::chrono::duration<double>(time).count());
}

void Metrics::set_connections(std::size_t number) { connections_.Set(static_cast<double>(number)); }

std::string Metrics::text() const {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, registry_.Collect());
  return text.str();
}

}  // namespace purgatory::server
