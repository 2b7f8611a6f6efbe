#include "benchmarks/policy_store.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace purgatory::benchmarks {

PolicyStore::PolicyStore(std::string_view backend, Policy policy) {
  Config config;
  config.repository.backend = backend;
  config.repository.timeout = std::chrono::minutes(1);
  config.retention.policy = std::move(policy);
  config.retention.guard.clock_jump = std::chrono::hours(24 * 36'500);  // the benchmark moves it
  if (backend == "memory") {
    config.repository.options.set("max_bytes", std::int64_t{1} << 40);
  } else {
    config.repository.options.set("path", (directory_.path() / "purgatory.db").string());
    config.repository.options.set("durability", "full");
  }
  Host host;
  host.clock = [this] { return clock_.load(); };
  jobs_ = std::make_unique<FailedJobs>(FailedJobs::open(config, std::move(host)));
}

void PolicyStore::record(std::span<const Sample> samples) {
  std::vector<FailedJob> jobs;
  jobs.reserve(samples.size());
  for (const Sample& sample : samples) jobs.push_back(sample.job);
  jobs_->record(jobs);
}

bool PolicyStore::find(std::string_view project, std::string_view group, std::string_view job_id) {
  return jobs_->find(project, group, job_id).has_value();
}

std::size_t PolicyStore::page(const Query& query, std::size_t limit) {
  const Scope scope =
      query.group ? Scope::group(query.project, *query.group) : Scope::project(query.project);
  return jobs_->list({scope, {}}, {}, limit).items.size();
}

Policy policy_of(std::size_t rules) {
  Policy policy;
  for (std::size_t i = 0; i + 1 < rules; ++i) {
    Rule rule{.name = fmt::format("rule-{}", i)};
    switch (i % 4) {
      case 0: rule.match.error_code = {fmt::format("E{}*", i), "TIMEOUT-*"}; break;
      case 1:
        rule.match = {.project = {"tenant-*"}, .job_type = {fmt::format("none.{}", i)}};
        break;
      case 2: rule.match.fail_reason = {fmt::format("*reason number {}*", i)}; break;
      default: rule.match.labels = {{"region", {fmt::format("nowhere-{}", i)}}}; break;
    }
    rule.keep_for = std::chrono::hours(1);
    policy.rules.push_back(std::move(rule));
  }
  policy.rules.push_back({.name = "everything-else", .keep_for = std::chrono::hours(24)});
  return policy;
}

}  // namespace purgatory::benchmarks
