#include "apps/purgatoryd/library_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

namespace purgatory::server {
namespace {

struct Help {
  std::string_view name;
  std::string_view text;
};

/// docs/metrics.md says more.
constexpr std::array kHelp{
    Help{"purgatory_jobs", "Failed jobs in the store."},
    Help{"purgatory_bytes", "Logical bytes of the failed jobs in the store."},
    Help{"purgatory_trash_jobs", "Purged jobs that are not freed yet."},
    Help{"purgatory_archive_pending_jobs",
         "Purged jobs past their undo window that wait to be archived; 0 where another process "
         "purges."},
    Help{"purgatory_recorded_total", "Jobs that this process recorded."},
    Help{"purgatory_purged_total", "Jobs that this process purged, by rule and reason."},
    Help{"purgatory_evicted_total", "Jobs that this process evicted because of a cap."},
    Help{"purgatory_purge_lag_seconds",
         "How long the oldest due job was overdue when the last run of the purger began; 0 where "
         "another process purges."},
    Help{"purgatory_last_purge_timestamp_seconds",
         "When this process last completed a run of the purger by its policy."},
    Help{"purgatory_policy_superseded", "1: another policy than this process's is active."},
    Help{"purgatory_guard_refused",
         "1: the guard refuses what this process's policy would purge, or the clock jumped."},
    Help{"purgatory_backend_operation_duration_seconds", "How long calls of the store took."},
    Help{"purgatory_backend_errors_total", "Calls of the store that failed, by code."},
};

std::string help_for(std::string_view name) {
  const auto* found = std::ranges::find(kHelp, name, &Help::name);
  return std::string(found == kHelp.end() ? "A figure of the store's backend." : found->text);
}

/// A call of the store takes from a microsecond, in memory, up to `repository.timeout`.
const prometheus::Histogram::BucketBoundaries& buckets() {
  static const prometheus::Histogram::BucketBoundaries seconds{
      1e-6, 2.5e-6, 5e-6,  1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3,
      5e-3, 0.01,   0.025, 0.05, 0.1,    0.25, 0.5,  1,      2.5,  5,    10};
  return seconds;
}

prometheus::Labels labels_of(const Metric& metric) {
  prometheus::Labels labels;
  for (const Metric::Label& label : metric.labels) labels.emplace(label.name, label.value);
  return labels;
}

}  // namespace

LibraryMetrics::LibraryMetrics(prometheus::Registry& registry) : registry_(registry) {
  // A counter without labels is known before it counts: so its first increase is seen as one.
  observe({.kind = Metric::Kind::counter,
           .name = "purgatory_recorded_total",
           .value = 0,
           .labels = {}});
}

void LibraryMetrics::observe(const Metric& metric) {
  struct Observe {
    void operator()(Nothing /*nothing*/) const {}
    void operator()(prometheus::Counter* counter) const { counter->Increment(value); }
    void operator()(prometheus::Gauge* gauge) const { gauge->Set(value); }
    void operator()(prometheus::Histogram* histogram) const { histogram->Observe(value); }
    double value;
  };
  std::visit(Observe{metric.value}, find(metric));
}

/// To build a family and its labels anew costs four times as much.
LibraryMetrics::Series LibraryMetrics::find(const Metric& metric) {
  fmt::basic_memory_buffer<char, 256> key;
  const auto add = [&](std::string_view part) {
    key.append(part);
    key.push_back('\0');
  };
  key.push_back(static_cast<char>('0' + static_cast<int>(metric.kind)));
  add(metric.name);
  for (const Metric::Label& label : metric.labels) {
    add(label.name);
    add(label.value);
  }
  const std::string_view text(key.data(), key.size());
  const std::lock_guard lock(mutex_);
  auto found = series_.find(text);
  if (found == series_.end()) found = series_.emplace(text, make(metric)).first;
  return found->second;
}

LibraryMetrics::Series LibraryMetrics::make(const Metric& metric) try {
  const std::string name(metric.name);
  const std::string help = help_for(name);
  switch (metric.kind) {
    case Metric::Kind::counter:
      return &prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(
          labels_of(metric));
    case Metric::Kind::gauge:
      return &prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(
          labels_of(metric));
    case Metric::Kind::histogram:
      return &prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(
          labels_of(metric), buckets());
  }
  return Nothing();
} catch (const std::exception&) {  // a name that is none, or one of another kind
  return Nothing();
}

}  // namespace purgatory::server
