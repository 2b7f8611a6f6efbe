#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// Names of `projects`, in its order.
Ids project_names(const Store& store) {
  Ids names;
  std::optional<std::string> after;
  do {
    auto page = store->projects(store.call(), after);
    for (const ProjectInfo& info : page.items) names.push_back(info.project);
    after = page.next;
  } while (after);
  return names;
}

ProjectInfo only_project(const Store& store) {
  const auto page = store->projects(store.call(), {});
  REQUIRE(page.items.size() == 1);
  return page.items.front();
}

TEST_CASE("projects lists those with jobs or trash ascending", "[R9]") {
  const Store store;
  store.record(a_job("a").project("jobs"));
  store.record(a_job("a").project("\xff"));
  store.record(a_job("a").project("held").rule_hold("audit"));
  store.record(a_job("a").project("a trash"));
  store.detach(Scope::project("a trash"));

  CHECK(project_names(store) == Ids{"a trash", "held", "jobs", "\xff"});
}

TEST_CASE("more projects than fit on a page are listed once each", "[R9]") {
  const Store store;
  Ids expected;
  for (std::size_t i = 0; i < 1005; ++i) {
    expected.push_back(four_digits(i));
    store.record(a_job("a").project(expected.back()));
  }

  CHECK(store->projects(store.call(), {}).items.size() <= 1000);
  CHECK(project_names(store) == expected);
}

TEST_CASE("next_due is not later than the first job's next action", "[R9]") {
  const Store store;
  store.record({a_job("a").purge_after(70), a_job("b").group("g").purge_after(50)});
  const ProjectInfo info = only_project(store);

  REQUIRE(info.next_due);
  CHECK(*info.next_due <= at(50));
}

TEST_CASE("next_due is not later than the end of a hold", "[R9]") {
  const Store store;
  store.record({a_job("a").purge_after(70), a_job("b").purge_after(90)});
  store.hold("b", {}, at(40));
  const ProjectInfo info = only_project(store);

  REQUIRE(info.next_due);
  CHECK(*info.next_due <= at(40));
}

TEST_CASE("next_reclaim is not later than the end of the first undo window", "[R9]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project(), "p1");
  store.advance(minutes(1));
  store.record(a_job("b"));
  store.detach(whole_project(), "p2");
  const ProjectInfo info = only_project(store);

  REQUIRE(info.next_reclaim);
  CHECK(*info.next_reclaim <= store.pile("p1").undo_until);
}

TEST_CASE("next_reclaim is no later for a purge that waits for an archive", "[R9]") {
  Store store;
  store.record(a_job("a").archive("cold"));
  store.detach(whole_project(), "p1");
  const ProjectInfo info = only_project(store);

  REQUIRE(info.next_reclaim);
  CHECK(*info.next_reclaim <= store.pile("p1").undo_until);
}

TEST_CASE("a job is due from its purge_after on", "[R9]") {
  Store store;
  store.record(a_job("a").purge_after(2000));
  store.set_clock(at(2000) - milliseconds(1));
  CHECK(store.due().empty());
  store.set_clock(at(2000));

  CHECK(ids_of(store.due()) == Ids{"a"});
}

TEST_CASE("a job without purge_after is never due", "[R9]") {
  Store store;
  store.record(a_job("a"));
  store.advance(hours(24 * 365 * 100));

  CHECK(store.due().empty());
}

TEST_CASE("a restored job is not due before not_before", "[R9]") {
  Store store;
  store.record(a_job("a").purge_after(5));
  store.detach(whole_project());
  store.restore();
  const Time not_before = store.now() + hours(1);
  CHECK(store.due().empty());
  store.set_clock(not_before - milliseconds(1));
  CHECK(store.due().empty());
  store.set_clock(not_before);

  CHECK(ids_of(store.due()) == Ids{"a"});
}

TEST_CASE("a held job is due when its hold has run out", "[R9]") {
  Store store;
  store.record({a_job("until").purge_after(1), a_job("for ever").purge_after(1),
                a_job("rule").purge_after(1).rule_hold("audit")});
  store.hold("until", {}, at(2000));
  store.hold("for ever");
  CHECK(store.due().empty());
  store.set_clock(at(2000));

  CHECK(ids_of(store.due()) == Ids{"until"});
}

TEST_CASE("due gives the longest overdue jobs of a partition first", "[R9]") {
  const Store store;
  store.record({a_job("c").purge_after(30), a_job("a").purge_after(10), a_job("b").purge_after(20),
                a_job("later").purge_after(5000)});

  CHECK(ids_of(store.due()) == Ids{"a", "b", "c"});
  CHECK(ids_of(store.due(2)) == Ids{"a", "b"});
}

TEST_CASE("due puts run-out holds among the due jobs of a partition by time", "[R9]") {
  const Store store;
  store.record(
      {a_job("a").purge_after(10), a_job("b").purge_after(15), a_job("c").purge_after(30)});
  store.hold("b", {}, at(20));

  CHECK(ids_of(store.due()) == Ids{"a", "b", "c"});
  CHECK(ids_of(store.due(2)) == Ids{"a", "b"});
}

TEST_CASE("due looks into every partition of the project", "[R9]") {
  const Store store;
  store.record({a_job("a").purge_after(1), a_job("b").group("g").purge_after(1),
                a_job("c").group("h").purge_after(1)});
  store.record(a_job("other").project("depot").purge_after(1));

  CHECK(id_set(store.due()) == IdSet{"a", "b", "c"});
}

TEST_CASE("due follows the last stamp of a job", "[R9]") {
  const Store store;
  store.record({a_job("a").purge_after(1), a_job("b").purge_after(5000)});
  store.record({a_job("a").purge_after(5000), a_job("b").purge_after(1)});

  CHECK(ids_of(store.due()) == Ids{"b"});
}

TEST_CASE("due leaves payloads out", "[R9]") {
  const Store store;
  store.record(a_job("a").purge_after(1).payload("12345"));
  StoredJob expected = store.get("a");
  expected.job.payload.clear();

  CHECK(store.due() == std::vector{expected});
}

TEST_CASE("purged jobs are not due", "[R9]") {
  const Store store;
  store.record({a_job("removed").purge_after(1), a_job("detached").purge_after(1),
                a_job("forgotten").purge_after(1)});
  store.remove({store.get("removed")}, "p1");
  store.forget("forgotten");
  store.detach(whole_project(), "p2");

  CHECK(store.due().empty());
}

TEST_CASE("a run of due and remove purges everything due", "[R9][R6]") {
  const Store store;
  std::vector<NewJob> jobs = numbered_jobs(100);
  for (NewJob& job : jobs) job.purge_after(1);
  store.record(jobs);
  store.record(a_job("kept"));
  for (int run = 0; run < 100 && !store.due(7).empty(); ++run) store.remove(store.due(7));

  CHECK(store.live() == IdSet{"kept"});
}

}  // namespace
}  // namespace purgatory::contract
