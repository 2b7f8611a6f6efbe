// A person's hold, and a rule's.

#include <atomic>

#include "tests/contract/threads.hpp"
#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

const Hold kAudit{.actor = "ann", .reason = "audit", .until = {}};

bool hold(Service& service, std::string_view id, const Hold& hold = kAudit,
          std::string_view group = {}) {
  return service->hold(kProject, group, id, hold);
}

bool release(Service& service, std::string_view id) {
  return service->release(kProject, "", id, kAlice);
}

TEST_CASE("a held job is taken by no rule, no purge and no cap until it is released") {
  Policy policy = keep_all_for(minutes(10));
  policy.caps = {{.keep_last = 2}};
  Service service(with_policy(policy));
  service.record(a_job("a"));
  CHECK(hold(service, "a"));
  CHECK(service.store().get("a").retention.hold == kAudit);

  CHECK(service->run_due().purged == 0);
  CHECK(service->purge(project_level(), kAlice).held == 1);
  CHECK(service->purge({project_level(), with_code("")}, kAlice).held == 1);
  const std::vector<StoredJob> listed = service.store().list();
  CHECK(service->purge(kProject, refs_of(listed), kAlice).held == 1);
  CHECK(code_of([&] { service->forget(kProject, "", "a"); }) == ErrorCode::conflict);
  service.record({a_job("b").failed_at(900), a_job("c").failed_at(901), a_job("d").failed_at(902)});
  CHECK(service.live() == IdSet{"a", "c", "d"});  // nor is it counted
  CHECK(service->explain(service.store().get("a")) ==
        "Stored since 2024-01-01T00:16:40.000Z; ann holds it (\"audit\"): nothing purges it before "
        "it is released.");

  CHECK(release(service, "a"));
  CHECK(service->run_due().purged == 1);
  CHECK(service.live() == IdSet{"c", "d"});
  CHECK(service.ear().events()[0] ==
        "job_held project=shop group= job_id=a actor=ann reason=audit");
  CHECK(std::ranges::count(service.ear().events(),
                           "job_released project=shop group= job_id=a actor=alice reason=audit") ==
        1);
}

TEST_CASE("a person's hold outlives a further failure, and another policy") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(a_job("a"));
  hold(service, "a");
  service.record(a_job("a").failed_at(10));
  service->reload(keep_all_for(minutes(5), "other"));
  service->run_due();
  CHECK(service.store().get("a").retention.hold == kAudit);
  CHECK(service.store().get("a").retention.stamp.rule == "other");
}

TEST_CASE("a second hold takes the first one's place") {
  Service service(with_policy({}));
  service.record(a_job("a"));
  hold(service, "a");
  const Hold other{.actor = "bob", .reason = "", .until = service.now() + hours(1)};
  CHECK(hold(service, "a", other));
  CHECK(service.store().get("a").retention.hold == other);
}

TEST_CASE("what is not there is neither held nor released, and what is not held is not released") {
  Service service(with_policy({}));
  service.record(a_job("a"));
  CHECK_FALSE(hold(service, "b"));
  CHECK_FALSE(hold(service, "a", kAudit, "g"));
  CHECK_FALSE(release(service, "b"));
  CHECK_FALSE(release(service, "a"));
}

TEST_CASE("a hold has an actor and ends in the future") {
  Service service(with_policy({}));
  service.record(a_job("a"));
  CHECK(error_of([&] { hold(service, "a", {.actor = "", .reason = "x", .until = {}}); }) ==
        "invalid_argument: actor: is empty; give 1 to 255 bytes");
  CHECK(error_of(
            [&] { hold(service, "a", {.actor = "ann", .reason = "x", .until = service.now()}); }) ==
        "invalid_argument: hold: until: 2024-01-01T00:16:40.000Z is not in the future, it is "
        "2024-01-01T00:16:40.000Z");
  CHECK(error_of([&] { service->release(kProject, "", "a", Actor{""}); }) ==
        "invalid_argument: actor: is empty; give 1 to 255 bytes");
  CHECK_FALSE(service.store().get("a").retention.hold);
}

TEST_CASE("a rule's hold ends by the policy alone") {
  Service service(with_policy({.rules = {{.name = "payments", .hold = "finance keeps these"}}}));
  service.record(a_job("a"));
  CHECK(service->purge(project_level(), kAlice).held == 1);
  CHECK(error_of([&] { release(service, "a"); }) ==
        "conflict: release: rule 'payments' holds job 'a' (\"finance keeps these\"): that ends by "
        "the policy alone");
  SECTION("also if a person holds it, too") {
    hold(service, "a");
    CHECK(release(service, "a"));
    CHECK(service->purge(project_level(), kAlice).held == 1);
  }
  SECTION("by the next failure, if that is stamped otherwise") {
    service->reload(keep_all_for(minutes(10)));
    service.record(a_job("a").failed_at(1));
    CHECK(service->purge(project_level(), kAlice).jobs == 1);
  }
}

TEST_CASE("the purger releases a hold that ran out, and takes the job if it is due") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record({a_job("a"), a_job("b")});
  hold(service, "a", {.actor = "ann", .reason = "", .until = service.now() + hours(1)});
  hold(service, "b", {.actor = "ann", .reason = "", .until = service.now() + hours(2)});
  service.advance(hours(1));
  const RunResult result = service->run_due();
  CHECK(result.released == 1);
  CHECK(result.purged == 1);
  CHECK(service.live() == IdSet{"b"});
}

TEST_CASE("a hold that ran out ends where no policy is active, too") {
  const Policy policy = GENERATE(Policy(), keep_all_for(minutes(10)));
  Service service(with_policy(policy));
  service.record({a_job("a"), a_job("b")});
  hold(service, "a", {.actor = "ann", .reason = "", .until = service.now() + hours(1)});
  hold(service, "b");
  service.advance(hours(1));
  const RunResult result = service->run_due({.activate = false});
  CHECK(result.released == 1);
  CHECK_FALSE(service.store().get("a").retention.hold);
  CHECK(service.store().get("b").retention.hold);
  CHECK(service->run_due({.activate = false}).released == 0);
}

TEST_CASE("a hold that ran out does not let a refused policy in") {
  const auto change = [](Config& config) {
    with_policy(keep_all_for(hours(10)))(config);
    config.retention.guard = {.max_fraction = 0, .min_jobs = 0, .clock_jump = hours(9999)};
  };
  Service service(change);
  service.record({a_job("a"), a_job("b")});
  hold(service, "a", {.actor = "ann", .reason = "", .until = service.now() + hours(1)});
  service->run_due();
  service->reload(keep_all_for(minutes(10)));
  service.advance(hours(1));
  const RunResult result = service->run_due();
  CHECK(result.guard);
  CHECK(result.released == 1);
  CHECK(result.purged == 0);
  CHECK(service.store().get("a").retention.stamp.purge_after == at(0) + hours(10));
}

TEST_CASE("a job that is written while it is held is held all the same") {
  Service service(with_policy({}));
  service.record(a_job("a"));
  service.after("find", 1, [&] { service.store().record(a_job("a").failed_at(5)); });
  CHECK(hold(service, "a"));
  CHECK(service.store().get("a").job.failed_at == at(5));
  CHECK(service.store().get("a").retention.hold == kAudit);
}

TEST_CASE("a job that is written all the time is not held, and that is said") {
  Service service(with_policy({}));
  service.record(a_job("a"));
  int failed_at = 1;
  service.meanwhile([&] { service.store().record(a_job("a").failed_at(++failed_at)); });
  CHECK(error_of([&] { hold(service, "a"); }) ==
        "conflict: job 'a' is written all the time; try again later");
}

TEST_CASE("of a job that is held while its group is purged, one of both is true") {
  constexpr std::size_t kJobs = 200;
  Service service(with_policy({}));
  std::atomic<std::uint64_t> held{0};
  std::atomic<std::uint64_t> purged{0};
  for (int round = 0; round < 10; ++round) {
    const std::string group = numbered("g", static_cast<std::size_t>(round));
    service.record(numbered_jobs(kJobs, group));
    std::atomic<std::size_t> begun{0};
    contract::run_together(8, [&](std::size_t thread) {
      if (thread == 0) {  // in the middle of the others' holds
        while (begun < kJobs / 8) {
        }
        purged += service->purge(in_group(group), kAlice).jobs;
        return;
      }
      for (std::size_t i = thread - 1; i < kJobs; i += 7) {
        ++begun;
        if (hold(service, contract::four_digits(i), kAudit, group)) ++held;
      }
    });
  }
  CHECK(held > 0);
  CHECK(purged > 0);
  CHECK(held + purged == 10 * kJobs);
  const std::vector<StoredJob> left = service.store().list();
  CHECK(left.size() == held);
  for (const StoredJob& stored : left) CHECK(stored.retention.hold == kAudit);
}

TEST_CASE("every form of purge skips what a rule holds, and counts it") {
  Policy policy;
  policy.rules = {{.name = "held", .match = {.job_type = {"held"}}, .hold = "audit"}};
  Service service(with_policy(policy));
  service.record({a_job("a").job_type("held"), a_job("b"), a_job("c")});
  const std::vector<StoredJob> listed = service.store().list();
  const int form = GENERATE(0, 1, 2, 3);
  Receipt receipt;
  if (form == 0) receipt = service->purge(whole_project(), kAlice);
  if (form == 1) receipt = service->purge({whole_project(), with_code("")}, kAlice);
  if (form == 2) receipt = service->purge(kProject, refs_of(listed), kAlice);
  if (form == 3) receipt = service->purge(Everything{}, kAlice);
  CHECK(receipt.jobs == 2);
  CHECK(receipt.held == 1);
  CHECK(service.live() == IdSet{"a"});
}

}  // namespace
}  // namespace purgatory::purger_test
