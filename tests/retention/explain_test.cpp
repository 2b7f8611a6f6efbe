// Each sentence that says why a job is still there.

#include "core/retention/explain.hpp"

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using namespace retention_test;

const Policy kPolicy{
    .rules = {{.name = "payments", .match = {.job_type = {"pay*"}}, .hold = "finance keeps these"},
              {.name = "old", .match = {.job_type = {"old"}}},
              {.name = "rest", .keep_for = hours(24)}}};

/// A job of this type, recorded a day ago and stamped by the policy.
StoredJob stored(const std::string& type) {
  StoredJob stored;
  stored.job = a_job();
  stored.job.job_type = type;
  stored.job.failed_at = stored.recorded_at = kNow - hours(12);
  stored.retention.stamp = CompiledPolicy(kPolicy).stamp(stored);
  return stored;
}

std::string explained(const StoredJob& stored, const Policy& policy = kPolicy) {
  return explain(CompiledPolicy(policy), stored, kNow);
}

TEST_CASE("a rule keeps it") {
  CHECK(explained(stored("any")) ==
        "Stored since 2026-10-31T12:00:00.000Z; rule 'rest' keeps it until "
        "2026-11-01T12:00:00.000Z.");
  CHECK(explained(stored("old")) ==
        "Stored since 2026-10-31T12:00:00.000Z; rule 'old' keeps it for ever.");
}

TEST_CASE("it is due") {
  StoredJob job = stored("any");
  job.job.failed_at = job.recorded_at = kNow - hours(24);
  job.retention.stamp = CompiledPolicy(kPolicy).stamp(job);
  CHECK(explained(job) ==
        "Stored since 2026-10-31T00:00:00.000Z; rule 'rest' lets it go since "
        "2026-11-01T00:00:00.000Z: the next run under this policy takes it.");
}

TEST_CASE("it was restored") {
  StoredJob job = stored("any");
  job.retention.stamp.not_before = kNow + hours(30);
  CHECK(explained(job) ==
        "Stored since 2026-10-31T12:00:00.000Z; it was restored, so rule 'rest' lets it go no "
        "sooner than 2026-11-02T06:00:00.000Z.");
  job.retention.stamp.not_before = kNow;
  CHECK(explained(job) ==
        "Stored since 2026-10-31T12:00:00.000Z; rule 'rest' keeps it until "
        "2026-11-01T12:00:00.000Z.");
}

TEST_CASE("no rule is for it") {
  StoredJob job = stored("any");
  job.retention = {};
  CHECK(explained(job, {}) ==
        "Stored since 2026-10-31T12:00:00.000Z; no rule is for it: it is kept for ever.");
}

TEST_CASE("a rule holds it") {
  CHECK(explained(stored("payment")) ==
        "Stored since 2026-10-31T12:00:00.000Z; rule 'payments' holds it (\"finance keeps "
        "these\"): nothing purges it as long as the policy says so.");
}

TEST_CASE("a person holds it") {
  StoredJob job = stored("any");
  job.retention.hold = Hold{.actor = "ann", .reason = "", .until = {}};
  CHECK(explained(job) ==
        "Stored since 2026-10-31T12:00:00.000Z; ann holds it: nothing purges it before it is "
        "released.");
  job.retention.hold = Hold{.actor = "ann", .reason = "ticket 42", .until = kNow + hours(1)};
  CHECK(explained(job) ==
        "Stored since 2026-10-31T12:00:00.000Z; ann holds it until 2026-11-01T01:00:00.000Z "
        "(\"ticket 42\"): nothing purges it before.");
}

TEST_CASE("the policy has changed since it was stamped") {
  CHECK(explained(stored("any"), {.rules = {{.name = "long", .keep_for = hours(48)}}}) ==
        "Stored since 2026-10-31T12:00:00.000Z; rule 'rest' keeps it until "
        "2026-11-01T12:00:00.000Z; by the policy at hand, rule 'long' keeps it until "
        "2026-11-02T12:00:00.000Z.");
}

}  // namespace
}  // namespace purgatory::retention
