// trash, expire, reclaim.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

TEST_CASE("trash lists purges by purge_id") {
  Service service;
  CHECK(service->trash(kProject).empty());
  for (const char* purge_id : {"c", "a", "b"}) {
    service.record(numbered_jobs(2));
    service->purge(whole_project(), kAlice, {.purge_id = purge_id});
  }
  const std::vector<Pile> piles = service->trash(kProject);
  REQUIRE(piles.size() == 3);
  CHECK(piles[0].purge_id == "a");
  CHECK(piles[1].purge_id == "b");
  CHECK(piles[2].purge_id == "c");
  CHECK(piles[0].jobs == 2);
  CHECK(piles[0].undo_until == service.now() + hours(24));
}

TEST_CASE("trash of several pages is listed whole") {
  Service service;
  for (std::size_t i = 0; i < 1001; ++i) {
    service.record(a_job("a"));
    service->purge(whole_project(), kAlice, {.purge_id = contract::four_digits(i)});
  }
  const std::vector<Pile> piles = service->trash(kProject);
  REQUIRE(piles.size() == 1001);
  CHECK(piles.back().purge_id == "1000");
}

TEST_CASE("the jobs of a purge are listed with payload, page by page") {
  Service service;
  service.record(numbered_jobs(1500));
  service->purge(whole_project(), kAlice, {.purge_id = "p"});

  const auto first = service->trash(kProject, "p");
  CHECK(first.items.size() == 1000);
  CHECK(first.items.front().job.payload == "x");
  REQUIRE(first.next);
  const auto second = service->trash(kProject, "p", first.next);
  CHECK(second.items.size() == 500);
  CHECK_FALSE(second.next);
}

TEST_CASE("what is no purge has no trash") {
  Service service;
  CHECK(error_of([&] { (void)service->trash(kProject, "p"); }) ==
        "not_found: trash: purge 'p' has no trash: it is unknown, or was freed");
  CHECK(error_of([&] { service->expire(kProject, "p"); }) ==
        "not_found: expire: purge 'p' has no trash: it is unknown, or was freed");
}

TEST_CASE("reclaim frees what is past its undo window, and nothing else") {
  Service service;
  service.record(numbered_jobs(3));
  service->purge(whole_project(), kAlice, {.purge_id = "old", .undo_window = hours(1)});
  service.record(numbered_jobs(2));
  service->purge(whole_project(), kAlice, {.purge_id = "new", .undo_window = hours(2)});
  service.record(a_job("live"));

  CHECK(service->reclaim(kProject).jobs == 0);
  service.advance(hours(1));
  CHECK(service->reclaim(kProject, {.time = seconds(10)}).jobs == 3);
  const std::vector<Pile> piles = service->trash(kProject);
  REQUIRE(piles.size() == 1);
  CHECK(piles[0].purge_id == "new");
  CHECK(service.live() == IdSet{"live"});
  CHECK(service->reclaim("nobody").jobs == 0);
}

TEST_CASE("expire ends an undo window: the purge is freed by the next reclaim") {
  Service service;
  service.record(numbered_jobs(3));
  service->purge(whole_project(), kAlice, {.purge_id = "p"});
  service->expire(kProject, "p");

  CHECK(code_of([&] { service->restore(kProject, "p"); }) == ErrorCode::not_found);
  CHECK(service->reclaim(kProject, {.time = seconds(10)}).jobs == 3);
  CHECK(service->trash(kProject).empty());
  CHECK(service.entry().state == PileState::gone);
}

TEST_CASE("reclaim ends with its budget and says whether more is left") {
  Service service;
  service.record(numbered_jobs(1500));
  service->purge(whole_project(), kAlice, {.undo_window = milliseconds(0)});

  const ReclaimResult some = service->reclaim(kProject, {.jobs = 100, .time = seconds(10)});
  CHECK(some.jobs >= 100);
  CHECK(some.jobs < 1500);
  CHECK(some.more);
  std::uint64_t jobs = some.jobs;
  for (bool more = true; more;) {
    const ReclaimResult slice = service->reclaim(kProject);
    jobs += slice.jobs;
    more = slice.more;
  }
  CHECK(jobs == 1500);
  CHECK(error_of([&] { service->reclaim(kProject, {.jobs = 0}); }) ==
        "invalid_argument: budget: 0 jobs, 4194304 bytes, 5000 us would do nothing; each must be "
        "over 0");
}

}  // namespace
}  // namespace purgatory::facade_test
