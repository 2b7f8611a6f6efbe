// Work is done in slices: within a budget, in turns, and it ends soon after it shall.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

TEST_CASE("a run whose time is over says that more is left, and the next one goes on") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  service.record(numbered_jobs(1500));
  RunResult result = service->run_due({.time_budget = milliseconds(0)});
  CHECK(result.state == State::more);
  std::uint64_t purged = result.purged;
  int runs = 0;
  do {
    result = service->run_due({.time_budget = milliseconds(1)});
    purged += result.purged;
    ++runs;
  } while (result.state == State::more);
  CHECK(result.state == State::done);
  CHECK(purged == 1500);
}

TEST_CASE("a run ends after the slice in which it is stopped") {
  Service service(with_policy({}));
  service.record(numbered_jobs(3000));
  Rival purger(service, keep_all_for(milliseconds(0)));
  CHECK(purger.run_slices(0).purged == 0);
  std::uint64_t purged = 0;
  int purging_runs = 0;
  while (purged < 3000) {
    const RunResult result = purger.run_slices(1);
    CHECK(result.purged <= kMaxJobsPerCall);
    purged += result.purged;
    if (result.purged > 0) ++purging_runs;
  }
  CHECK(purging_runs > 3);
}

TEST_CASE("a project with very many due jobs keeps no other waiting") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  std::vector<NewJob> jobs;
  for (NewJob job : numbered_jobs(3000)) jobs.push_back(job.project("large"));
  for (std::size_t i = 0; i < 5; ++i) jobs.push_back(a_job("a").project(numbered("small", i)));
  service.record(jobs);
  Rival purger(service, keep_all_for(milliseconds(0)));
  purger.run_slices(0);
  purger.run_slices(8);
  std::size_t left = 0;
  for (std::size_t i = 0; i < 5; ++i) left += service.live(numbered("small", i)).size();
  CHECK(left == 0);
  CHECK(service.store().count(Scope::project("large")) > 0);
}

TEST_CASE("runs that are cut short give each project its turn") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 8; ++i) {
    for (NewJob job : numbered_jobs(200)) jobs.push_back(job.project(numbered("p", i)));
  }
  service.record(jobs);
  service->run_due({.time_budget = milliseconds(0)});
  service->stop();
  Rival purger(service, keep_all_for(milliseconds(0)));
  while (purger.run_slices(1).purged == 0) continue;
  for (int i = 0; i < 7; ++i) purger.run_slices(1);
  for (std::size_t i = 0; i < 8; ++i) {
    INFO(i);
    CHECK(service.live(numbered("p", i)).size() < 200);
  }
}

TEST_CASE("runs of one slice look at the caps of all projects, and end") {
  Service service(with_policy({.caps = {{.keep_last = 10}}}));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 20; ++i) {
    for (NewJob job : numbered_jobs(10)) jobs.push_back(job.project(numbered("p", i)));
  }
  service.record(jobs);
  Rival purger(service, {.caps = {{.keep_last = 1}}});
  std::uint64_t evicted = 0;
  RunResult result;
  int runs = 0;
  do {
    REQUIRE(++runs < 200);
    result = purger.run_slices(1);
    evicted += result.evicted;
  } while (result.state == State::more);
  CHECK(result.state == State::done);
  CHECK(evicted == 180);
}

TEST_CASE("a run does a slice also if its time is over before it has found what to do") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  service.record(a_job("a"));
  service->run_due();
  service.record(a_job("b"));
  CHECK(service->run_due({.time_budget = milliseconds(0)}).purged == 1);
}

TEST_CASE("a policy that is reloaded ends the run of the one before it") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  service.record(numbered_jobs(3000));
  service.after("remove", 1, [&] { service->reload(keep_all_for(hours(10), "longer")); });
  const RunResult result = service->run_due();
  CHECK(result.state == State::more);
  CHECK(result.purged < 3000);
  CHECK(service->run_due().purged == 0);
  CHECK(service.store().count() == 3000 - result.purged);
}

TEST_CASE("a callback of the host may use the purger") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  service.record(numbered_jobs(100));
  RunResult inner;
  service.after("remove", 1, [&] {
    inner = service->run_due();
    service->stop();
  });
  CHECK(service->run_due().purged == 100);
  CHECK(inner.state == State::not_leader);
}

TEST_CASE("a large purge is removed in calls that are not too large") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  std::vector<NewJob> jobs;
  for (const NewJob& job : numbered_jobs(40)) jobs.push_back(NewJob(job).payload_bytes(500'000));
  service.record(jobs);
  const RunResult result = service->run_due();
  CHECK(result.state == State::done);
  CHECK(result.purged == 40);
}

}  // namespace
}  // namespace purgatory::purger_test
