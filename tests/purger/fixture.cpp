#include "tests/purger/fixture.hpp"

#include <utility>

namespace purgatory::purger_test {

Policy keep_all_for(milliseconds time, const std::string& name) {
  return {.min_age = milliseconds(0), .rules = {{.name = name, .keep_for = time}}};
}

Filter stamped_by(std::string rule) {
  Filter filter;
  filter.rule = std::move(rule);
  return filter;
}

Config unguarded() {
  Config config;
  config.retention.guard = kNoGuard;
  return config;
}

Service::Change with_policy(Policy policy) {
  return [policy = std::move(policy)](Config& config) {
    config.retention.policy = policy;
    config.retention.undo_window = hours(1);
    config.retention.guard = kNoGuard;
    config.purger.time_budget = minutes(1);  // a slow machine is no failure
  };
}

Service::Change with_policy_and_no_undo(Policy policy) {
  return [change = with_policy(std::move(policy))](Config& config) {
    change(config);
    config.retention.undo_window = milliseconds(0);
  };
}

Rival::Rival(Service& service, Policy policy, const Config& config)
    : service_(service),
      store_{service->repository(), host_, [this] { return service_->begin_call(); }},
      archiver_(store_, config.retention.archives),
      policy_(std::make_shared<retention::CompiledPolicy>(std::move(policy))),
      purger_(store_, purges_, archiver_, config) {}

RunResult Rival::run(bool activate) {
  return purger_.run(policy_, {.time_budget = minutes(1), .activate = activate},
                     [] { return false; });
}

RunResult Rival::run_slices(int slices) {
  return purger_.run(policy_, {.time_budget = minutes(1)}, [&] { return slices-- <= 0; });
}

}  // namespace purgatory::purger_test
