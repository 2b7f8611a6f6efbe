// When a rule lets a job go, to the millisecond.

#include "core/retention/compiled_policy.hpp"
#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using namespace retention_test;

constexpr milliseconds kMs{1};

CompiledPolicy keep_for(milliseconds time, milliseconds min_age = minutes(10)) {
  return CompiledPolicy({.min_age = min_age, .rules = {{.name = "all", .keep_for = time}}});
}

FailedJob failed(Time when) {
  FailedJob job = a_job();
  job.failed_at = when;
  return job;
}

TEST_CASE("the first rule that matches stamps a job with its name") {
  const CompiledPolicy policy(
      {.rules = {{.name = "no", .match = {.project = {"depot"}}, .keep_for = hours(1)},
                 {.name = "first", .match = {.project = {"shop"}}, .keep_for = hours(2)},
                 {.name = "second", .keep_for = hours(3)}}});
  const Stamp stamp = policy.stamp(a_job(), kNow);
  CHECK(stamp.rule == "first");
  CHECK(stamp.purge_after == kNow + hours(2));
  CHECK(stamp.rule_hold.empty());
  CHECK_FALSE(stamp.not_before);
}

TEST_CASE("what no rule matches has an empty stamp") {
  const CompiledPolicy policy({.rules = {{.name = "no", .match = {.project = {"depot"}}}}});
  CHECK(policy.stamp(a_job(), kNow) == Stamp{});
  CHECK(CompiledPolicy({}).stamp(a_job(), kNow) == Stamp{});
}

TEST_CASE("a rule without keep_for keeps for ever") {
  const CompiledPolicy policy({.rules = {{.name = "all"}}});
  CHECK(policy.stamp(a_job(), kNow).rule == "all");
  CHECK_FALSE(policy.stamp(a_job(), kNow).purge_after);
}

TEST_CASE("a rule that holds writes why, and no date") {
  const CompiledPolicy policy({.rules = {{.name = "all", .hold = "finance keeps these"}}});
  const Stamp stamp = policy.stamp(a_job(), kNow);
  CHECK(stamp.rule_hold == "finance keeps these");
  CHECK_FALSE(stamp.purge_after);
}

TEST_CASE("keep_for counts from when the job failed") {
  CHECK(keep_for(hours(24)).stamp(failed(kNow - hours(5)), kNow).purge_after == kNow + hours(19));
}

TEST_CASE("a job that claims to fail later is kept from when it was recorded") {
  const Time in_2099{std::chrono::sys_days{std::chrono::year{2099} / 1 / 1}};
  CHECK(keep_for(hours(24)).stamp(failed(in_2099), kNow).purge_after == kNow + hours(24));
  CHECK(keep_for(hours(24)).stamp(failed(kNow + kMs), kNow).purge_after == kNow + hours(24));
}

TEST_CASE("what arrives late is not gone on arrival") {
  CHECK(keep_for(hours(24)).stamp(failed(kNow - hours(240)), kNow).purge_after ==
        kNow + minutes(10));
  CHECK(keep_for(hours(24)).stamp(failed(Time{}), kNow).purge_after == kNow + minutes(10));
}

TEST_CASE("min_age begins to matter a millisecond after it does not") {
  const CompiledPolicy policy = keep_for(hours(1));
  const milliseconds left = minutes(10);
  CHECK(policy.stamp(failed(kNow - hours(1) + left + kMs), kNow).purge_after == kNow + left + kMs);
  CHECK(policy.stamp(failed(kNow - hours(1) + left), kNow).purge_after == kNow + left);
  CHECK(policy.stamp(failed(kNow - hours(1) + left - kMs), kNow).purge_after == kNow + left);
}

TEST_CASE("keep_for 0 and min_age 0: due at once, and not before") {
  const Stamp stamp = keep_for(milliseconds(0), milliseconds(0)).stamp(failed(kNow), kNow);
  CHECK(stamp.purge_after == kNow);
}

TEST_CASE("a stored job is stamped by when it was recorded, and keeps what restore wrote") {
  StoredJob stored;
  stored.job = failed(kNow - hours(100));
  stored.recorded_at = kNow - hours(2);
  stored.retention.stamp.not_before = kNow + hours(3);
  const Stamp stamp = keep_for(hours(24)).stamp(stored);
  CHECK(stamp.purge_after == kNow - hours(2) + minutes(10));
  CHECK(stamp.not_before == kNow + hours(3));
}

}  // namespace
}  // namespace purgatory::retention
