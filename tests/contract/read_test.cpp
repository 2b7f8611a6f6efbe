#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

const char* const kHighByte = "\xff";

TEST_CASE("find returns the job with its payload", "[R3]") {
  const Store store;
  store.record(a_job("a").payload("retry me"));

  CHECK(store.get("a").job.payload == "retry me");
}

TEST_CASE("find returns nothing for a job that is not there", "[R3]") {
  const Store store;
  store.record(a_job("a").group("g"));

  CHECK_FALSE(store.has("b", "g"));
  CHECK_FALSE(store.has("a", "h"));
  CHECK_FALSE(store.has("a"));
  CHECK_FALSE(store->find(store.call(), "depot", "g", "a"));
}

TEST_CASE("locate returns the groups that have a job_id ascending", "[R3]") {
  const Store store;
  store.record({a_job("1").group(kHighByte), a_job("1").group("b"), a_job("1"),
                a_job("1").group("a"), a_job("2").group("c")});

  CHECK(store->locate(store.call(), kProject, "1") == Ids{"", "a", "b", kHighByte});
}

TEST_CASE("locate returns nothing for an unknown job_id", "[R3]") {
  const Store store;
  store.record(a_job("1").group("a"));

  CHECK(store->locate(store.call(), kProject, "2").empty());
  CHECK(store->locate(store.call(), "depot", "1").empty());
}

TEST_CASE("locate does not find purged jobs", "[R3]") {
  const Store store;
  store.record({a_job("1").group("a"), a_job("1").group("b")});
  store.detach(in_group("a"));

  CHECK(store->locate(store.call(), kProject, "1") == Ids{"b"});
}

TEST_CASE("list goes from the newest to the oldest", "[R3]") {
  const Store store;
  store.record({a_job("a").failed_at(2), a_job("b").failed_at(3), a_job("c").failed_at(1)});

  CHECK(ids_of(store.list()) == Ids{"b", "a", "c"});
}

TEST_CASE("list orders equally old jobs by job_id descending as unsigned bytes", "[R3]") {
  const Store store;
  store.record({a_job("a"), a_job(kHighByte), a_job("aa"), a_job("b")});

  CHECK(ids_of(store.list()) == Ids{kHighByte, "b", "aa", "a"});
}

TEST_CASE("list orders equally old jobs of one job_id by group descending", "[R3]") {
  const Store store;
  store.record({a_job("1").group("a"), a_job("1").group(kHighByte), a_job("1")});

  Ids groups;
  for (const StoredJob& stored : store.list()) groups.push_back(stored.job.group);
  CHECK(groups == Ids{kHighByte, "a", ""});
}

TEST_CASE("list gives the same order at any page size", "[R3]") {
  const Store store;
  for (const char* group : {"", "g", "h"}) store.record(numbered_jobs(7, group));
  const auto limit = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{20});

  CHECK(store.list(whole_project(), {}, limit) == store.list(whole_project(), {}, 1000));
}

TEST_CASE("list returns no more than its limit", "[R3]") {
  const Store store;
  store.record(numbered_jobs(5));

  CHECK(store->list(store.call(), {whole_project(), {}}, {}, 3).items.size() <= 3);
}

TEST_CASE("list leaves payloads out and gives their size", "[R3]") {
  const Store store;
  NewJob job = a_job("a").payload("12345").rule("r");
  job.fields.labels = {{"zone", "eu"}};
  store.record(job);
  StoredJob expected = store.get("a");
  expected.job.payload.clear();

  CHECK(store.list() == std::vector{expected});
  CHECK(expected.payload_bytes == 5);
}

TEST_CASE("list walks the jobs of its scope", "[R3]") {
  const Store store;
  store.record({a_job("none"), a_job("g").group("g"), a_job("h").group("h")});
  store.record(a_job("other").project("depot"));

  CHECK(store.live(project_level()) == IdSet{"none"});
  CHECK(store.live(in_group("g")) == IdSet{"g"});
  CHECK(store.live(whole_project()) == IdSet{"none", "g", "h"});
}

TEST_CASE("list of an unknown project is empty", "[R3]") {
  const Store store;
  store.record(a_job("a"));

  const auto page = store->list(store.call(), {Scope::project("depot"), {}}, {}, 10);
  CHECK(page.items.empty());
  CHECK_FALSE(page.next);
}

/// The cursor of a walk that has given the newest job.
ListCursor after_the_newest(const Store& store) {
  const StoredJob newest = store.list().front();
  return {newest.job.failed_at, newest.job.job_id, newest.job.group};
}

TEST_CASE("a walk goes on after its last job was deleted", "[R3]") {
  const Store store;
  store.record(numbered_jobs(4));
  const ListCursor after = after_the_newest(store);
  store.forget(after.job_id);

  CHECK(ids_of(store.list(whole_project(), {}, 10, after)) == Ids{"0002", "0001", "0000"});
}

TEST_CASE("a walk that was begun does not see newer jobs", "[R3]") {
  const Store store;
  store.record(numbered_jobs(3));
  const ListCursor after = after_the_newest(store);
  store.record(a_job("new").failed_at(100));

  CHECK(ids_of(store.list(whole_project(), {}, 10, after)) == Ids{"0001", "0000"});
}

TEST_CASE("count without a filter counts the scope", "[R3]") {
  const Store store;
  store.record({a_job("a"), a_job("b").group("g"), a_job("c").group("g"), a_job("d").group("h")});
  store.record(a_job("other").project("depot"));

  CHECK(store.count(project_level()) == 1);
  CHECK(store.count(in_group("g")) == 2);
  CHECK(store.count(in_group("nobody")) == 0);
  CHECK(store.count(whole_project()) == 4);
}

TEST_CASE("count with a filter counts what matches", "[R3]") {
  const Store store;
  store.record({a_job("a").job_type("backup"), a_job("b").job_type("copy"),
                a_job("c").group("g").job_type("backup")});
  Filter filter;
  filter.job_type = "backup";

  CHECK(store.count(whole_project(), filter) == 2);
  CHECK(store.count(in_group("g"), filter) == 1);
}

TEST_CASE("count with a filter returns no more than it is asked for", "[R3]") {
  const Store store;
  store.record(numbered_jobs(20));
  Filter filter;
  filter.failed_from = at(5);

  CHECK(store.count(whole_project(), filter, 7) == 7);
  CHECK(store.count(whole_project(), filter, 15) == 15);
  CHECK(store.count(whole_project(), filter, 16) == 15);
}

}  // namespace
}  // namespace purgatory::contract
