#include <catch2/catch.hpp>

#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;

TEST_CASE("the logical size is 64 and the length of every text") {
  CHECK(logical_bytes(FailedJob{}) == 64);
  for (auto text : {&FailedJob::project, &FailedJob::group, &FailedJob::job_id,
                    &FailedJob::job_type, &FailedJob::resource_type, &FailedJob::resource_id,
                    &FailedJob::resource_name, &FailedJob::failure_status, &FailedJob::error_code,
                    &FailedJob::fail_reason, &FailedJob::payload}) {
    FailedJob job;
    job.*text = std::string(1000, '\0');
    CHECK(logical_bytes(job) == 1064);
  }
  FailedJob labelled;
  labelled.labels = {{"key", "value"}, {"k", ""}};
  CHECK(logical_bytes(labelled) == 64 + 3 + 5 + 1);
}

TEST_CASE("numbers and times are not part of the logical size") {
  FailedJob job;
  job.attempts = 5;
  job.failed_at = at(1'000'000);
  CHECK(logical_bytes(job) == 64);
}

Stamp stamp(std::optional<Time> purge_after, std::optional<Time> not_before = {}) {
  Stamp stamp;
  stamp.purge_after = purge_after;
  stamp.not_before = not_before;
  return stamp;
}

Hold hold(std::optional<Time> until = {}) {
  Hold hold;
  hold.until = until;
  return hold;
}

TEST_CASE("a job is due at purge_after, but not before not_before") {
  CHECK(due_at({}) == std::nullopt);
  CHECK(due_at(stamp(at(5))) == at(5));
  CHECK(due_at(stamp(at(5), at(4))) == at(5));
  CHECK(due_at(stamp(at(5), at(6))) == at(6));
  CHECK(due_at(stamp({}, at(6))) == std::nullopt);
}

TEST_CASE("the next action is when the job is due, or when its hold runs out") {
  const Retention due{stamp(at(5)), {}, {}};
  CHECK(next_action_at({}) == std::nullopt);
  CHECK(next_action_at(due) == at(5));

  Retention by_rule = due;
  by_rule.stamp.rule_hold = "law";
  CHECK(next_action_at(by_rule) == std::nullopt);

  Retention for_ever = due;
  for_ever.hold = hold();
  CHECK(next_action_at(for_ever) == std::nullopt);

  Retention until = due;
  until.hold = hold(at(9));
  CHECK(next_action_at(until) == at(9));
  until.stamp.rule_hold = "law";
  CHECK(next_action_at(until) == at(9));
}

TEST_CASE("a job is held by a person or by its rule") {
  Retention by_rule;
  by_rule.stamp.rule_hold = "law";
  CHECK_FALSE(held(Retention{}));
  CHECK(held(by_rule));
  CHECK(held(Retention{{}, hold(), {}}));
}

TEST_CASE("a reference names the job and its version") {
  StoredJob stored;
  stored.job = unit::sample_job();
  stored.version = 7;
  stored.bytes = 99;
  const JobRef named = ref_of(stored);
  CHECK(named.group == "group");
  CHECK(named.job_id == "job");
  CHECK(named.version == 7);
  CHECK(named.bytes == 99);
}

}  // namespace
}  // namespace purgatory
