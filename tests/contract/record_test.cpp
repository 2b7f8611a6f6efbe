#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("record inserts a new job", "[R1][R2]") {
  const Store store;

  CHECK(store.record(a_job("a")) == RecordResult{.inserted = 1});
  CHECK(store.has("a"));
}

TEST_CASE("record keeps every field and the stamp", "[R1]") {
  const Store store;
  NewJob job = a_job("a").group("g").job_type("backup").resource_id("vm-1").payload("retry me");
  job.rule("old").purge_after(50).archive("cold").rule_hold("audit");
  job.fields.resource_type = "vm";
  job.fields.resource_name = "web";
  job.fields.failure_status = "failed";
  job.fields.error_code = "E42";
  job.fields.fail_reason = "no space";
  job.fields.attempts = 4'000'000'000;
  job.fields.labels = {{"zone", "eu"}, {"empty", ""}};
  store.record(job);

  const StoredJob stored = store.get("a", "g");
  CHECK(stored.job == job.fields);
  CHECK(stored.retention == Retention{job.stamp, std::nullopt, std::nullopt});
  CHECK(stored.bytes == job.bytes());
  CHECK(stored.payload_bytes == job.fields.payload.size());
}

TEST_CASE("record writes when it was called", "[R1]") {
  Store store;
  store.set_clock(at(77));
  store.record(a_job("a"));

  CHECK(store.get("a").recorded_at == at(77));
}

TEST_CASE("record keeps the first and the last moment that a job may have", "[R1][R15]") {
  const Store store;
  NewJob first = a_job("first");
  first.fields.failed_at = Time{};
  NewJob last = a_job("last");
  last.fields.failed_at =
      Time{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}} - milliseconds(1);
  store.record({first, last});

  CHECK(store.get("first").job.failed_at == first.fields.failed_at);
  CHECK(store.get("last").job.failed_at == last.fields.failed_at);
}

TEST_CASE("a greater failed_at replaces the job", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(10).payload("old"));

  CHECK(store.record(a_job("a").failed_at(11).payload("new")) == RecordResult{.replaced = 1});
  CHECK(store.get("a").job.payload == "new");
  CHECK(store.count() == 1);
}

TEST_CASE("an equal failed_at replaces the job", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(10).payload("old"));

  CHECK(store.record(a_job("a").failed_at(10).payload("new")) == RecordResult{.replaced = 1});
  CHECK(store.get("a").job.payload == "new");
}

TEST_CASE("an older failed_at is stale and changes nothing", "[R1]") {
  Store store;
  store.record(a_job("a").failed_at(10).payload("stored"));
  const StoredJob before = store.get("a");
  store.advance(seconds(1));

  CHECK(store.record(a_job("a").failed_at(9).payload("late")) == RecordResult{.stale = 1});
  CHECK(store.get("a") == before);
}

TEST_CASE("the same job_id in two groups is two jobs", "[R1]") {
  const Store store;

  CHECK(store.record({a_job("1").group("g"), a_job("1").group("h"), a_job("1")}).inserted == 3);
  CHECK(store.count() == 3);
}

TEST_CASE("the same identity in two projects is two jobs", "[R1]") {
  const Store store;
  store.record(a_job("1").payload("shop's"));
  store.record(a_job("1").project("depot").payload("depot's"));

  CHECK(store.get("1").job.payload == "shop's");
  CHECK(store->find(store.call(), "depot", "", "1").value().job.payload == "depot's");
}

TEST_CASE("a call records its jobs in order", "[R1]") {
  const Store store;

  const RecordResult result = store.record({a_job("a").failed_at(1), a_job("a").failed_at(2),
                                            a_job("b").failed_at(2), a_job("b").failed_at(1)});
  CHECK(result == RecordResult{.inserted = 2, .replaced = 1, .stale = 1});
}

TEST_CASE("a call without jobs and bounds does nothing", "[R1]") {
  const Store store;

  CHECK(store.trim({}) == RecordResult{});
  CHECK(store.partitions().empty());
}

TEST_CASE("a call takes a thousand jobs", "[R1]") {
  const Store store;

  CHECK(store.record(numbered_jobs(1000)) == RecordResult{.inserted = 1000});
  CHECK(store.count() == 1000);
}

TEST_CASE("each job of a call gets its own version", "[R1]") {
  const Store store;
  store.record(numbered_jobs(100));

  std::set<Version> versions;
  for (const StoredJob& stored : store.list()) versions.insert(stored.version);
  CHECK(versions.size() == 100);
  CHECK_FALSE(versions.contains(0));
}

TEST_CASE("each write gives a greater version than all before", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  store.record(a_job("b").failed_at(1));
  const Version before = store.get("b").version;
  CHECK(store.get("a").version < before);

  SECTION("a replacement") { store.record(a_job("a").failed_at(2)); }
  SECTION("a replacement by an equal one") { store.record(a_job("a").failed_at(1)); }
  SECTION("a forgotten job that comes back") {
    store.forget("a");
    store.record(a_job("a").failed_at(1));
  }
  SECTION("a purged job that comes back") {
    store.detach(whole_project());
    store.record(a_job("a").failed_at(1));
  }
  CHECK(store.get("a").version > before);
}

TEST_CASE("a person's hold survives a record", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  store.hold("a");
  const auto hold = store.get("a").retention.hold;
  store.record(a_job("a").failed_at(2));

  CHECK(store.get("a").job.failed_at == at(2));
  CHECK(store.get("a").retention.hold == hold);
}

TEST_CASE("the new stamp decides the rule's hold", "[R1]") {
  const Store store;

  SECTION("it lets the job go") {
    store.record(a_job("a").failed_at(1).rule_hold("audit"));
    store.record(a_job("a").failed_at(2));
    CHECK(store.forget("a") == Forgotten::forgotten);
  }
  SECTION("it takes hold of the job") {
    store.record(a_job("a").failed_at(1));
    store.record(a_job("a").failed_at(2).rule_hold("audit"));
    CHECK(store.detach(whole_project()).held == 1);
  }
}

TEST_CASE("the new stamp replaces the old one", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1).rule("old").purge_after(5).archive("cold"));
  NewJob again = a_job("a").failed_at(1).rule("new").purge_after(7);
  store.record(again);

  CHECK(store.get("a").retention.stamp == again.stamp);
}

TEST_CASE("a greater failed_at clears the resolution", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  store.resolve("a", at(5));
  store.record(a_job("a").failed_at(2));

  CHECK(store.get("a").retention.resolved_at == std::nullopt);
}

TEST_CASE("a greater failed_at clears the resolution of a held job too", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  store.hold("a");
  store.resolve("a", at(5));
  store.record(a_job("a").failed_at(2));

  CHECK(store.get("a").retention.resolved_at == std::nullopt);
  CHECK(store.get("a").retention.hold);
}

TEST_CASE("an equal failed_at keeps the resolution", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  store.resolve("a", at(5));
  store.record(a_job("a").failed_at(1));

  CHECK(store.get("a").retention.resolved_at == at(5));
}

TEST_CASE("a greater failed_at clears not_before", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1).purge_after(3));
  store.detach(whole_project());
  store.restore();
  store.record(a_job("a").failed_at(2).purge_after(4));

  CHECK(store.get("a").retention.stamp.not_before == std::nullopt);
}

TEST_CASE("an equal failed_at keeps not_before", "[R1]") {
  const Store store;
  store.record(a_job("a").failed_at(1).purge_after(3));
  store.detach(whole_project());
  store.restore();
  store.record(a_job("a").failed_at(1).purge_after(4));

  CHECK(store.get("a").retention.stamp.not_before == store.now() + hours(1));
  CHECK(store.get("a").retention.stamp.purge_after == at(4));
}

}  // namespace
}  // namespace purgatory::contract
