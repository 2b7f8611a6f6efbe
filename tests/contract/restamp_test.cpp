#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// A retention that differs from a new job's in every field.
Retention another_retention() {
  return {.stamp = {.rule = "new",
                    .purge_after = at(60),
                    .not_before = at(61),
                    .archive = "cold",
                    .rule_hold = "audit"},
          .hold = Hold{.actor = "bob", .reason = "evidence", .until = at(70)},
          .resolved_at = at(80)};
}

TEST_CASE("restamp replaces the whole retention", "[R11]") {
  const Store store;
  store.record(a_job("a").rule("old").purge_after(1));
  const StoredJob before = store.get("a");

  CHECK(store.restamp(before, another_retention()) == RestampResult{.done = 1});
  CHECK(store.get("a").retention == another_retention());
  CHECK(store.get("a").job == before.job);
}

TEST_CASE("restamp gives the job a new version", "[R11]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});
  const Version before = store.watermark();
  store.restamp(store.get("a"), another_retention());

  CHECK(store.get("a").version > before);
}

TEST_CASE("restamp leaves a job that changed", "[R11]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");
  store.record(a_job("a"));
  const StoredJob stored = store.get("a");

  CHECK(store.restamp(listed, another_retention()) == RestampResult{.changed = 1});
  CHECK(store.get("a") == stored);
}

TEST_CASE("restamp counts a job that is not there", "[R11]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");
  store.detach(whole_project());

  CHECK(store.restamp(listed, another_retention()) == RestampResult{.absent = 1});
  CHECK(store.trash().front() == listed);
}

TEST_CASE("a repeated restamp is done", "[R11][R14]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");
  store.restamp(listed, another_retention());

  CHECK(store.restamp(listed, another_retention()) == RestampResult{.done = 1});
}

TEST_CASE("the counts of a restamp add up to the changes", "[R11]") {
  const Store store;
  store.record({a_job("done"), a_job("changed").group("g"), a_job("absent")});
  const std::vector<StoredJob> listed = store.list();
  store.record(a_job("changed").group("g"));
  store.forget("absent");
  std::vector<Restamp> changes;
  for (const StoredJob& stored : listed) changes.push_back({ref_of(stored), another_retention()});

  CHECK(store->restamp(store.call(), kProject, changes) ==
        RestampResult{.done = 1, .changed = 1, .absent = 1});
}

TEST_CASE("restamp takes a thousand jobs", "[R11]") {
  const Store store;
  store.record(numbered_jobs(1000));
  const std::vector<StoredJob> listed = store.list();
  std::vector<Restamp> changes;
  for (const StoredJob& stored : listed) changes.push_back({ref_of(stored), another_retention()});

  CHECK(store->restamp(store.call(), kProject, changes) == RestampResult{.done = 1000});
  CHECK(store.partition().held == 1000);
}

TEST_CASE("restamp decides when a job is due", "[R11][R9]") {
  const Store store;
  store.record({a_job("a").purge_after(1), a_job("b")});
  Retention sooner;
  sooner.stamp.purge_after = at(2);
  store.restamp(store.get("a"), {});
  store.restamp(store.get("b"), sooner);

  CHECK(ids_of(store.due()) == Ids{"b"});
}

TEST_CASE("restamp decides whether a pile will wait", "[R11][R8]") {
  const Store store;
  store.record({a_job("a").archive("cold"), a_job("b").group("g")});
  Retention archived;
  archived.stamp.archive = "cold";
  store.restamp(store.get("a"), {});
  store.restamp(store.get("b", "g"), archived);
  store.detach(project_level(), "p1");
  store.detach(in_group("g"), "p2");

  CHECK_FALSE(store.pile("p1").waiting);
  CHECK(store.pile("p2").waiting);
}

TEST_CASE("restamp decides by which rule an eviction is counted", "[R11][R1]") {
  const Store store;
  store.record({a_job("a").failed_at(1).rule("old"), a_job("b").failed_at(2)});
  Retention retention;
  retention.stamp.rule = "new";
  store.restamp(store.get("a"), retention);
  store.trim({keep_last(1)});

  REQUIRE(store.entry("caps").evictions.size() == 1);
  CHECK(store.entry("caps").evictions.front().rule == "new");
}

}  // namespace
}  // namespace purgatory::contract
