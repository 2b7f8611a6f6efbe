// What a host learns: metrics and events.

#include <algorithm>

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

bool has_event(const Service& service, std::string_view text) {
  return std::ranges::count(service.ear().events(), text) > 0;
}

std::string of_backend(std::string_view name, Service& service) {
  return std::string(name) + "{backend=" + std::string(service.jobs().repository().backend()) + "}";
}

TEST_CASE("what is recorded, evicted and purged is counted, by rule and reason") {
  Policy policy{.min_age = milliseconds(0),
                .rules = {{.name = "one", .match = {.error_code = {"E1"}}, .keep_for = minutes(10)},
                          {.name = "two"}},
                .caps = {{.group = {"g"}, .keep_last = 1}}};
  Service service(with_policy(policy));
  service.record(jobs_with_code(3, "E1"));
  service.record({a_job("a").group("g"), a_job("b").group("g")});
  service.record(a_job("0000").failed_at(-5));  // stale
  service->run_due();
  service->purge(in_group("g"), kAlice);
  service.record({a_job("x"), a_job("y")});
  service->purge({project_level(), stamped_by("two")}, kAlice);

  const Ear& ear = service.ear();
  CHECK(ear.metric("purgatory_recorded_total") == 7);
  CHECK(ear.metric("purgatory_evicted_total{rule=two,reason=count}") == 1);
  CHECK(ear.metric("purgatory_purged_total{rule=one,reason=age}") == 3);
  CHECK(ear.metric("purgatory_purged_total{rule=,reason=scope}") == 1);
  CHECK(ear.metric("purgatory_purged_total{rule=,reason=selection}") == 2);
}

TEST_CASE("what a lowered cap takes is counted, too") {
  Service service(with_policy({}));
  service.record(numbered_jobs(5));
  service->reload({.caps = {{.keep_last = 2}}});
  service->run_due();
  CHECK(service.ear().metric("purgatory_evicted_total{rule=,reason=count}") == 3);
}

TEST_CASE("a run tells what the store holds, how late it is and when it ran") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b").failed_at(900)});
  service.advance(seconds(7));
  service->run_due();
  const Ear& ear = service.ear();
  CHECK(ear.metric(of_backend("purgatory_jobs", service)) == 1);
  CHECK(ear.metric(of_backend("purgatory_bytes", service)) ==
        static_cast<double>(service.store().get("b").bytes));
  CHECK(ear.metric("purgatory_trash_jobs") == 1);
  CHECK(ear.metric("purgatory_purge_lag_seconds") == 7);
  CHECK(ear.metric("purgatory_last_purge_timestamp_seconds") ==
        std::chrono::duration<double>(service.now().time_since_epoch()).count());
  CHECK(ear.metric("purgatory_policy_superseded") == 0);
  CHECK(has_event(service, "policy_activated hash=" + service->policy().hash() +
                               " actor=purger guard=in force"));
  CHECK(has_event(service,
                  "purger_ran purged=1 evicted=0 released=0 restamped=0 changed=0 archived=0 "
                  "freed=0"));

  service->run_due();
  CHECK(ear.metric("purgatory_purge_lag_seconds") == 0);
}

TEST_CASE("a run that does nothing is said to who listens closely alone") {
  Service service(with_policy({}));
  service->run_due();
  const std::string text =
      "purger_ran purged=0 evicted=0 released=0 restamped=0 changed=0 archived=0 freed=0";
  CHECK_FALSE(has_event(service, text));
  CHECK(std::ranges::count(service.ear().events(LogEvent::Level::debug), text) == 1);
}

TEST_CASE("a superseded purger says so once, and what it sees") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  Rival rival(service, keep_all_for(hours(1), "rival"));
  rival.run();
  service->run_due();
  service->run_due();
  CHECK(service.ear().metric("purgatory_policy_superseded") == 1);
  const std::string text = "policy_superseded hash=" + service->policy().hash() +
                           " active=" + keep_all_for(hours(1), "rival").hash() +
                           " activated_by=purger";
  CHECK(std::ranges::count(service.ear().events(), text) == 1);

  service->activate_policy(kAlice);
  service->run_due();
  CHECK(service.ear().metric("purgatory_policy_superseded") == 0);
}

TEST_CASE("a policy that nobody applies is said once") {
  Service service([](Config& config) {
    with_policy(keep_all_for(minutes(10)))(config);
    config.purger.every = milliseconds(1);
  });
  const std::string text =
      "policy_not_applied why=neither start() nor run_due() was called: nothing is purged by the "
      "policy";
  const auto count = [&] { return std::ranges::count(service.ear().events(), text); };
  const auto end = std::chrono::steady_clock::now() + minutes(1);
  while (count() == 0 && std::chrono::steady_clock::now() < end) service.record(a_job("a"));
  CHECK(count() == 1);
  service.record(a_job("a"));
  CHECK(count() == 1);
}

TEST_CASE("a policy that somebody applies, or that is empty, is not said to be forgotten") {
  const bool applied = GENERATE(true, false);
  Service service([&](Config& config) {
    with_policy(applied ? keep_all_for(minutes(10)) : Policy{})(config);
    config.purger.every = milliseconds(1);
  });
  if (applied) service->run_due();
  const auto end = std::chrono::steady_clock::now() + milliseconds(20);
  while (std::chrono::steady_clock::now() < end) service.record(a_job("a"));
  for (const std::string& event : service.ear().events()) {
    CHECK_FALSE(event.starts_with("policy_not_applied"));
  }
}

TEST_CASE("warnings about the configuration are passed to the host") {
  Service service(
      [](Config& config) { config.warnings = {"purgatory.yaml:3:1: rules: something"}; });
  CHECK(has_event(service, "config_warning warning=purgatory.yaml:3:1: rules: something"));
}

}  // namespace
}  // namespace purgatory::purger_test
