// restore.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

const std::string kNotFound =
    "not_found: restore: purge 'p' cannot be undone: it is unknown, was made by caps, or its undo "
    "window is over";
const std::string kNowhere =
    "not_found: restore: no project has a purge 'p' that can be undone; the journal says what "
    "became of it";

/// Purges whole projects as "p"; each has three jobs.
void purge_projects(Service& service, const std::vector<std::string>& projects,
                    const PurgeOptions& options = {.purge_id = "p"}) {
  for (const std::string& project : projects) {
    service.record(jobs_with_code(3, "E", project));
    service->purge(Scope::project(project), kAlice, options);
  }
}

TEST_CASE("a restored purge is back as it was") {
  Service service;
  const std::vector<NewJob> jobs{a_job("a").payload("retry"), a_job("b").group("g")};
  service.record(jobs);
  const Receipt receipt = service->purge(whole_project(), kAlice);

  const RestoreResult result = service->restore(kProject, receipt.purge_id);
  CHECK(result.restored == 2);
  CHECK(result.bytes == receipt.bytes);
  CHECK(result.stale == 0);
  CHECK_FALSE(result.next);
  CHECK((service->find(kProject, "", "a")->job == jobs[0].fields));
  CHECK((service->find(kProject, "g", "b")->job == jobs[1].fields));
  CHECK(service.entry().restored == 2);
}

TEST_CASE("a restore of any length is one call, told step by step") {
  Service service;
  service.record(jobs_with_code(2500, "E"));
  service->purge(Selection{whole_project(), with_code("E")}, kAlice, {.purge_id = "p"});
  std::vector<std::uint64_t> told;
  CHECK(service
            ->restore(kProject, "p",
                      [&](std::uint64_t jobs) {
                        told.push_back(jobs);
                        return true;
                      })
            .restored == 2500);
  CHECK(std::ranges::is_sorted(told));
  REQUIRE(told.size() >= 3);
  CHECK(told.back() == 2500);
  CHECK(service.live().size() == 2500);
}

TEST_CASE("a restore stops where it is told to, and goes on when it is called again") {
  Service service;
  service.record(numbered_jobs(2500));
  service->purge(whole_project(), kAlice, {.purge_id = "p"});

  const RestoreResult stopped = service->restore(kProject, "p", stop_after(1));
  CHECK(stopped.next);
  CHECK(stopped.restored > 0);
  CHECK(stopped.restored < 2500);
  CHECK(service.live().size() == stopped.restored);
  const RestoreResult rest = service->restore(kProject, "p");
  CHECK_FALSE(rest.next);
  CHECK(stopped.restored + rest.restored == 2500);
  CHECK(service.live().size() == 2500);
}

TEST_CASE("a job that failed again since its purge stays in trash") {
  Service service;
  service.record({a_job("a"), a_job("b")});
  service->purge(whole_project(), kAlice, {.purge_id = "p"});
  service.record(a_job("a").failed_at(5).payload("newer"));

  const RestoreResult result = service->restore(kProject, "p");
  CHECK(result.restored == 1);
  CHECK(result.stale == 1);
  CHECK(service->find(kProject, "", "a")->job.payload == "newer");
  CHECK(service.live() == IdSet{"a", "b"});
}

TEST_CASE("restored jobs are not due before another undo window has passed") {
  Service service([](Config& config) { config.retention.undo_window = hours(3); });
  service.record(a_job("a"));
  service->purge(whole_project(), kAlice, {.purge_id = "p"});
  service.advance(hours(1));
  service->restore(kProject, "p");
  CHECK(service->find(kProject, "", "a")->retention.stamp.not_before == service.now() + hours(3));
}

TEST_CASE("a purge can be restored until its undo window ends") {
  Service service;
  const auto purge_for_an_hour = [&](const std::string& purge_id) {
    service.record(a_job("a"));
    service->purge(whole_project(), kAlice, {.purge_id = purge_id, .undo_window = hours(1)});
  };
  purge_for_an_hour("in time");
  service.advance(hours(1) - milliseconds(1));
  CHECK(service->restore(kProject, "in time").restored == 1);

  purge_for_an_hour("p");
  service.advance(hours(1));
  CHECK(error_of([&] { service->restore(kProject, "p"); }) == kNotFound);
  CHECK(error_of([&] { service->restore("p"); }) == kNowhere);
}

TEST_CASE("a restore that the end of the undo window cuts off says so") {
  Service service;
  service.record(numbered_jobs(2500));
  service->purge(whole_project(), kAlice, {.purge_id = "p", .undo_window = hours(1)});
  const auto end_window = [&](std::uint64_t) {
    service.advance(hours(1));
    return true;
  };
  SECTION("in the one project") {
    CHECK(error_of([&] { service->restore(kProject, "p", end_window); }) == kNotFound);
    CHECK_FALSE(service.live().empty());
  }
  SECTION("or passes over the project, and counts what is back") {
    const RestoreResult result = service->restore("p", end_window);
    CHECK(result.restored == service.live().size());
    CHECK(result.restored > 0);
    CHECK_FALSE(result.next);
  }
}

TEST_CASE("what is no purge cannot be restored") {
  Service service;
  service.record(a_job("a"));
  CHECK(error_of([&] { service->restore(kProject, "p"); }) == kNotFound);
  CHECK(error_of([&] { service->restore("nobody", "p"); }) == kNotFound);
  CHECK(error_of([&] { service->restore("p"); }) == kNowhere);
  CHECK(error_of([&] { service->restore(""); }) ==
        "invalid_argument: purge_id: is empty; give 1 to 255 bytes");
}

TEST_CASE("a purge is restored in every project that has it") {
  Service service;
  purge_projects(service, {"a", "b", "c"});
  service.record(a_job("live").project("d"));

  const RestoreResult result = service->restore("p");
  CHECK(result.restored == 9);
  CHECK(result.bytes > 9 * 64);
  CHECK_FALSE(result.next);
  CHECK(service->count(Everything{}) == 10);
}

TEST_CASE("a project where a purge cannot be undone any more is passed over") {
  Service service;
  purge_projects(service, {"b"}, {.purge_id = "p", .undo_window = minutes(1)});
  purge_projects(service, {"a", "c"});
  service.advance(minutes(2));
  SECTION("because its window is over") {}
  SECTION("because its trash was freed") { service.reclaim_all(); }

  CHECK(service->restore("p").restored == 6);
  CHECK(service.live("b").empty());
}

TEST_CASE("a restore in every project stops where it is told to, and goes on when called again") {
  Service service;
  purge_projects(service, {"a", "b", "c"});
  std::vector<std::uint64_t> told;
  const RestoreResult stopped = service->restore("p", [&](std::uint64_t jobs) {
    told.push_back(jobs);
    return jobs < 6;
  });
  CHECK(told.back() == 6);
  CHECK(stopped.restored == 6);
  CHECK(stopped.next);
  CHECK(service.live("c").empty());

  const RestoreResult rest = service->restore("p");
  CHECK(rest.restored == 3);
  CHECK_FALSE(rest.next);
  CHECK(service->count(Everything{}) == 9);
}

TEST_CASE("a restore in every project can be stopped within one") {
  Service service;
  service.record(jobs_with_code(2500, "E", "a"));
  service.record(jobs_with_code(3, "E", "b"));
  service->purge(Everything{}, kAlice, {.purge_id = "p"});

  const RestoreResult stopped = service->restore("p", stop_after(1));
  CHECK(stopped.next);
  CHECK(stopped.restored == service.live("a").size());
  CHECK(service.live("b").empty());
  CHECK(stopped.restored + service->restore("p").restored == 2503);
}

TEST_CASE("a restore that was told to stop at its very end is complete") {
  Service service;
  purge_projects(service, {"a"});
  CHECK_FALSE(service->restore("p", stop_after(1)).next);
}

}  // namespace
}  // namespace purgatory::facade_test
