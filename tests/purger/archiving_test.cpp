// What names an archive is freed only when it is there; purging waits for no archive.

#include <filesystem>
#include <fstream>
#include <map>

#include "purgatory/archive.hpp"
#include "tests/contract/backends.hpp"
#include "tests/file/child.hpp"
#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

/// All go after ten minutes, into "cold".
Policy archiving(milliseconds keep_for = minutes(10)) {
  Policy policy = keep_all_for(keep_for);
  policy.rules[0].archive = "cold";
  return policy;
}

/// A service with an archive in a directory that goes with the object.
class Archived {
 public:
  explicit Archived(Policy policy, milliseconds undo_window = milliseconds(0))
      : service([&, undo_window](Config& config) {
          with_policy(policy)(config);
          config.retention.undo_window = undo_window;
          config.retention.archives = {
              {"cold", {.directory = cold()}},
              {"other", {.directory = (directory_.path() / "o").string()}}};
        }) {}

  /// Runs until nothing is left to do, an hour later: until then more may join its purges.
  RunResult run_in_an_hour() {
    service.advance(hours(1));
    return service->run_due();
  }

  [[nodiscard]] std::string cold() const { return (directory_.path() / "cold").string(); }
  /// How often each job is in the archive.
  [[nodiscard]] std::map<std::string, int> archived() const {
    std::map<std::string, int> jobs;
    if (!std::filesystem::exists(cold())) return jobs;
    for (const archive::Segment& segment : archive::list(cold())) {
      archive::read(segment, [&](const FailedJob& job) { ++jobs[job.job_id]; });
    }
    return jobs;
  }

 private:
  processes::TemporaryDirectory directory_;

 public:
  Service service;
};

std::map<std::string, int> once(const IdSet& ids) {
  std::map<std::string, int> jobs;
  for (const std::string& id : ids) jobs[id] = 1;
  return jobs;
}

TEST_CASE("what a rule purges is archived, with all that it had, and then freed") {
  Archived test(archiving());
  Service& service = test.service;
  NewJob job = a_job("a").payload("retry\n\xff").group("g");
  job.fields.labels = {{"host", "web1"}};
  service.record(job);
  REQUIRE(service->run_due().purged == 1);
  CHECK(test.archived().empty());
  CHECK(service->trash(kProject).at(0).waiting);
  CHECK(service.ear().metric("purgatory_archive_pending_jobs") == 1);

  const RunResult result = test.run_in_an_hour();
  CHECK(result.archived == 1);
  CHECK(result.freed == 1);
  CHECK(service->trash(kProject).empty());
  CHECK(service.ear().metric("purgatory_archive_pending_jobs") == 0);
  const auto segments = archive::list(test.cold());
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].project == kProject);
  CHECK(segments[0].purge_id == "age-all-20240101T00Z");
  archive::read(segments[0], [&](const FailedJob& read) { CHECK(read == job.fields); });
}

TEST_CASE("nothing is archived before its undo window ends, so restore has no rival") {
  Archived test(archiving(), hours(5));
  Service& service = test.service;
  service.record(numbered_jobs(3));
  REQUIRE(service->run_due().purged == 3);
  CHECK(test.run_in_an_hour().archived == 0);
  CHECK(service->restore(kProject, service.entry().purge_id).restored == 3);
  service.advance(hours(20));
  CHECK(service->run_due().purged == 3);
  service.advance(hours(20));
  CHECK(service->run_due().archived == 3);
  CHECK(test.archived() == once({"0000", "0001", "0002"}));
}

TEST_CASE("purges that somebody asks for are archived, too, and what caps evict") {
  Policy policy = archiving(hours(1000));
  policy.caps = {{.keep_last = 3}};
  Archived test(policy);
  Service& service = test.service;
  service.record(numbered_jobs(5));
  service->purge({project_level(), with_code("")}, kAlice);
  service.record(numbered_jobs(2, "g"));
  service->purge(in_group("g"), kAlice);
  const RunResult result = test.run_in_an_hour();
  CHECK(result.freed == 7);
  std::map<std::string, int> expected = once({"0002", "0003", "0004"});
  expected["0000"] = expected["0001"] = 2;  // of both groups
  CHECK(test.archived() == expected);
}

TEST_CASE("a purge whose jobs name several archives is in each of them, and other jobs are freed") {
  Policy policy = archiving(hours(1000));
  policy.rules.insert(policy.rules.begin(),
                      {{.name = "other",
                        .match = {.job_type = {"other"}},
                        .keep_for = hours(1),
                        .archive = "other"},
                       {.name = "none", .match = {.job_type = {"none"}}, .keep_for = hours(1)}});
  Archived test(policy);
  test.service.record({a_job("a"), a_job("b").job_type("other"), a_job("c").job_type("none")});
  test.service->purge(whole_project(), kAlice);
  const RunResult result = test.run_in_an_hour();
  CHECK(result.archived == 2);
  CHECK(result.freed == 3);
  CHECK(test.archived() == once({"a"}));
}

TEST_CASE("an archive that fails stops freeing, and nothing else") {
  Archived test(archiving());
  Service& service = test.service;
  service.record(numbered_jobs(3));
  REQUIRE(service->run_due().purged == 3);
  std::ofstream(test.cold()) << "a file in its way";
  service.record(numbered_jobs(2, "g"));
  service.record({a_job("p").project("plain")});
  service->reload([] {
    Policy policy = archiving();
    policy.rules.insert(
        policy.rules.begin(),
        Rule{.name = "plain", .match = {.project = {"plain"}}, .keep_for = milliseconds(0)});
    return policy;
  }());
  const RunResult result = test.run_in_an_hour();
  CHECK(result.state == State::failed);
  REQUIRE(result.error);
  CHECK_THAT(result.error->what(), Catch::Contains(test.cold()));
  CHECK(result.purged == 3);
  CHECK(result.archived == 0);
  CHECK(service->trash(kProject).size() == 2);
  CHECK(service.ear().metric("purgatory_archive_pending_jobs") == 5);
  CHECK(std::ranges::count_if(service.ear().events(LogEvent::Level::error),
                              [](const std::string& event) {
                                return event.starts_with("project_not_archived project=shop");
                              }) >= 1);
  CHECK(service->run_due().purged == 0);
  CHECK(code_of([&] { service->reclaim(kProject); }) == ErrorCode::unavailable);

  std::filesystem::remove(test.cold());
  const RunResult again = test.run_in_an_hour();
  CHECK(again.state == State::done);
  CHECK(again.archived == 5);
  CHECK(service->trash(kProject).empty());
  CHECK(service.ear().metric("purgatory_archive_pending_jobs") == 0);
}

TEST_CASE("whoever reclaims without a purger archives as well") {
  Archived test(archiving());
  test.service.record(numbered_jobs(3));
  const Receipt purge = test.service->purge(project_level(), kAlice);
  test.service->expire(kProject, purge.purge_id);
  test.service.reclaim_all();
  CHECK(test.service->trash(kProject).empty());
  CHECK(test.archived() == once({"0000", "0001", "0002"}));
}

TEST_CASE("a job whose rule has got an archive since it was recorded is in it when it is freed") {
  Archived test(keep_all_for(minutes(10)));
  Service& service = test.service;
  service.record(numbered_jobs(3));
  service->reload(archiving());
  SECTION("by the purger, which meets due jobs before it has restamped them") {
    CHECK(service->run_due().purged == 3);
  }
  SECTION("by a plan") {
    service->activate_policy(kAlice);
    const Plan plan = service->plan();
    CHECK(service->apply(plan, kAlice).receipt.jobs == 3);
  }
  test.run_in_an_hour();
  CHECK(test.archived() == once({"0000", "0001", "0002"}));
  CHECK(service->trash(kProject).empty());
}

TEST_CASE("a policy whose archive is none of the configuration's is refused") {
  Archived test(archiving());
  Policy policy = archiving();
  policy.rules[0].archive = "clod";
  CHECK(error_of([&] { test.service->reload(policy); }) ==
        "config: retention.rules[0].archive: 'clod' is no archive; did you mean 'cold'?; archives "
        "are those with which the store was opened: open it anew to add one");
  CHECK(test.service->policy() == archiving());
}

TEST_CASE("several processes archive each job once") {
  if (contract::selected_backend().plugin != "file") return;
  const processes::TemporaryDirectory directory;
  const std::string cold = (directory.path() / "cold").string();
  const auto open = [&] {
    Config config = config_at(directory.path() / "store");
    config.retention.policy = archiving();
    config.retention.undo_window = milliseconds(0);
    config.retention.archives = {{"cold", {.directory = cold}}};
    return FailedJobs::open(config);
  };
  std::filesystem::create_directory(directory.path() / "store");
  {
    FailedJobs jobs = open();
    for (std::size_t i = 0; i < 20; ++i) {
      jobs.record(fields_of(numbered_jobs(50, numbered("g", i))));
      jobs.purge(in_group(numbered("g", i)), kAlice);
    }
  }
  const auto reclaim = [&] {
    FailedJobs jobs = open();
    while (jobs.reclaim(kProject).more) {
    }
    return std::string("done");
  };
  file_test::Child first(reclaim);
  file_test::Child second(reclaim);
  CHECK(first.answer() == "done");
  CHECK(second.answer() == "done");
  CHECK(open().trash(kProject).empty());
  std::map<std::string, int> jobs;
  for (const archive::Segment& segment : archive::list(cold)) {
    CHECK(archive::verify(segment).empty());
    archive::read(segment, [&](const FailedJob& job) { ++jobs[job.group + '/' + job.job_id]; });
  }
  CHECK(jobs.size() == 1000);
  for (const auto& [id, count] : jobs) CHECK(count == 1);
}

}  // namespace
}  // namespace purgatory::purger_test
