// What is stored follows the active policy.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

IdSet rules_of(const Service& service) {
  IdSet rules;
  for (const StoredJob& stored : service.store().list()) rules.insert(stored.retention.stamp.rule);
  return rules;
}

TEST_CASE("a longer rule protects at once") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  service->reload(keep_all_for(hours(10), "longer"));
  const RunResult result = service->run_due();
  CHECK(result.purged == 0);
  CHECK(result.restamped == 3);
  CHECK(rules_of(service) == IdSet{"longer"});
  CHECK(service.store().due().empty());
}

TEST_CASE("a shorter rule bites, by the same run that restamps") {
  Service service(with_policy(keep_all_for(hours(10))));
  service.record(numbered_jobs(3));
  service->run_due();
  service->reload(keep_all_for(minutes(10), "shorter"));
  const RunResult result = service->run_due();
  CHECK(result.restamped == 3);
  CHECK(result.purged == 3);
  CHECK(service.entry().rule == "shorter");
}

TEST_CASE("what was stored before there was a policy is stamped by the first one") {
  Service service(with_policy({}));
  service.record(numbered_jobs(3));
  service->reload(keep_all_for(minutes(10)));
  CHECK(service->run_due().purged == 3);
}

TEST_CASE("a rule that begins to hold, and one that ends") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  service->reload({.rules = {{.name = "held", .hold = "audit"}}});
  CHECK(service->run_due().purged == 0);
  CHECK(service->partitions(kProject).partitions.at(0).held == 3);
  service->reload(keep_all_for(minutes(10)));
  CHECK(service->run_due().purged == 3);
}

TEST_CASE("restamping goes through every project and group, and then rests") {
  Service service(with_policy({}));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 30; ++i) {
    for (NewJob job : numbered_jobs(7, numbered("g", i % 4))) {
      jobs.push_back(job.project(numbered("p", i)));
    }
  }
  service.record(jobs);
  service->reload(keep_all_for(hours(10), "new"));
  CHECK(service->run_due().restamped == 210);
  CHECK(service->run_due().restamped == 0);
  for (const std::string& project : service->projects()) {
    for (const StoredJob& stored : service->list({Scope::project(project), {}}).items) {
      CHECK(stored.retention.stamp.rule == "new");
    }
  }
}

TEST_CASE("a project that came since the last change is restamped by the next one") {
  Service service(with_policy(keep_all_for(hours(1), "first")));
  service.record({a_job("a").project("p1"), a_job("a").project("p3")});
  service->reload(keep_all_for(hours(2), "second"));
  REQUIRE(service->run_due().restamped == 2);
  service.record(a_job("a").project("p2"));
  service->reload(keep_all_for(hours(3), "third"));
  CHECK(service->run_due().restamped == 3);
}

TEST_CASE("a run that is cut short is gone on with by the next one, also by another purger") {
  Service service(with_policy({}));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 5; ++i) {
    for (NewJob job : numbered_jobs(300)) jobs.push_back(job.project(numbered("p", i)));
  }
  service.record(jobs);
  service->reload(keep_all_for(hours(10), "new"));
  service->activate_policy(kAlice);

  std::uint64_t restamped = 0;
  int runs = 0;
  for (; restamped < 1500; ++runs) {
    // Each run is of a purger that knows nothing of the others, and ends after a slice or two.
    Config config = unguarded();
    config.purger.lease = milliseconds(1);
    Rival rival(service, keep_all_for(hours(10), "new"), config);
    restamped += rival.run_slices(2).restamped;
    service.advance(seconds(1));
    REQUIRE(runs < 100);
  }
  CHECK(restamped == 1500);
  CHECK(runs > 5);
}

TEST_CASE("another policy in the middle of restamping begins it anew") {
  Service service(with_policy(keep_all_for(minutes(30), "old")));
  service.record(numbered_jobs(500));
  Rival first(service, keep_all_for(hours(1), "first"));
  first.run_slices(2);
  REQUIRE(rules_of(service) == IdSet{"old", "first"});
  service.advance(minutes(1));  // the lease
  Rival second(service, keep_all_for(hours(2), "second"));
  CHECK(second.run().state == State::done);
  CHECK(rules_of(service) == IdSet{"second"});
  service.advance(minutes(1));
  service->reload(keep_all_for(hours(1), "first"));
  CHECK(service->run_due().restamped == 500);
  CHECK(rules_of(service) == IdSet{"first"});
}

TEST_CASE("a job that changes while it is restamped is restamped as it is then") {
  Service service(with_policy({}));
  service.record(numbered_jobs(3));
  service->reload(keep_all_for(hours(10), "new"));
  service.after("list", 1, [&] {
    service.store().record(a_job("0001").failed_at(500).rule("of another policy"));
    service.store().hold("0002");
  });
  service->run_due();
  CHECK(rules_of(service) == IdSet{"new"});
  CHECK(service.store().get("0001").retention.stamp.purge_after == at(500) + hours(10));
  CHECK(service.store().get("0002").retention.hold.has_value());
}

TEST_CASE("a project that cannot be restamped keeps the others waiting for nothing") {
  Service service(with_policy(keep_all_for(hours(1), "old")));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 3; ++i) jobs.push_back(a_job("a").project(numbered("p", i)));
  service.record(jobs);
  service->purge(Scope::project("p2"), kAlice, {.undo_window = milliseconds(0)});
  service->reload(keep_all_for(hours(10), "new"));
  service.after("projects", 2, [&] {  // the tasks, then the first project to restamp
    service.meanwhile([] { throw Error(ErrorCode::corrupt, "a damaged job"); });
  });
  const RunResult result = service->run_due();
  CHECK(result.state == State::failed);
  CHECK(result.error->code() == ErrorCode::corrupt);
  CHECK(result.freed == 1);
  service->run_due();
  const auto rule_of = [&](const char* project) {
    return service->find(project, "", "a")->retention.stamp.rule;
  };
  CHECK(rule_of("p0") == "new");  // it is looked at again, and nothing is wrong with it now
  CHECK(rule_of("p1") == "new");
}

TEST_CASE("restamping leaves a person's hold, and what restore wrote") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b")});
  service->run_due();
  service->restore(kProject, service.entry().purge_id);
  service.store().hold("b");
  service->reload(keep_all_for(minutes(5), "new"));
  CHECK(service->run_due().purged == 0);
  const Retention a = service.store().get("a").retention;
  CHECK(a.stamp.rule == "new");
  CHECK(a.stamp.not_before == service.now() + hours(1));
  CHECK(service.store().get("b").retention.hold.has_value());
}

TEST_CASE("jobs with long holds are restamped in calls that are not too large") {
  Service service(with_policy({}));
  service.record(numbered_jobs(200));
  for (const StoredJob& stored : service.store().list()) {
    Retention retention = stored.retention;
    retention.hold = Hold{.actor = "ann", .reason = std::string(60'000, 'x'), .until = {}};
    service.store().restamp(stored, retention);
  }
  service->reload(keep_all_for(hours(10), "new"));
  const RunResult result = service->run_due();
  CHECK(result.state == State::done);
  CHECK(result.restamped == 200);
}

}  // namespace
}  // namespace purgatory::purger_test
