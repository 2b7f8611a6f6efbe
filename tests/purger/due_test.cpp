// What a run takes, what it leaves, and what it says.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

Policy three_rules() {
  return {.min_age = milliseconds(0),
          .rules = {{.name = "held", .match = {.job_type = {"pay"}}, .hold = "audit"},
                    {.name = "short", .match = {.error_code = {"E1"}}, .keep_for = minutes(10)},
                    {.name = "long", .match = {.error_code = {"E2"}}, .keep_for = hours(10)}}};
}

TEST_CASE("a run purges what is due, by rule, and nothing else") {
  Service service(with_policy(three_rules()));
  std::vector<NewJob> jobs = jobs_with_code(3, "E1");
  for (NewJob job : jobs_with_code(2, "E2")) jobs.push_back(job.group("g"));
  jobs.push_back(a_job("held").job_type("pay"));
  jobs.push_back(a_job("none"));
  service.record(jobs);
  const RunResult result = service->run_due();

  CHECK(result.state == State::done);
  CHECK(result.purged == 3);
  CHECK(result.evicted + result.released + result.restamped + result.changed + result.freed == 0);
  CHECK_FALSE(result.error);
  CHECK(service.live() == IdSet{"0000", "0001", "held", "none"});
  CHECK(service.store().live(in_group("g")) == IdSet{"0000", "0001"});

  service.advance(hours(100));
  CHECK(service->run_due().purged == 2);
  CHECK(service.live() == IdSet{"held", "none"});
}

TEST_CASE("what was purged can be restored, and the next run leaves it for an undo window") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  REQUIRE(service->run_due().purged == 3);
  const std::string purge_id = service.entry().purge_id;
  CHECK(service->restore(kProject, purge_id).restored == 3);

  CHECK(service->run_due().purged == 0);
  CHECK(service->explain(service.store().get("0000")) ==
        "Stored since 2024-01-01T00:16:40.000Z; it was restored, so rule 'all' lets it go no "
        "sooner than 2024-01-01T01:16:40.000Z.");
  service.advance(hours(1) - milliseconds(1));
  CHECK(service->run_due().purged == 0);
  service.advance(milliseconds(1));
  CHECK(service->run_due().purged == 3);
}

TEST_CASE("a run frees what is past its undo window") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  service->run_due();
  service.advance(hours(2) - milliseconds(1) - (at(1000) - at(0)));
  CHECK(service->run_due().freed == 0);
  service.advance(milliseconds(1));
  CHECK(service->run_due().freed == 3);
  CHECK(service->trash(kProject).empty());
}

TEST_CASE("without an undo window what is purged is freed by the same run, or the next") {
  Service service(with_policy_and_no_undo(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  CHECK(service->run_due().purged == 3);
  service->run_due();
  CHECK(service->trash(kProject).empty());
  service.record(numbered_jobs(2));
  CHECK(service->run_due().purged == 2);
  CHECK(service.journal().size() == 2);
}

TEST_CASE("a job that is written between being listed and being purged is left") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b")});
  service.after("due", 1,
                [&] { service.store().record(a_job("a").failed_at(990).purge_after(9000)); });
  const RunResult result = service->run_due();
  CHECK(result.purged == 1);
  CHECK(result.changed == 1);
  CHECK(service.live() == IdSet{"a"});
}

TEST_CASE("a person's hold that ran out is released, and the job goes if it is due") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("due"), a_job("young").failed_at(900), a_job("held")});
  service.store().hold("due", {}, at(1500));
  service.store().hold("young", {}, at(1500));
  service.store().hold("held", {}, at(1501));
  CHECK(service->run_due().released == 0);

  service.advance(at(1500) - at(1000));
  const RunResult result = service->run_due();
  CHECK(result.released == 2);
  CHECK(result.purged == 2);
  CHECK(service.live() == IdSet{"held"});
}

TEST_CASE("a job is purged only if its stamp and the policy both say so") {
  Service service(with_policy(keep_all_for(hours(10))));
  SECTION("its stamp is past due, and the policy keeps it") {
    service.store().record(a_job("a").rule("earlier").purge_after(10));
    service.record(a_job("new"));
    const RunResult result = service->run_due();
    CHECK(result.purged == 0);
    CHECK(service.live() == IdSet{"a", "new"});
    CHECK(service.store().get("a").retention.stamp.purge_after == at(0) + hours(10));
    CHECK(service.store().due().empty());
  }
  SECTION("the policy lets it go, and its stamp keeps it until it is restamped") {
    service->run_due();  // what is stored is restamped by now
    service.store().record(a_job("a").rule("other").purge_after(1'000'000));
    service.advance(hours(11));
    CHECK(service->run_due().purged == 0);
  }
}

TEST_CASE("a held job that the policy would purge stays") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b")});
  service.store().hold("a");
  CHECK(service->run_due().purged == 1);
  CHECK(service.live() == IdSet{"a"});
}

TEST_CASE("a run visits each project") {
  Service service(with_policy(keep_all_for(minutes(10))));
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 50; ++i) jobs.push_back(a_job("a").project(numbered("p", i)));
  service.record(jobs);
  CHECK(service->run_due().purged == 50);
}

TEST_CASE("a run that finds nothing to do says so") {
  Service service(with_policy(keep_all_for(hours(10))));
  CHECK(service->run_due().state == State::done);
  service.record(numbered_jobs(3));
  CHECK(service->run_due().state == State::done);
}

TEST_CASE("a service without policy only frees trash, and stands in no other's way") {
  Service service(with_policy({}));
  service.record(numbered_jobs(3));
  service->purge(project_level(), kAlice, {.undo_window = milliseconds(0)});
  const RunResult result = service->run_due();
  CHECK(result.state == State::done);
  CHECK(result.freed == 3);
  CHECK_FALSE(service->active_policy());
}

}  // namespace
}  // namespace purgatory::purger_test
