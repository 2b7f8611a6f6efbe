// What a change of the policy would purge at once is counted before anything is written.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

/// A guard with small limits.
constexpr Config::Retention::Guard kGuard{
    .max_fraction = 50, .min_jobs = 10, .max_jobs = 100, .clock_jump = hours(24)};

/// A service with that guard, unless the test changes it.
Service::Change guarded(const Policy& policy, const Config::Retention::Guard& guard = kGuard) {
  return [policy, guard](Config& config) {
    with_policy(policy)(config);
    config.retention.guard = guard;
    config.purger.every = milliseconds(1);  // and ten times that for the caps
  };
}

std::string said(const RunResult& result) {
  return result.guard ? std::string(to_string(result.guard->code())) + ": " + result.guard->what()
                      : "nothing";
}

/// Of 20 jobs the first 12 failed before the others by this much.
void record_twenty(Service& service, seconds gap) {
  std::vector<NewJob> jobs = numbered_jobs(20);
  for (std::size_t i = 12; i < jobs.size(); ++i) {
    jobs[i].fields.failed_at += gap;
  }
  service.record(jobs);
}

TEST_CASE("a change that would purge 60 percent is refused, while what is due goes") {
  Service service(guarded(keep_all_for(minutes(50), "long")));
  service.record(a_job("due").failed_at(-3000));
  record_twenty(service, seconds(900));
  service->reload(keep_all_for(minutes(10), "short"));
  const RunResult result = service->run_due();

  CHECK(result.state == State::done);
  CHECK(result.purged == 1);
  CHECK(said(result) ==
        "guard: the change of the policy would purge 12 of 21 jobs of project 'shop' at once "
        "(retention.guard: max_fraction is 50%, beyond min_jobs 10): nothing goes sooner than it "
        "did, and no cap is lowered; to allow it: purgatory policy activate --override-guard, or "
        "FailedJobs::activate_policy with override_guard");
  CHECK(service.live().size() == 20);
  CHECK(service.ear().metric("purgatory_guard_refused") == 1);
  CHECK(service.ear().events(LogEvent::Level::error) ==
        std::vector<std::string>{std::string("guard_refused why=") + result.guard->what()});

  SECTION("it stays so, and is said once in the log") {
    const RunResult again = service->run_due();
    CHECK(said(again) == said(result));
    CHECK(again.restamped == 0);
    CHECK(service.ear().events(LogEvent::Level::error).size() == 1);
  }
  SECTION("jobs go when their old stamp lets them, not sooner") {
    service.advance(minutes(40));
    CHECK(service->run_due().purged == 12);
    CHECK(service.live().size() == 8);
  }
  SECTION("what is recorded meanwhile is stamped by the new policy") {
    service.record(a_job("new").failed_at(1000));
    service.advance(minutes(10));
    CHECK(service->run_due().purged == 1);
  }
  SECTION("overriding it applies the change") {
    CHECK(service->activate_policy(kAlice, {.override_guard = true}).guard_overridden);
    const RunResult overridden = service->run_due();
    CHECK(said(overridden) == "nothing");
    CHECK(overridden.purged == 12);
    CHECK(service.ear().metric("purgatory_guard_refused") == 0);
    CHECK(service->active_policy()->guard_overridden);
  }
  SECTION("another process is as careful, until it is overridden") {
    service.advance(minutes(1));  // the lease
    Config config;
    config.retention.guard = kGuard;
    Rival rival(service, keep_all_for(minutes(10), "short"), config);
    CHECK(said(rival.run()) == said(result));
    service->activate_policy(kAlice, {.override_guard = true});
    CHECK(rival.run().purged == 12);
  }
  SECTION("a guard that allows more lets it pass") {
    service.advance(minutes(1));
    Config config;
    config.retention.guard = kGuard;
    config.retention.guard.max_fraction = 60;
    Rival rival(service, keep_all_for(minutes(10), "short"), config);
    CHECK(rival.run().purged == 12);
  }
  SECTION("going back to the old policy is no change") {
    service->reload(keep_all_for(minutes(50), "long"));
    const RunResult back = service->run_due();
    CHECK(said(back) == "nothing");
    CHECK(back.purged == 0);
  }
  SECTION("overriding is for one policy: the next change is guarded again") {
    service->activate_policy(kAlice, {.override_guard = true});
    REQUIRE(service->run_due().purged == 12);
    service.record(numbered_jobs(20, "g"));
    service->reload(keep_all_for(minutes(49), "long"));
    REQUIRE(said(service->run_due()) == "nothing");
    service->reload(keep_all_for(minutes(5), "short"));
    CHECK(said(service->run_due()) != "nothing");
  }
}

TEST_CASE("what only lengthens is written although the rest is refused") {
  Policy before = keep_all_for(minutes(50), "all");
  Service service(guarded(before));
  record_twenty(service, seconds(900));
  service.record({a_job("vip").job_type("vip")});
  Policy after = keep_all_for(minutes(10), "all");
  after.rules.insert(after.rules.begin(),
                     Rule{.name = "vip", .match = {.job_type = {"vip"}}, .keep_for = hours(99)});
  service->reload(after);
  const RunResult result = service->run_due();
  CHECK(said(result) != "nothing");
  CHECK(result.restamped == 1);
  CHECK(service.store().get("vip").retention.stamp.rule == "vip");
}

TEST_CASE("a small project is no matter for the guard, and half of one neither") {
  Service service(guarded(keep_all_for(hours(10))));
  std::size_t jobs = 0;
  std::uint64_t purged = 0;
  SECTION("min_jobs") { jobs = purged = 10; }
  SECTION("max_fraction") {
    service.record(numbered_jobs(22, "g"));
    for (NewJob job : numbered_jobs(22)) service.record(job.failed_at(990));
    purged = 22;
  }
  service.record(numbered_jobs(jobs));
  service->reload(keep_all_for(minutes(10), "short"));
  const RunResult result = service->run_due();
  CHECK(said(result) == "nothing");
  CHECK(result.purged == purged);
}

TEST_CASE("max_jobs counts those of all projects") {
  Service service(guarded(keep_all_for(hours(10))));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 12; ++i) {
    for (NewJob job : numbered_jobs(10)) jobs.push_back(job.project(numbered("p", i)));
  }
  service.record(jobs);
  service->reload(keep_all_for(minutes(10), "short"));
  const RunResult result = service->run_due();
  CHECK_THAT(said(result), Catch::Contains("would purge 120 jobs at once (retention.guard: "
                                           "max_jobs is 100)"));
  CHECK(result.purged == 0);
}

TEST_CASE("a lowered cap is guarded as a rule is") {
  Policy policy;
  policy.caps = {{.keep_last = 30}};
  Service service(guarded(policy));
  service.record(numbered_jobs(30));
  REQUIRE(said(service->run_due()) == "nothing");
  policy.caps = {{.keep_last = 5}};
  service->reload(policy);
  const RunResult refused = service->run_due();
  CHECK_THAT(said(refused), Catch::Contains("would purge 25 of 30 jobs of project 'shop'"));
  CHECK(refused.evicted == 0);
  service.record(a_job("z").failed_at(900));
  CHECK(service.live().size() == 30);  // a record takes no more than it brings

  service->activate_policy(kAlice, {.override_guard = true});
  CHECK(service->run_due().evicted == 25);
}

TEST_CASE("a rule's hold that ends is guarded, as caps may take what it held") {
  Policy before;
  before.rules = {{.name = "held", .hold = "audit"}};
  before.caps = {{.keep_last = 5}};
  Service service(guarded(before));
  service.record(numbered_jobs(30));
  REQUIRE(said(service->run_due()) == "nothing");
  Policy after = before;
  after.rules = {{.name = "kept"}};
  after.rules[0].keep_for = GENERATE(std::optional<milliseconds>(), hours(9999));
  service->reload(after);
  CHECK_THAT(service->plan().guard, Catch::Contains("would purge 25 of 30 jobs"));
  CHECK(service->plan().over_caps == 25);
  const RunResult refused = service->run_due();
  CHECK_THAT(said(refused), Catch::Contains("would purge 25 of 30 jobs"));
  CHECK(refused.evicted == 0);
  CHECK(service->partitions(kProject).partitions.at(0).held == 30);
  service->activate_policy(kAlice, {.override_guard = true});
  CHECK(service->run_due().evicted == 25);
}

TEST_CASE("a hold that ends where the cap has room is nothing to the guard") {
  Policy before;
  before.rules = {{.name = "held", .hold = "audit"}};
  before.caps = {{.keep_last = 100}};
  Service service(guarded(before));
  service.record(numbered_jobs(30));
  service->run_due();
  Policy after = before;
  after.rules = {{.name = "kept"}};
  service->reload(after);
  CHECK(service->plan().guard.empty());
  CHECK(said(service->run_due()) == "nothing");
  CHECK(service->partitions(kProject).partitions.at(0).held == 0);
}

TEST_CASE("what a new policy holds is no matter for its caps, nor for the guard") {
  Service service(guarded({}));
  service.record(numbered_jobs(30));
  Policy policy;
  policy.rules = {{.name = "held", .hold = "audit"}};
  policy.caps = {{.keep_last = 2}};
  service->reload(policy);
  CHECK(service->plan().guard.empty());
  const RunResult result = service->run_due();
  CHECK(said(result) == "nothing");
  CHECK(result.evicted == 0);
}

TEST_CASE("where nothing changed a plan is refused by no guard") {
  Policy policy;
  policy.rules = {{.name = "kept"}};
  policy.caps = {{.keep_last = 2}};
  Service service(guarded(policy));
  service.record(numbered_jobs(2));
  for (const char* id : {"0000", "0001"}) service.store().hold(id);
  service.record(numbered_jobs(14, "g"));
  service->run_due();
  std::vector<NewJob> jobs = numbered_jobs(30);
  for (NewJob& job : jobs) service.store().record(job.failed_at(900));  // by no cap
  const Plan plan = service->plan();
  CHECK(plan.over_caps == 26);
  CHECK(plan.guard.empty());
}

TEST_CASE("what a plan says of jobs that a rule still holds") {
  Service service(with_policy({.rules = {{.name = "held", .hold = "audit"}}}));
  service.record(numbered_jobs(30));
  Policy after = keep_all_for(minutes(10));
  after.caps = {{.max_bytes = 1024}};
  service->reload(after);
  const Plan plan = service->plan();
  CHECK(plan.jobs == 30);
  CHECK(plan.over_caps == 0);
}

TEST_CASE("a project that cannot be counted is taken to go whole, and keeps no other waiting") {
  Service service(guarded(keep_all_for(hours(10))));
  service.record(numbered_jobs(30));
  service.record(a_job("a").project("zoo"));
  service->run_due();
  service->reload(keep_all_for(hours(20), "longer"));
  int damaged = GENERATE(1, 2);  // its jobs alone, or its counters, too
  CAPTURE(damaged);
  const std::string expected = damaged == 1
                                   ? "would purge 30 of 30 jobs of project 'shop'"
                                   : "of project 'shop' cannot be counted, as it is damaged";
  std::function<void()> fail = [&] {
    if (--damaged > 0) service.meanwhile(fail);
    throw Error(ErrorCode::corrupt, "a damaged job");
  };
  service.after("projects", 2, [&] { service.meanwhile(fail); });
  REQUIRE(service->run_due().state == State::failed);
  const RunResult result = service->run_due();
  CHECK_THAT(said(result), Catch::Contains(expected));
  CHECK(service.live().size() == 30);
  CHECK(service->find("zoo", "", "a")->retention.stamp.rule == "longer");

  service->activate_policy(kAlice, {.override_guard = true});
  CHECK(said(service->run_due()) == "nothing");
  CHECK(service.store().get("0000").retention.stamp.rule == "longer");
}

TEST_CASE("while a change is refused, trash is freed and holds are released") {
  Service service(guarded(keep_all_for(hours(10))));
  record_twenty(service, seconds(900));
  service->run_due();
  service.record(a_job("x").group("g"));
  service->purge(in_group("g"), kAlice, {.undo_window = milliseconds(0)});
  service->hold(kProject, "", "0019",
                {.actor = "ann", .reason = "", .until = service.now() + minutes(1)});
  service->reload(keep_all_for(minutes(10), "short"));
  service.advance(minutes(1));
  const RunResult result = service->run_due();
  CHECK(result.guard);
  CHECK(result.freed == 1);
  CHECK(result.released == 1);
}

TEST_CASE("a quiet group that runs dry is none of the guard's business") {
  Service service(guarded(keep_all_for(minutes(30))));
  service.record(numbered_jobs(50));
  REQUIRE(service->run_due().purged == 0);
  service.advance(minutes(30));
  const RunResult result = service->run_due();
  CHECK(said(result) == "nothing");
  CHECK(result.purged == 50);
}

TEST_CASE("the count goes on where a purger stopped, also in another one") {
  Service service(guarded(keep_all_for(hours(10)), kNoGuard));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 5; ++i) {
    for (NewJob job : numbered_jobs(300)) jobs.push_back(job.project(numbered("p", i)));
  }
  service.record(jobs);
  service->run_due();
  service.advance(minutes(1));
  Config config = unguarded();
  config.retention.guard.max_jobs = 1499;
  config.purger.lease = milliseconds(1);
  std::string last = "nothing";
  int runs = 0;
  for (; last == "nothing"; ++runs) {
    Rival rival(service, keep_all_for(minutes(10), "short"), config);
    last = said(rival.run_slices(2));
    service.advance(seconds(1));
    REQUIRE(runs < 100);
  }
  CHECK(runs > 5);
  CHECK_THAT(last, Catch::Contains("would purge 1500 jobs at once"));
  CHECK(service->count(Everything{}) == 1500);
}

TEST_CASE("a clock that jumps stops the purger until somebody confirms it, or it is right again") {
  Service service(guarded(keep_all_for(hours(10))));
  service.record(numbered_jobs(3));
  service->purge(in_group("none"), kAlice);
  REQUIRE(service->run_due().state == State::done);
  const Receipt purged = service->purge(project_level(), kAlice);
  service.record(numbered_jobs(2));
  service.advance(hours(49));

  const RunResult result = service->run_due();
  CHECK(result.state == State::failed);
  CHECK_THAT(said(result), Catch::StartsWith("guard: the clock jumped ahead by 2.0 days "
                                             "(retention.guard.clock_jump): nothing is purged or "
                                             "freed"));
  REQUIRE(result.error);
  CHECK(result.error->code() == ErrorCode::guard);
  CHECK(result.purged + result.freed == 0);
  CHECK(service.live().size() == 2);
  CHECK(service->run_due().state == State::failed);

  SECTION("it is set right") {
    service.advance(-hours(49));
    CHECK(service->run_due().state == State::done);
    CHECK(service->restore(kProject, purged.purge_id).restored == 1);
  }
  SECTION("somebody confirms it") {
    service->activate_policy(kAlice, {.override_guard = true});
    const RunResult confirmed = service->run_due();
    CHECK(confirmed.state == State::done);
    CHECK(confirmed.purged == 2);
    CHECK(confirmed.freed == 3);
  }
  SECTION("a new process takes the clock as it is") {
    Config config;
    config.retention.guard = kGuard;
    Rival rival(service, keep_all_for(hours(10)), config);
    CHECK(rival.run().purged == 2);
  }
}

TEST_CASE("a clock that jumps in the middle of a run ends it") {
  Service service(guarded(keep_all_for(milliseconds(0))));
  service.record(numbered_jobs(3000));
  service.after("remove", 1, [&] { service.advance(hours(72)); });
  const RunResult result = service->run_due();
  CHECK(result.state == State::failed);
  CHECK_THAT(said(result), Catch::Contains("the clock jumped ahead by 3.0 days"));
  CHECK(result.purged < 3000);
}

TEST_CASE("a clock that jumps back stops the purger as well") {
  Service service(guarded(keep_all_for(milliseconds(0))));
  service->run_due();
  service.advance(-hours(72));
  CHECK_THAT(said(service->run_due()), Catch::Contains("the clock jumped back by 3.0 days"));
}

TEST_CASE("overriding the guard before a jump does not confirm the clock after it") {
  Service service(guarded(keep_all_for(hours(10))));
  service.record(numbered_jobs(3));
  service->activate_policy(kAlice, {.override_guard = true});
  REQUIRE(service->run_due().state == State::done);
  service.advance(hours(48));
  CHECK(service->run_due().state == State::failed);
}

}  // namespace
}  // namespace purgatory::purger_test
