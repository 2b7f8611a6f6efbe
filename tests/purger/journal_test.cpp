// Who purged what, when and why.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

TEST_CASE("what a rule purges within an hour shares an entry, which names the rule") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b").group("g")});
  service->run_due();
  service.advance(minutes(10));
  service.record(a_job("c"));
  service->run_due();

  const JournalEntry entry = service.entry();
  CHECK(entry.purge_id == "age-all-20240101T00Z");
  CHECK(entry.actor == "policy");
  CHECK(entry.reason == "age");
  CHECK(entry.rule == "all");
  CHECK(entry.jobs == 3);
  CHECK(entry.scope == whole_project());
  CHECK(entry.undo_until == at(0) + hours(2));
}

TEST_CASE("the next hour, another rule and another project have entries of their own") {
  Service service(with_policy(
      {.min_age = milliseconds(0),
       .rules = {{.name = "one", .match = {.error_code = {"E1"}}, .keep_for = minutes(10)},
                 {.name = "two", .keep_for = minutes(10)}}}));
  service.record({jobs_with_code(1, "E1")[0], a_job("b"), a_job("c").project("depot")});
  service->run_due();
  service.advance(hours(1));
  service.record(a_job("d"));
  service->run_due();

  IdSet ids;
  for (const JournalEntry& entry : service.journal()) ids.insert(entry.purge_id);
  CHECK(ids == IdSet{"age-one-20240101T00Z", "age-two-20240101T00Z", "age-two-20240101T01Z"});
  CHECK(service.entry("depot").purge_id == "age-two-20240101T00Z");
}

TEST_CASE("what is purged after a restore has another entry in the same hour") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(a_job("a"));
  service->run_due();
  service->restore(kProject, service.entry().purge_id);
  service.record(a_job("b"));
  service->run_due();

  const auto journal = service.journal();
  REQUIRE(journal.size() == 2);
  CHECK(journal[0].purge_id == "age-all-20240101T00Z-2");
  CHECK(journal[0].jobs == 1);
  CHECK(journal[1].restored == 1);
}

TEST_CASE("what is purged after the hour's trash was emptied has its whole undo window") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(a_job("a"));
  service->run_due();
  service->expire(kProject, service.entry().purge_id);
  service.record(a_job("b"));
  service->run_due();
  const auto journal = service.journal();
  REQUIRE(journal.size() == 2);
  CHECK(journal[0].purge_id == "age-all-20240101T00Z-2");
  CHECK(journal[0].undo_until == at(0) + hours(2));
}

TEST_CASE("a purge that a caller names has its own entry") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b").failed_at(900)});
  service->run_due();
  service->purge(project_level(), kAlice, {.reason = "cleaning up"});

  const auto journal = service.journal();
  REQUIRE(journal.size() == 2);
  const bool first = journal[0].reason == "cleaning up";
  CHECK(journal[first ? 0 : 1].actor == "alice");
  CHECK(journal[first ? 1 : 0].actor == "policy");
}

TEST_CASE("a run that purges nothing leaves no entry") {
  Service service(with_policy(keep_all_for(hours(10))));
  service.record(numbered_jobs(3));
  service->run_due();
  CHECK(service.journal().empty());
}

TEST_CASE("each purged or evicted job is counted once") {
  Policy policy = keep_all_for(minutes(10));
  policy.caps = {{.keep_last = 5}};
  Service service(with_policy(policy));
  std::uint64_t evicted = 0;
  std::uint64_t purged = 0;
  for (std::size_t round = 0; round < 4; ++round) {
    evicted += service.record(numbered_jobs(20)).evicted;
    purged += service->run_due().purged;
    service.advance(minutes(20));
  }
  std::uint64_t counted_purged = 0;
  std::uint64_t counted_evicted = 0;
  for (const JournalEntry& entry : service.journal()) {
    (entry.reason == "caps" ? counted_evicted : counted_purged) += entry.jobs;
  }
  CHECK(counted_purged == purged);
  CHECK(counted_evicted == evicted);
  CHECK(purged + evicted == 80);
}

TEST_CASE("the journal keeps entries as long as it should, with and without a policy") {
  const bool has_policy = GENERATE(true, false);
  const Service::Change change = [&](Config& config) {
    with_policy(has_policy ? keep_all_for(minutes(10)) : Policy{})(config);
    config.retention.journal_keep_for = hours(24);
    config.purger.every = milliseconds(1);  // each run looks after it
  };
  Service service(change);
  service.record(a_job("a"));
  has_policy ? (void)service->run_due() : (void)service->purge(project_level(), kAlice);
  REQUIRE(service.journal().size() == 1);
  const Time purged_at = service.entry().at;
  service.advance(purged_at + hours(24) - service.now());
  const auto run_until_tidied = [&] {
    for (int i = 0; i < 3; ++i) {
      const auto next = std::chrono::steady_clock::now() + milliseconds(11);
      while (std::chrono::steady_clock::now() < next) continue;
      service->run_due();
    }
  };
  run_until_tidied();
  CHECK(service.journal().size() == 1);
  service.advance(milliseconds(1));
  run_until_tidied();
  CHECK(service.journal().empty());
}

}  // namespace
}  // namespace purgatory::purger_test
