// Caps: exact by the call that records, applied by the purger when they are lowered.

#include <algorithm>

#include "tests/contract/threads.hpp"
#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

Policy keep_last(std::uint64_t jobs) { return {.caps = {{.keep_last = jobs}}}; }

IdSet newest(std::size_t count, std::size_t of) {
  IdSet ids;
  for (std::size_t i = of - count; i < of; ++i) ids.insert(contract::four_digits(i));
  return ids;
}

TEST_CASE("a cap keeps the newest of each partition") {
  Service service(with_policy(keep_last(2)));
  std::vector<NewJob> jobs = numbered_jobs(5);
  for (const NewJob& job : numbered_jobs(5, "g")) jobs.push_back(job);
  for (NewJob job : numbered_jobs(5)) jobs.push_back(job.project("depot"));
  const RecordResult result = service.record(jobs);

  CHECK(result.inserted == 15);
  CHECK(result.evicted == 9);
  REQUIRE(result.evictions.size() == 1);
  CHECK(result.evictions[0].reason == "count");
  CHECK(result.evictions[0].jobs == 9);
  CHECK(service.store().live(project_level()) == newest(2, 5));
  CHECK(service.store().live(in_group("g")) == newest(2, 5));
  CHECK(service.live("depot") == newest(2, 5));
}

TEST_CASE(
    "evictions are counted by rule, in one entry of the journal each hour, and not restored") {
  Policy policy = keep_last(1);
  policy.rules = {{.name = "e1", .match = {.error_code = {"E1"}}}, {.name = "rest"}};
  Service service(with_policy(policy));
  std::vector<NewJob> jobs = numbered_jobs(4);
  jobs[0].fields.error_code = jobs[2].fields.error_code = "E1";
  for (const NewJob& job : jobs) service.record(job);

  const JournalEntry entry = service.entry();
  CHECK(entry.purge_id == "caps-20240101T00Z");
  CHECK(entry.reason == "caps");
  CHECK(entry.actor == "policy");
  CHECK(entry.jobs == 3);
  REQUIRE(entry.evictions.size() == 2);
  CHECK(entry.evictions[0].rule == "e1");
  CHECK(entry.evictions[0].jobs == 2);
  CHECK(entry.evictions[1].rule == "rest");
  CHECK(entry.evictions[1].jobs == 1);
  CHECK(code_of([&] { service->restore(kProject, entry.purge_id); }) == ErrorCode::not_found);

  service.advance(hours(1));
  service.record(a_job("later").failed_at(5000));
  CHECK(service.journal().front().purge_id == "caps-20240101T01Z");
}

TEST_CASE("a cap is exact with many threads") {
  const auto bound = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{100});
  constexpr std::size_t kJobs = 1200;
  constexpr std::size_t kPerCall = 3;
  Service service(with_policy(keep_last(bound)));
  std::vector<NewJob> jobs = numbered_jobs(kJobs);
  // A prime that does not divide kJobs: each job comes up once.
  const auto at_turn = [&](std::size_t turn) { return jobs[turn * 7919 % kJobs]; };
  std::atomic<std::uint64_t> evicted{0};
  std::atomic<bool> exceeded{false};
  contract::run_together(contract::kThreads, [&](std::size_t thread) {
    for (std::size_t first = thread * kPerCall; first < kJobs;
         first += contract::kThreads * kPerCall) {
      std::vector<NewJob> some;
      for (std::size_t i = first; i < first + kPerCall; ++i) some.push_back(at_turn(i));
      evicted += service.record(some).evicted;
      if (service.store().count() > bound) exceeded = true;
    }
  });
  CHECK(service.live() == newest(bound, kJobs));
  CHECK(evicted == kJobs - bound);
  CHECK_FALSE(exceeded);
}

TEST_CASE("a bound of bytes evicts by its own reason") {
  Service service(with_policy({.caps = {{.max_bytes = 2048}}}));
  for (const NewJob& job : numbered_jobs(5)) service.record(NewJob(job).payload_bytes(500));
  CHECK(service.store().live() == newest(3, 5));
  CHECK(service.entry().evictions.at(0).reason == "bytes");
}

TEST_CASE("a job that is larger than its cap is refused before anything is recorded") {
  Service service(with_policy({.caps = {{.group = {"g"}, .max_bytes = 1024}}}));
  CHECK(error_of([&] {
          service.record({a_job("a").project("before"), a_job("b").group("g").payload_bytes(1000)});
        }) ==
        "invalid_argument: jobs[1]: record: a job of 1070 bytes is larger than the bound of "
        "its group, 1024 bytes");
  CHECK(service.live("before").empty());
}

TEST_CASE("caps neither count nor take what a rule holds") {
  Policy policy = keep_last(2);
  policy.rules = {{.name = "held", .match = {.job_type = {"pay"}}, .hold = "audit"}};
  Service service(with_policy(policy));
  service.record({a_job("held 1").job_type("pay"), a_job("held 2").job_type("pay")});
  for (const NewJob& job : numbered_jobs(4)) service.record(job);
  CHECK(service.live() == IdSet{"0002", "0003", "held 1", "held 2"});
}

TEST_CASE("the purger takes nothing by a cap that the same new policy holds") {
  Service service(with_policy({}));
  std::vector<NewJob> jobs = numbered_jobs(5);
  for (std::size_t i : {0U, 1U, 2U}) jobs[i].job_type("pay");
  service.record(jobs);
  Policy policy = keep_last(1);
  policy.rules = {{.name = "held", .match = {.job_type = {"pay"}}, .hold = "audit"}};
  service->reload(policy);
  const RunResult result = service->run_due();
  CHECK(result.state == State::done);
  CHECK(result.evicted == 1);
  CHECK(service.live() == IdSet{"0000", "0001", "0002", "0004"});
}

TEST_CASE("a lowered cap is applied by the purger, not by who records") {
  Service service(with_policy(keep_last(2000)));
  service.record(numbered_jobs(2000));
  service->reload(keep_last(10));
  service.record(a_job("newest").failed_at(9000));
  CHECK(service.store().count() == 2000);

  const RunResult result = service->run_due();
  CHECK(result.state == State::done);
  CHECK(result.evicted == 1990);
  IdSet expected = newest(9, 2000);
  expected.insert("newest");
  CHECK(service.live() == expected);
}

TEST_CASE("the purger applies both bounds, in as many partitions as there are") {
  Service service(with_policy({}));
  std::vector<NewJob> jobs;
  for (std::size_t group = 0; group < 100; ++group) {
    for (const NewJob& job : numbered_jobs(5, numbered("g", group))) {
      jobs.push_back(NewJob(job).payload_bytes(300));
    }
  }
  service.record(jobs);
  service->reload({.caps = {{.group = {"g1*"}, .max_bytes = 1024}, {.keep_last = 1}}});
  CHECK(service->run_due().state == State::done);

  for (const PartitionInfo& info : service->partitions(kProject).partitions) {
    INFO(info.group);
    CHECK(info.jobs == (info.group.starts_with("g1") ? 2 : 1));
  }
}

TEST_CASE("what a released hold makes too many is evicted by the purger") {
  Service service(with_policy(keep_last(2)));
  service.record(numbered_jobs(2));
  service.store().hold("0000");
  service.record(a_job("0002").failed_at(2));
  service.store().release("0000");
  CHECK(service.store().count() == 3);
  CHECK(service->run_due().evicted == 1);
  CHECK(service.live() == newest(2, 3));
}

TEST_CASE("held bytes keep the purger from nothing") {
  Service service(with_policy({}));
  std::vector<NewJob> jobs;
  for (std::size_t group = 0; group < 70; ++group) {
    jobs.push_back(a_job("held").group(numbered("g", group)).payload_bytes(3000));
  }
  for (const NewJob& job : numbered_jobs(5, "z")) jobs.push_back(NewJob(job).payload_bytes(300));
  service.record(jobs);
  for (std::size_t group = 0; group < 70; ++group) {
    service.store().hold("held", numbered("g", group));
  }
  service->reload({.caps = {{.max_bytes = 1024}}});
  CHECK(service->run_due().evicted == 3);
  CHECK(service.store().count() == 72);
}

TEST_CASE("restore does not exceed a cap") {
  Service service(with_policy(keep_last(3)));
  std::vector<NewJob> jobs = numbered_jobs(3);
  for (const NewJob& job : numbered_jobs(3, "g")) jobs.push_back(job);
  service.record(jobs);
  const Receipt receipt = service->purge(whole_project(), kAlice);
  service.record({a_job("new").failed_at(100), a_job("new").group("g").failed_at(100)});

  const RestoreResult result = service->restore(kProject, receipt.purge_id);
  CHECK(result.restored == 4);
  CHECK(result.refused == 2);
  CHECK(service.store().live(project_level()) == IdSet{"0001", "0002", "new"});
  CHECK(service.store().live(in_group("g")) == IdSet{"0001", "0002", "new"});
}

}  // namespace
}  // namespace purgatory::purger_test
