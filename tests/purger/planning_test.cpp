// A plan and what it becomes: the numbers of the one are those of the other.

#include <random>

#include "tests/contract/backends.hpp"
#include "tests/file/child.hpp"
#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

/// Rules by job type: "now" is due, "later" is not, "held" stays, all else no rule is for.
Policy by_type() {
  return {.min_age = milliseconds(0),
          .rules = {{.name = "held", .match = {.job_type = {"held"}}, .hold = "audit"},
                    {.name = "now", .match = {.job_type = {"now"}}, .keep_for = minutes(10)},
                    {.name = "soon", .match = {.job_type = {"soon"}}, .keep_for = minutes(15)},
                    {.name = "later", .match = {.job_type = {"later"}}, .keep_for = hours(10)}}};
}

std::vector<NewJob> of_type(const std::string& type, std::size_t count,
                            const std::string& group = {}) {
  std::vector<NewJob> jobs = numbered_jobs(count, group);
  for (NewJob& job : jobs) job.job_type(type).fields.job_id.insert(0, type);
  return jobs;
}

/// Jobs of all kinds in two projects.
void fill(Service& service) {
  for (const char* type : {"held", "now", "soon", "later", "other"}) {
    service.record(of_type(type, 7));
    service.record(of_type(type, 3, "g"));
    std::vector<NewJob> other = of_type(type, 2);
    for (NewJob& job : other) job.project("zoo");
    service.record(other);
  }
}

TEST_CASE("a plan says by rule what would go, and apply takes exactly that") {
  Service service(with_policy(by_type()));
  fill(service);
  service->hold(kProject, "g", "now0001", {.actor = "ann", .reason = "", .until = {}});
  service->activate_policy(kAlice);
  const Plan plan = service->plan();

  CHECK(plan.policy == by_type().hash());
  CHECK(plan.cutoff == service.now());
  CHECK(plan.jobs == 23);
  CHECK(plan.held == 1);
  CHECK(plan.unmatched == 12);
  CHECK(plan.over_caps == 0);
  CHECK(plan.guard.empty());
  REQUIRE(plan.purges.size() == 2);
  const PlannedPurge& now = plan.purges[0];
  CHECK(now.rule == "now");
  CHECK(now.reason == "age");
  CHECK(now.jobs == 11);
  CHECK(now.oldest == at(0));
  CHECK(now.newest == at(6));
  CHECK(now.samples.size() == 5);
  CHECK(now.samples[0] ==
        PlannedPurge::Sample{
            .project = "shop", .group = "", .job_id = "now0006", .failed_at = at(6)});
  CHECK(plan.purges[1].rule == "soon");
  CHECK(plan.bytes == now.bytes + plan.purges[1].bytes);
  CHECK(plan.watermarks.size() == 2);

  const ApplyResult applied = service->apply(plan, kAlice);
  CHECK(applied.receipt.jobs == plan.jobs);
  CHECK(applied.receipt.bytes == plan.bytes);
  CHECK(applied.changed == 0);
  CHECK(service->plan().jobs == 0);
  CHECK(service.ear().metric("purgatory_purged_total{rule=now,reason=age}") == 11);
  const JournalEntry entry = service.entry();
  CHECK(entry.purge_id == applied.receipt.purge_id);
  CHECK(entry.actor == "alice");
  CHECK(entry.reason == "plan");

  CHECK(service->restore(applied.receipt.purge_id).restored == plan.jobs);
  CHECK(service->run_due().purged == 0);  // what was restored has its undo window
}

TEST_CASE("the purger takes what the plan says, too") {
  Service service(with_policy(by_type()));
  fill(service);
  const Plan plan = service->plan();
  CHECK(service->run_due().purged == plan.jobs);
  CHECK(service->plan().jobs == 0);
}

TEST_CASE("what changed since a plan stays and is counted, what is new stays") {
  Service service(with_policy(by_type()));
  service.record(of_type("now", 8));
  service->activate_policy(kAlice);
  const Plan plan = service->plan();
  REQUIRE(plan.jobs == 8);

  service.record(a_job("now0001").failed_at(300).job_type("now"));
  service->hold(kProject, "", "now0002", {.actor = "ann", .reason = "", .until = {}});
  service->forget(kProject, "", "now0003");
  service.record(a_job("new").job_type("now"));
  const ApplyResult applied = service->apply(plan, kAlice);
  CHECK(applied.receipt.jobs == 5);
  CHECK(applied.changed == 3);
  CHECK(service.live() == IdSet{"new", "now0001", "now0002"});
}

TEST_CASE("a plan is of its cutoff, however late it is applied") {
  Service service(with_policy(by_type()));
  service.record({a_job("a").job_type("later"), a_job("b").job_type("now")});
  service->activate_policy(kAlice);
  const Plan plan = service->plan();
  service.advance(hours(100));
  CHECK(service->apply(plan, kAlice).receipt.jobs == 1);
  CHECK(service.live() == IdSet{"a"});
}

TEST_CASE("only the active policy's plan is applied") {
  Service service(with_policy(by_type()));
  fill(service);
  const Plan plan = service->plan();
  const std::string hash = by_type().hash();
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "conflict: the plan is of policy " + hash +
            ", and none is active (purgatory policy activate): plan again");
  service->reload(keep_all_for(hours(1)));
  const std::string other = keep_all_for(hours(1)).hash();
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "conflict: the plan is of policy " + hash + ", and the configuration's is " + other +
            ": plan again");
  service->activate_policy(kAlice);
  service->reload(by_type());
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "conflict: the plan is of policy " + hash + ", and " + other +
            " is active, since 2024-01-01T00:16:40.000Z, by alice: plan again");
  CHECK(service->count(Everything{}) == 60);
}

TEST_CASE("a plan of a time that has not come is refused") {
  Service service(with_policy(by_type()));
  fill(service);
  Plan plan = service->plan();
  service.advance(-minutes(1));
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "invalid_argument: the plan is of 2024-01-01T00:16:40.000Z, and it is "
        "2024-01-01T00:15:40.000Z: what is due by then is not due yet");
}

TEST_CASE("a policy that is replaced while a plan is applied ends that") {
  Service service(with_policy(by_type()));
  fill(service);
  service->activate_policy(kAlice);
  const Plan plan = service->plan();
  Rival rival(service, keep_all_for(hours(99)));
  service.after("remove", 1, [&] { rival.run(); });
  CHECK_THAT(error_of([&] { service->apply(plan, kAlice, {.purge = {.purge_id = "p"}}); }),
             Catch::StartsWith("conflict: apply: the plan is of policy ") &&
                 Catch::EndsWith(": plan again; what went before is purge 'p'"));
  CHECK(service->count(Everything{}) > 37);
}

TEST_CASE("a plan previews a policy that is not active, which says nothing of stamps") {
  Service service(with_policy(keep_all_for(hours(10))));
  fill(service);
  service->run_due();
  service->reload(by_type());
  const Plan preview = service->plan();
  CHECK(preview.jobs == 24);
  CHECK(service->count(Everything{}) == 60);
  CHECK(service->run_due().purged == preview.jobs);
}

TEST_CASE("a plan says what the guard would refuse, and apply refuses it") {
  const auto change = [](Config& config) {
    with_policy(keep_all_for(hours(10)))(config);
    config.retention.guard = {.max_fraction = 10, .min_jobs = 5, .clock_jump = hours(9999)};
  };
  Service service(change);
  fill(service);
  service->run_due();
  service->reload(by_type());
  const Plan plan = service->plan();
  CHECK_THAT(plan.guard, Catch::StartsWith("the change of the policy would purge 20 of 50 jobs of "
                                           "project 'shop' at once"));
  service->activate_policy(kAlice);
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "guard: " + plan.guard +
            "; or for this once: purgatory apply --override-guard, or "
            "ApplyOptions::override_guard");
  CHECK(service->run_due().purged == 0);

  SECTION("for this plan") {
    CHECK(service->apply(plan, kAlice, {.override_guard = true}).receipt.jobs == plan.jobs);
  }
  SECTION("for the policy") {
    service->activate_policy(kAlice, {.override_guard = true});
    CHECK(service->plan().guard.empty());
    CHECK(service->apply(plan, kAlice).receipt.jobs == plan.jobs);
  }
}

TEST_CASE("a plan names what is over caps, which apply leaves to the purger") {
  Policy policy = by_type();
  Service service(with_policy(policy));
  fill(service);
  policy.caps = {{.project = {"shop"}, .group = {""}, .keep_last = 10}};
  service->reload(policy);
  const Plan plan = service->plan();
  CHECK(plan.jobs == 24);
  CHECK(plan.over_caps == 4);  // 35 of this group, 7 held, 14 go
  const RunResult result = service->run_due();
  CHECK(result.purged == plan.jobs);
  CHECK(result.evicted == plan.over_caps);
}

TEST_CASE("a plan that is stopped is of what was looked at") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  service.record(numbered_jobs(2500));
  service->activate_policy(kAlice);
  service.advance(hours(1));
  const Plan plan = service->plan(stop_after(2));
  CHECK(plan.jobs == 2000);
  CHECK_FALSE(plan.complete);
  CHECK(to_json(plan).size() < 2000);
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "invalid_argument: the plan was stopped before all was looked at: plan again");
  CHECK(service->apply(service->plan(), kAlice).receipt.jobs == 2500);
}

TEST_CASE("a plan that was applied in part is gone on with under its purge_id") {
  Service service(with_policy(keep_all_for(milliseconds(0))));
  service.record(numbered_jobs(2500));
  service->activate_policy(kAlice);
  service.advance(hours(1));
  const Plan plan = service->plan();
  ApplyOptions options{.purge = {.purge_id = "cleanup", .progress = stop_after(1)}};
  CHECK(service->apply(plan, kAlice, options).receipt.jobs == 1000);
  options.purge.progress = {};
  const ApplyResult result = service->apply(plan, kAlice, options);
  CHECK(result.receipt.jobs == 2500);
  CHECK(result.changed == 0);
  CHECK(service->restore("cleanup").restored == 2500);
}

TEST_CASE("a selection's plan is applied to what it saw") {
  Service service(with_policy({}));
  service.record(jobs_with_code(5, "EVS.1"));
  const Plan plan = service->plan(Selection{project_level(), with_code("EVS.*")});
  CHECK(plan.policy.empty());
  CHECK(plan.jobs == 5);
  CHECK(plan.purges.at(0).reason == "selection");
  service.record(a_job("new"));
  service.record(jobs_with_code(1, "EVS.1"));
  const ApplyResult applied = service->apply(read_plan(to_json(plan)), kAlice);
  CHECK(applied.receipt.jobs == 4);
  CHECK(applied.changed == 1);
}

TEST_CASE("a scope's plan leaves what came since") {
  Service service(with_policy({}));
  service.record(numbered_jobs(5));
  service.record(numbered_jobs(3, "g"));
  const Plan plan = service->plan(Selection{in_group("g"), {}});
  CHECK(plan.jobs == 3);
  CHECK(plan.purges.at(0).reason == "scope");
  CHECK(plan.purges.at(0).samples.size() == 3);
  service.record(a_job("new").group("g"));
  CHECK(service->apply(plan, kAlice).receipt.jobs == 3);
  CHECK(service.live().size() == 6);
}

TEST_CASE("a plan whose watermarks are of another project than its scope is refused") {
  Service service(with_policy({}));
  service.record(numbered_jobs(2));
  Plan plan = service->plan(Selection{project_level(), {}});
  plan.watermarks[0].project = "zoo";
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "invalid_argument: plan: watermarks: project 'zoo' is not the one of its scope, 'shop'");
}

TEST_CASE("whatever a dry run says is what the purge does") {
  std::mt19937 random(20261128);
  const auto any = [&](std::size_t of) {
    return std::uniform_int_distribution<std::size_t>(0, of - 1)(random);
  };
  for (int round = 0; round < 60; ++round) {
    Service service(with_policy({}));
    std::vector<NewJob> jobs;
    for (std::size_t i = 0; i < 40; ++i) {
      NewJob job = a_job(numbered("j", i)).failed_at(static_cast<std::int64_t>(any(50)));
      job.project(numbered("p", any(2))).group(any(2) == 0 ? "" : "g");
      job.job_type(numbered("t", any(3))).resource_id(numbered("r", any(2)));
      job.fields.error_code = numbered("EVS.", any(4));
      jobs.push_back(std::move(job));
    }
    service.record(jobs);
    for (const NewJob& job : jobs) {
      const FailedJob& fields = job.fields;
      if (any(6) == 0) {
        service->hold(fields.project, fields.group, fields.job_id,
                      {.actor = "ann", .reason = "", .until = {}});
      }
      if (any(6) == 0) service->resolve(fields.project, fields.group, fields.job_id);
    }
    Filter filter;
    if (any(3) == 0) filter.error_code = numbered("EVS.", any(4));
    if (any(3) == 0) filter.job_type = "t?";
    if (any(4) == 0) filter.resolved = any(2) == 0;
    if (any(4) == 0) filter.failed_before = at(static_cast<std::int64_t>(any(50)));
    const Scope scopes[] = {Scope::project("p0"), Scope::project_level("p1"),
                            Scope::group("p0", "g")};
    const std::size_t form = any(4);
    const Plan plan = form == 3 ? service->plan(Everything{filter})
                                : service->plan(Selection{scopes[form], filter});
    const Receipt receipt = form == 3 ? service->purge(Everything{filter}, kAlice)
                                      : service->purge(Selection{scopes[form], filter}, kAlice);
    CAPTURE(round, form, filter.empty());
    CHECK(receipt.jobs == plan.jobs);
    CHECK(receipt.bytes == plan.bytes);
    CHECK(receipt.held == plan.held);
  }
}

TEST_CASE("whatever a plan says of a policy is what apply takes, or the purger") {
  std::mt19937 random(20261129);
  const auto any = [&](std::size_t of) {
    return std::uniform_int_distribution<std::size_t>(0, of - 1)(random);
  };
  for (int round = 0; round < 60; ++round) {
    const auto make = [&] {
      Policy policy = by_type();
      for (Rule& rule : policy.rules) {
        if (rule.hold.empty()) rule.keep_for = minutes(any(40));
      }
      if (any(2) == 0) policy.resolved_keep_for = minutes(any(3));
      return policy;
    };
    Service service(with_policy(make()));
    for (std::size_t i = 0; i < 40; ++i) {
      const char* types[] = {"held", "now", "soon", "later", "other"};
      NewJob job = a_job(numbered("j", any(30))).failed_at(static_cast<std::int64_t>(any(900)));
      service.record(
          job.project(numbered("p", any(2))).group(any(2) == 0 ? "" : "g").job_type(types[any(5)]));
    }
    for (const std::string& project : service->projects()) {
      for (const StoredJob& stored : service->list({Scope::project(project), {}}).items) {
        const FailedJob& job = stored.job;
        const Hold hold{.actor = "ann", .reason = "", .until = {}};
        if (any(6) == 0) service->hold(job.project, job.group, job.job_id, hold);
        if (any(6) == 0) service->resolve(job.project, job.group, job.job_id);
      }
    }
    service.advance(minutes(any(5)));
    service->reload(make());
    service->activate_policy(kAlice);
    const bool by_purger = any(2) == 0;
    if (by_purger && any(2) == 0) service->run_due();
    const Plan plan = service->plan();
    CAPTURE(round, by_purger);
    if (by_purger) {
      CHECK(service->run_due().purged == plan.jobs);
    } else {
      const ApplyResult applied = service->apply(plan, kAlice);
      CHECK(applied.receipt.jobs == plan.jobs);
      CHECK(applied.receipt.bytes == plan.bytes);
      CHECK(applied.receipt.held == plan.held);
      CHECK(applied.changed == 0);
    }
    service->run_due();
    CHECK(service->plan().jobs == 0);
  }
}

TEST_CASE("a policy's plan that somebody has narrowed by a filter is refused") {
  Service service(with_policy(by_type()));
  fill(service);
  service->activate_policy(kAlice);
  Plan plan = service->plan();
  plan.filter.job_type = "now";
  CHECK(error_of([&] { service->apply(plan, kAlice); }) ==
        "invalid_argument: plan: filter: a policy's plan has none; plan a selection instead");
}

TEST_CASE("what another process does between plan and apply is seen") {
  if (contract::selected_backend().plugin != "file") return;
  const processes::TemporaryDirectory directory;
  const auto open = [&](Policy policy) {
    Config config = config_at(directory.path());
    config.retention.policy = std::move(policy);
    return FailedJobs::open(config);
  };
  Plan plan;
  {
    FailedJobs jobs = open(by_type());
    jobs.record(fields_of(of_type("now", 6)));
    jobs.activate_policy(kAlice);
    plan = jobs.plan();
  }
  REQUIRE(plan.jobs == 6);
  const auto in_child = [&](const std::function<void()>& work) {
    REQUIRE(file_test::in_child([&] {
              work();
              return std::string("done");
            }) == "done");
  };
  SECTION("jobs that changed stay") {
    in_child([&] {
      FailedJobs jobs = open(by_type());
      jobs.record(a_job("now0000").failed_at(700).job_type("now").fields);
      jobs.record(a_job("new").job_type("now").fields);
    });
    const ApplyResult applied = open(by_type()).apply(plan, kAlice);
    CHECK(applied.receipt.jobs == 5);
    CHECK(applied.changed == 1);
    CHECK(open({}).count({whole_project(), {}}) == 2);
  }
  SECTION("another policy is a conflict") {
    in_child([&] { open(keep_all_for(hours(1))).activate_policy(Actor{"bob"}); });
    CHECK(code_of([&] { open(by_type()).apply(plan, kAlice); }) == ErrorCode::conflict);
    CHECK(open({}).count({whole_project(), {}}) == 6);
  }
}

}  // namespace
}  // namespace purgatory::purger_test
