// purge of everything.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

/// Three projects with three jobs each, one of them in a group.
void record_three_projects(Service& service) {
  for (const char* project : {"a", "b", "c"}) {
    std::vector<NewJob> jobs = jobs_with_code(3, "E", project);
    jobs.back().group("g");
    service.record(jobs);
  }
}

TEST_CASE("everything is purged in each project under one purge_id") {
  Service service;
  record_three_projects(service);
  const Receipt receipt = service->purge(Everything{}, kAlice);

  CHECK(receipt.jobs == 9);
  CHECK(receipt.bytes > 9 * 64);
  CHECK(service->count(Everything{}) == 0);
  for (const char* project : {"a", "b", "c"}) {
    const JournalEntry entry = service.entry(project);
    CHECK(entry.purge_id == receipt.purge_id);
    CHECK(entry.reason == "scope");
    CHECK(entry.scope == Scope::project(project));
    CHECK(entry.jobs == 3);
  }
}

TEST_CASE("everything that matches is purged, and held jobs of all projects are counted") {
  Service service;
  record_three_projects(service);
  service.record(jobs_with_code(2, "E"));
  service.record(a_job("other").failed_at(9));
  service.store().hold("0001");

  const Receipt receipt = service->purge(Everything{with_code("E")}, kAlice, {.reason = "tidy up"});
  CHECK(receipt.jobs == 10);
  CHECK(receipt.held == 1);
  CHECK(service.live() == IdSet{"0001", "other"});
  CHECK(service->count(Everything{}) == 2);
  CHECK(service.entry("b").purge_id == receipt.purge_id);
  CHECK(service.entry("b").reason == "tidy up");
}

TEST_CASE("a purge of everything stops behind the project where it is told to") {
  Service service;
  record_three_projects(service);
  const Filter filter = GENERATE(Filter{}, with_code("E"));
  std::vector<std::uint64_t> told;
  const Receipt receipt =
      service->purge(Everything{filter}, kAlice, {.purge_id = "p", .progress = [&](auto jobs) {
                                                    told.push_back(jobs);
                                                    return jobs < 6;
                                                  }});
  CHECK(receipt.purge_id == "p");
  CHECK(receipt.jobs == 6);
  CHECK(told == std::vector<std::uint64_t>{3, 6});
  CHECK(service->count(Everything{}) == 3);

  CHECK(service->purge(Everything{filter}, kAlice, {.purge_id = "p"}).jobs == 9);
  CHECK(service->count(Everything{}) == 0);
}

TEST_CASE("a purge of everything stops within a project where it is told to") {
  Service service;
  service.record(jobs_with_code(1500, "E", "a"));
  service.record(jobs_with_code(5, "E", "b"));
  const Everything everything{with_code("E")};
  CHECK(service->purge(everything, kAlice, {.purge_id = "p", .progress = stop_after(1)}).jobs ==
        1000);
  CHECK(service.live("a").size() == 500);
  CHECK(service.live("b").size() == 5);

  CHECK(service->purge(everything, kAlice, {.purge_id = "p"}).jobs == 1505);
}

TEST_CASE("a purge of everything where nothing is purges nothing") {
  Service service;
  const Receipt receipt = service->purge(Everything{}, kAlice);
  CHECK(receipt == Receipt{.purge_id = receipt.purge_id});
  CHECK(receipt.purge_id.size() == 32);
}

TEST_CASE("a purge of everything that a conflict ended goes on by its purge_id") {
  Service service;
  service.record(a_job("a").project("a"));
  service.record(jobs_with_code(2500, "E", "b"));
  service->purge(Scope::project("b"), kAlice, {.purge_id = "other"});
  REQUIRE(service->restore("b", "other", stop_after(1)).next);

  CHECK(code_of([&] { service->purge(Everything{}, kAlice, {.purge_id = "p"}); }) ==
        ErrorCode::conflict);
  CHECK(service.live("a").empty());
  const std::size_t restored = service.live("b").size();
  CHECK(restored > 0);
  service.advance(minutes(1));  // nobody restores any more
  CHECK(service->purge(Everything{}, kAlice, {.purge_id = "p"}).jobs == 1 + restored);
}

}  // namespace
}  // namespace purgatory::facade_test
