// A later success of the same logical job.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

Policy resolving(milliseconds keep_for, std::optional<milliseconds> resolved) {
  Policy policy = keep_all_for(keep_for);
  policy.resolved_keep_for = resolved;
  return policy;
}

Retention retention_of(const Service& service, std::string_view id, std::string_view group = {}) {
  return service.store().get(id, group).retention;
}

TEST_CASE("a resolved job goes after resolved.keep_for, with a reason of its own") {
  Service service(with_policy(resolving(hours(100), hours(1))));
  service.record({a_job("a"), a_job("b")});
  CHECK(service->resolve(kProject, "", "a") == 1);
  CHECK(retention_of(service, "a").resolved_at == service.now());
  CHECK(retention_of(service, "a").stamp.purge_after == service.now() + hours(1));
  CHECK(service->explain(service.store().get("a")) ==
        "Stored since 2024-01-01T00:16:40.000Z, resolved since 2024-01-01T00:16:40.000Z; rule "
        "'all' keeps it until 2024-01-01T01:16:40.000Z.");
  CHECK(service->run_due().purged == 0);
  service.advance(hours(1));
  CHECK(service->run_due().purged == 1);
  CHECK(service.live() == IdSet{"b"});
  const JournalEntry entry = service.entry();
  CHECK(entry.reason == "resolved");
  CHECK(entry.rule == "all");
  CHECK(entry.purge_id == "resolved-all-20240101T01Z");
  CHECK(service.ear().metric("purgatory_purged_total{rule=all,reason=resolved}") == 1);
}

TEST_CASE("a resolved job that no rule is for goes, too") {
  Policy policy;
  policy.resolved_keep_for = milliseconds(0);
  Service service(with_policy(policy));
  service.record({a_job("a"), a_job("b")});
  CHECK(service->resolve(kProject, "", "a") == 1);
  CHECK(service->run_due().purged == 1);
  CHECK(service.live() == IdSet{"b"});
  CHECK(service.entry().purge_id == "resolved-20240101T00Z");
}

TEST_CASE("without resolved.keep_for a resolved job stays as long as its rule says") {
  Service service(with_policy(resolving(hours(10), std::nullopt)));
  service.record(a_job("a"));
  CHECK(service->resolve(kProject, "", "a") == 1);
  service.advance(hours(9));
  CHECK(service->run_due().purged == 0);
  service.advance(hours(1));
  CHECK(service->run_due().purged == 1);
  CHECK(service.entry().reason == "age");
}

TEST_CASE("resolving keeps nothing longer than its rule, and nothing that was restored shorter") {
  Service service(with_policy(resolving(hours(1), hours(50))));
  service.record({a_job("a"), a_job("b")});
  CHECK(service->resolve(kProject, "", "a") == 1);
  CHECK(retention_of(service, "a").stamp.purge_after == at(0) + hours(1));

  const Receipt purge = service->purge(project_level(), kAlice);
  service->restore(kProject, purge.purge_id);
  service->reload(resolving(hours(100), milliseconds(0)));
  CHECK(service->resolve(kProject, "", "b") == 1);
  CHECK(service->run_due().purged == 0);  // not_before is an undo window from the restore on
  service.advance(hours(1));
  CHECK(service->run_due().purged == 2);
}

TEST_CASE("only a later failure clears a resolution") {
  Service service(with_policy(resolving(hours(100), hours(1))));
  service.record(a_job("a").failed_at(10));
  service->resolve(kProject, "", "a");
  service.record(a_job("a").failed_at(10));
  CHECK(retention_of(service, "a").resolved_at);
  CHECK(retention_of(service, "a").stamp.purge_after == service.now() + hours(1));
  service.record(a_job("a").failed_at(11));
  CHECK_FALSE(retention_of(service, "a").resolved_at);
  CHECK(retention_of(service, "a").stamp.purge_after == at(11) + hours(100));
}

TEST_CASE("what is not there, or resolved already, is not marked") {
  Service service(with_policy(resolving(hours(100), hours(1))));
  service.record(a_job("a").resource_id("r"));
  CHECK(service->resolve(kProject, "", "b") == 0);
  CHECK(service->resolve("nobody", "", "a") == 0);
  CHECK(service->resolve_resource(kProject, "", "s") == 0);
  CHECK(service->resolve(kProject, "", "a") == 1);
  const Time first = service.now();
  service.advance(minutes(1));
  CHECK(service->resolve(kProject, "", "a") == 0);
  CHECK(service->resolve_resource(kProject, std::nullopt, "r") == 0);
  CHECK(retention_of(service, "a").resolved_at == first);
  CHECK(code_of([&] { service->resolve_resource(kProject, "", ""); }) ==
        ErrorCode::invalid_argument);
}

TEST_CASE("all failures of a resource are resolved, in a group or in all of them") {
  Service service(with_policy(resolving(hours(100), hours(1))));
  service.record({a_job("a").resource_id("r"), a_job("b").resource_id("r").group("g"),
                  a_job("c").resource_id("r").group("h"), a_job("d").resource_id("s").group("g")});
  CHECK(service->resolve_resource(kProject, "g", "r") == 1);
  CHECK(retention_of(service, "b", "g").resolved_at);
  CHECK_FALSE(retention_of(service, "c", "h").resolved_at);
  CHECK(service->resolve_resource(kProject, std::nullopt, "r") == 2);
  CHECK_FALSE(retention_of(service, "d", "g").resolved_at);
}

TEST_CASE("a resource with more failures than the index gives at once is resolved whole") {
  Service service(with_policy(resolving(hours(100), hours(1))));
  std::vector<NewJob> jobs = numbered_jobs(2500);
  for (NewJob& job : jobs) job.resource_id("r");
  service.record(jobs);
  const auto group = GENERATE(std::optional<std::string_view>(), std::string_view());
  CHECK(service->resolve_resource(kProject, group, "r") == 2500);
  CHECK(service->resolve_resource(kProject, group, "r") == 0);
}

TEST_CASE("a job that fails again while it is resolved is a failure") {
  Service service(with_policy(resolving(hours(100), hours(1))));
  service.record(a_job("a").failed_at(10));
  SECTION("again") {
    service.after("find", 1, [&] { service.store().record(a_job("a").failed_at(20)); });
    CHECK(service->resolve(kProject, "", "a") == 0);
    CHECK_FALSE(retention_of(service, "a").resolved_at);
  }
  SECTION("it is held meanwhile, which is no failure") {
    service.after("find", 1, [&] { service.store().hold("a"); });
    CHECK(service->resolve(kProject, "", "a") == 1);
    CHECK(retention_of(service, "a").resolved_at);
    CHECK(retention_of(service, "a").hold);
  }
}

TEST_CASE("a longer resolved.keep_for protects at once, as a rule does") {
  Service service(with_policy(resolving(hours(100), minutes(10))));
  service.record(a_job("a"));
  service->resolve(kProject, "", "a");
  service.advance(minutes(10));
  service->reload(resolving(hours(100), hours(2)));
  CHECK(service->run_due().purged == 0);
  CHECK(retention_of(service, "a").stamp.purge_after == service.now() + minutes(110));
}

}  // namespace
}  // namespace purgatory::purger_test
