#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

std::vector<StoredJob> jobs_of(const Store& store, std::string_view resource_id,
                               std::optional<std::string_view> group = {},
                               std::size_t limit = 1000) {
  return store->with_resource(store.call(), kProject, group, resource_id, limit);
}

TEST_CASE("with_resource returns the jobs of a resource in any group", "[R16]") {
  const Store store;
  store.record({a_job("a").resource_id("vm-1"), a_job("b").group("g").resource_id("vm-1"),
                a_job("c").resource_id("vm-10"), a_job("d")});
  store.record(a_job("other").project("depot").resource_id("vm-1"));

  CHECK(id_set(jobs_of(store, "vm-1")) == IdSet{"a", "b"});
}

TEST_CASE("with_resource returns the jobs of a resource in one group", "[R16]") {
  const Store store;
  store.record({a_job("a").resource_id("vm-1"), a_job("b").group("g").resource_id("vm-1"),
                a_job("c").group("h").resource_id("vm-1")});

  CHECK(id_set(jobs_of(store, "vm-1", "g")) == IdSet{"b"});
  CHECK(id_set(jobs_of(store, "vm-1", "")) == IdSet{"a"});
}

TEST_CASE("with_resource returns held jobs too", "[R16]") {
  const Store store;
  store.record(
      {a_job("person").resource_id("vm-1"), a_job("rule").resource_id("vm-1").rule_hold("audit")});
  store.hold("person");
  store.detach(whole_project());

  CHECK(id_set(jobs_of(store, "vm-1")) == IdSet{"person", "rule"});
  CHECK(id_set(jobs_of(store, "vm-1", "")) == IdSet{"person", "rule"});
}

TEST_CASE("with_resource leaves payloads out", "[R16]") {
  const Store store;
  store.record(a_job("a").resource_id("vm-1").payload("12345"));
  StoredJob expected = store.get("a");
  expected.job.payload.clear();

  CHECK(jobs_of(store, "vm-1") == std::vector{expected});
}

TEST_CASE("with_resource returns no more than its limit", "[R16]") {
  const Store store;
  for (const char* group : {"", "g"}) {
    std::vector<NewJob> jobs = numbered_jobs(5, group);
    for (NewJob& job : jobs) job.resource_id("vm-1");
    store.record(jobs);
  }

  CHECK(jobs_of(store, "vm-1", {}, 7).size() == 7);
  CHECK(jobs_of(store, "vm-1", "g", 3).size() == 3);
}

TEST_CASE("with_resource follows the job's last resource", "[R16]") {
  const Store store;
  store.record(a_job("a").resource_id("vm-1"));
  store.record(a_job("a").resource_id("vm-2"));

  CHECK(jobs_of(store, "vm-1").empty());
  CHECK(id_set(jobs_of(store, "vm-2")) == IdSet{"a"});
}

TEST_CASE("with_resource returns what is live", "[R16]") {
  const Store store;
  store.record({a_job("forgotten").resource_id("vm-1"), a_job("removed").resource_id("vm-1"),
                a_job("evicted").group("g").resource_id("vm-1")});
  store.forget("forgotten");
  store.remove({store.get("removed")}, "p1");
  store.trim({keep_last(0, "g")});
  CHECK(jobs_of(store, "vm-1").empty());
  store.record(a_job("detached").resource_id("vm-1"));
  store.detach(whole_project(), "p2");
  CHECK(jobs_of(store, "vm-1").empty());
  store.restore("p2");

  CHECK(id_set(jobs_of(store, "vm-1")) == IdSet{"detached"});
}

}  // namespace
}  // namespace purgatory::contract
