#include "tests/server/purging.hpp"

#include <fmt/format.h>

#include <chrono>

#include "purgatory/failed_jobs.hpp"

namespace purgatory::server_test {
namespace {

constexpr std::string_view kPurger =
    "purger: { every: 50ms, jitter: 0%, time_budget: 1h, slice: 5ms, lease: 1s }\n";

}  // namespace

Settings with_purger(std::string_view sections) {
  return {.sections = fmt::format("{}{}", kPurger, sections)};
}

Settings failing_store(std::string_view way, std::string_view sections) {
  return {.repository = fmt::format("{{ backend: failing, failing: {{ way: {} }} }}", way),
          .sections = fmt::format("{}plugins: {{ path: [{}] }}\n{}", kPurger,
                                  PURGATORY_SERVER_PLUGINS, sections)};
}

void wait_for_a_run(const Server& server) {
  // A run ends with the figures of the store; of two ends one is that of a run which began later.
  const std::string ends =
      "purgatory_backend_operation_duration_seconds_count{backend=\"file\",operation=\"stats\"}";
  const double before = server.metric(ends);
  cli_run::wait_until("another run of the purger",
                      [&] { return server.metric(ends) >= before + 2; });
}

ActivePolicy activate_another(const Sandbox& box) {
  Config config = Config::load(box / "purgatory.yaml");
  config.retention.policy.rules = {{.name = "all", .keep_for = std::chrono::hours(1)}};
  return FailedJobs::open(config).activate_policy(Actor{"tess"});
}

}  // namespace purgatory::server_test
