// The library's metrics in the text that the admin port has.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <initializer_list>
#include <regex>
#include <thread>
#include <vector>

#include "apps/purgatoryd/metrics.hpp"
#include "tests/cli/run/write_lock.hpp"
#include "tests/server/purging.hpp"

namespace purgatory::server_test {
namespace {

using cli_run::contains;
using Kind = Metric::Kind;
using Labels = std::initializer_list<Metric::Label>;

void observe(server::Metrics& metrics, Kind kind, std::string_view name, double value,
             Labels labels = {}) {
  metrics.observe({.kind = kind, .name = name, .value = value, .labels = labels});
}

bool has_line(const server::Metrics& metrics, const std::string& line) {
  return contains("\n" + metrics.text(), fmt::format("\n{}\n", line));
}

/// The names of the metrics that docs/metrics.md lists.
std::vector<std::string> documented_metrics() {
  std::ifstream file(PURGATORY_METRICS_DOCUMENT);
  std::vector<std::string> names;
  static const std::regex row(R"(\| `(purgatory_[a-z_]+)[{`].*)");
  std::smatch found;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, found, row)) names.push_back(found[1]);
  }
  return names;
}

/// The line of a page that begins like this, up to its value.
bool has_series(const std::string& page, const std::string& series) {
  return contains("\n" + page, fmt::format("\n{} ", series));
}

}  // namespace

TEST_CASE("observations of one name and the same labels are one line") {
  server::Metrics metrics;
  for (int i = 0; i < 3; ++i) {
    observe(metrics, Kind::counter, "a_total", 2, {{"rule", "x"}, {"reason", "age"}});
    observe(metrics, Kind::gauge, "a", i, {{"backend", "file"}});
  }
  observe(metrics, Kind::counter, "a_total", 1, {{"rule", "x"}, {"reason", "count"}});
  observe(metrics, Kind::counter, "a_total", 1, {{"rule", "y"}, {"reason", "age"}});
  CHECK(has_line(metrics, R"(a_total{reason="age",rule="x"} 6)"));
  CHECK(has_line(metrics, R"(a_total{reason="count",rule="x"} 1)"));
  CHECK(has_line(metrics, R"(a_total{reason="age",rule="y"} 1)"));
  CHECK(has_line(metrics, R"(a{backend="file"} 2)"));
  CHECK(has_line(metrics, "# TYPE a_total counter"));
  CHECK(has_line(metrics, "# TYPE a gauge"));
}

TEST_CASE("each metric of the library says what it is") {
  server::Metrics metrics;
  const auto names = documented_metrics();
  CHECK(names.size() == 13);
  for (const std::string& name : names) {
    INFO(name);
    observe(metrics, Kind::gauge, name == "purgatory_recorded_total" ? "other" : name, 1);
    CHECK(contains(metrics.text(), fmt::format("# HELP {} ", name)));
    CHECK_FALSE(has_line(metrics, fmt::format("# HELP {} A figure of the store's backend.", name)));
  }
  CHECK(has_line(metrics, "# HELP other A figure of the store's backend."));
}

TEST_CASE("calls of a store are told apart from microseconds on") {
  server::Metrics metrics;
  const std::string name = "purgatory_backend_operation_duration_seconds";
  for (const double seconds : {5e-7, 4e-6, 8e-6, 3e-5, 0.004, 60.0}) {
    observe(metrics, Kind::histogram, name, seconds, {{"operation", "find"}});
  }
  const auto bucket = [&](std::string_view bound) {
    return fmt::format(R"({}_bucket{{operation="find",le="{}"}})", name, bound);
  };
  CHECK(has_line(metrics, bucket("1e-06") + " 1"));
  CHECK(has_line(metrics, bucket("5e-06") + " 2"));
  CHECK(has_line(metrics, bucket("1e-05") + " 3"));
  CHECK(has_line(metrics, bucket("2.5e-05") + " 3"));
  CHECK(has_line(metrics, bucket("5e-05") + " 4"));
  CHECK(has_line(metrics, bucket("0.005") + " 5"));
  CHECK(has_line(metrics, bucket("10") + " 5"));
  CHECK(has_line(metrics, bucket("+Inf") + " 6"));
}

TEST_CASE("an observation that Prometheus has no form for is left out") {
  server::Metrics metrics;
  observe(metrics, Kind::counter, "twice", 1);
  observe(metrics, Kind::gauge, "twice", 7);
  observe(metrics, Kind::gauge, "no name", 7);
  observe(metrics, Kind::gauge, "", 7);
  observe(metrics, Kind::gauge, "labelled", 7, {{"no name", "x"}});
  observe(metrics, Kind::counter, "twice", 1);
  CHECK(has_line(metrics, "twice 2"));
  CHECK_FALSE(contains(metrics.text(), "no name"));
  CHECK_FALSE(contains(metrics.text(), " 7\n"));
}

TEST_CASE("threads that observe at the same time lose nothing") {
  server::Metrics metrics;
  constexpr int kTimes = 2000;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kTimes; ++n) {
        observe(metrics, Kind::counter, fmt::format("some_{}_total", n % 50), 1, {{"rule", "r"}});
        if (n % 500 == 0) (void)metrics.text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int n = 0; n < 50; ++n) {
    CHECK(has_line(metrics, fmt::format(R"(some_{}_total{{rule="r"}} {})", n, 4 * kTimes / 50)));
  }
}

TEST_CASE("the admin port has all metrics of the library once the purger has worked") {
  const Sandbox box;
  box.fill();
  Settings settings = with_purger(fmt::format(
      "{}  caps:\n    - {{ match: {{ group: payments }}, keep_last: 1 }}\n", kTimeouts));
  settings.repository = "{ backend: file, timeout: 100ms, file: { path: store.db } }";
  const Server server(box, settings);
  cli_run::wait_until("the policy is applied", [&] { return box.count() == 3; });
  {
    const cli_run::WriteLock lock(box / "store.db");
    CHECK(server.ask(request("DELETE", kBatch, an_operator().field())).status == 504);
  }
  wait_for_a_run(server);

  const std::string page = server.admin_page("/metrics");
  INFO(page);
  for (const char* series : {
           R"(purgatory_jobs{backend="file"} 3)",
           "purgatory_trash_jobs 2",
           "purgatory_archive_pending_jobs 0",
           "purgatory_guard_refused 0",
           "purgatory_recorded_total 0",
           R"(purgatory_purged_total{reason="age",rule="timeouts"} 2)",
           R"(purgatory_evicted_total{reason="count",rule="rest"} 1)",
           "purgatory_purge_lag_seconds 0",
           "purgatory_policy_superseded 0",
       }) {
    INFO(series);
    CHECK(contains("\n" + page, fmt::format("\n{}\n", series)));
  }
  for (const char* series : {
           R"(purgatory_bytes{backend="file"})",
           "purgatory_last_purge_timestamp_seconds",
           R"(purgatory_backend_errors_total{backend="file",code="timeout"})",
           R"(purgatory_backend_operation_duration_seconds_count{backend="file",operation="due"})",
       }) {
    INFO(series);
    CHECK(has_series(page, series));
  }
  for (const std::string& name : documented_metrics()) {
    INFO(name);
    CHECK(contains(page, fmt::format("# HELP {} ", name)));
  }
  for (const char* word : {"shop", "payments", "capture", "media"}) {
    INFO(word);
    CHECK_FALSE(contains(page, word));
  }
}

}  // namespace purgatory::server_test
