// What a policy does when jobs are recorded.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

Stamp stamp_of(const Service& service, std::string_view id) {
  return service.store().get(id).retention.stamp;
}

TEST_CASE("each job has the stamp of its first matching rule") {
  Service service(with_policy(
      {.min_age = minutes(10),
       .rules = {{.name = "held", .match = {.job_type = {"pay*"}}, .hold = "audit"},
                 {.name = "short", .match = {.error_code = {"E1"}}, .keep_for = hours(1)},
                 {.name = "rest", .match = {.job_type = {"!rest"}}, .keep_for = hours(2)}}}));
  auto jobs = jobs_with_code(1, "E1");
  jobs[0].fields.job_id = "short";
  service.record({a_job("held").job_type("payment"), jobs[0], a_job("rest").failed_at(995),
                  a_job("none").job_type("rest")});

  CHECK(stamp_of(service, "held") == a_job("").rule("held").rule_hold("audit").stamp);
  CHECK(stamp_of(service, "short") == a_job("").rule("short").purge_after(3600).stamp);
  CHECK(stamp_of(service, "rest") == a_job("").rule("rest").purge_after(995 + 7200).stamp);
  CHECK(stamp_of(service, "none") == Stamp{});
}

TEST_CASE("of a call that is split each part is stamped by its own time") {
  Service service(with_policy(
      {.min_age = minutes(10), .rules = {{.name = "all", .keep_for = milliseconds(0)}}}));
  service.meanwhile([&] { service.advance(seconds(1)); });
  service.record(numbered_jobs(1500));
  service.meanwhile({});

  for (const StoredJob& stored : service.store().list()) {
    CHECK(stored.retention.stamp.purge_after == stored.recorded_at + minutes(10));
  }
  CHECK(service.store().get("0000").recorded_at != service.store().get("1499").recorded_at);
}

TEST_CASE("a job that fails again is stamped again") {
  Service service(with_policy(keep_all_for(hours(1))));
  service.record(a_job("a").failed_at(100));
  service.record(a_job("a").failed_at(200));
  CHECK(stamp_of(service, "a").purge_after == at(200) + hours(1));
}

TEST_CASE("a job is explained") {
  Service service(with_policy(keep_all_for(hours(1))));
  service.record(a_job("a").failed_at(100));
  CHECK(service->explain(service.store().get("a")) ==
        "Stored since 2024-01-01T00:16:40.000Z; rule 'all' keeps it until "
        "2024-01-01T01:01:40.000Z.");
}

TEST_CASE("a policy that is reloaded stamps from then on, one with mistakes changes nothing") {
  Service service(with_policy(keep_all_for(hours(1))));
  service->reload(keep_all_for(hours(2), "new"));
  CHECK(service->policy() == keep_all_for(hours(2), "new"));
  service.record(a_job("a").failed_at(100));
  CHECK(stamp_of(service, "a").rule == "new");

  CHECK(error_of([&] { service->reload({.caps = {{}}}); }) ==
        "config: retention.caps[0]: bounds nothing: give keep_last or max_bytes");
  service.record(a_job("b").failed_at(100));
  CHECK(stamp_of(service, "b").rule == "new");
}

TEST_CASE("a policy with mistakes opens no store") {
  CHECK(error_of([] { const Service service(with_policy({.caps = {{}}})); }) ==
        "config: retention.caps[0]: bounds nothing: give keep_last or max_bytes");
}

}  // namespace
}  // namespace purgatory::purger_test
