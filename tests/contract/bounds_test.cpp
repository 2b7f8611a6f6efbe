#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// Without what caps took by rule and reason.
RecordResult counts_of(RecordResult result) {
  result.evictions.clear();
  return result;
}

TEST_CASE("a bound keeps the newest jobs", "[R1]") {
  const auto [bound, kept] = GENERATE(std::pair<std::uint64_t, IdSet>{1, {"0004"}},
                                      std::pair<std::uint64_t, IdSet>{2, {"0003", "0004"}});
  const Store store;
  for (const NewJob& job : numbered_jobs(5)) store.record(job, {keep_last(bound)});

  CHECK(store.live() == kept);
}

TEST_CASE("a job older than the kept ones is evicted by the call that records it", "[R1]") {
  const Store store;
  store.record({a_job("b").failed_at(2), a_job("c").failed_at(3)});

  CHECK(counts_of(store.record(a_job("a").failed_at(1), {keep_last(2)})) ==
        RecordResult{.inserted = 1, .evicted = 1});
  CHECK(store.live() == IdSet{"b", "c"});
}

TEST_CASE("a bound of no jobs evicts what the call records", "[R1]") {
  const Store store;

  CHECK(counts_of(store.record(a_job("a"), {keep_last(0)})) ==
        RecordResult{.inserted = 1, .evicted = 1});
  CHECK(store.partitions().empty());
}

TEST_CASE("equally old jobs are evicted by job_id", "[R1]") {
  const Store store;
  store.record({a_job("b"), a_job("\xff"), a_job("a")}, {keep_last(1)});

  CHECK(store.live() == IdSet{"\xff"});
}

TEST_CASE("a bound trims only its own partition", "[R1]") {
  const Store store;
  store.record({a_job("a"), a_job("b"), a_job("c").group("g"), a_job("d").group("g")},
               {keep_last(1, "g")});

  CHECK(store.live() == IdSet{"a", "b", "d"});
}

TEST_CASE("a call with jobs also trims the bounded partitions that it does not write", "[R1]") {
  const Store store;
  store.record({a_job("a").failed_at(1), a_job("b").failed_at(2)});
  store.record(a_job("c").group("g"), {keep_last(1), keep_last(1, "g")});

  // What the partition had before the call is kept: a lowered cap is not applied by accident.
  CHECK(store.live() == IdSet{"a", "b", "c"});
}

TEST_CASE("a call with jobs keeps as many as it found", "[R1]") {
  const Store store;
  store.record(numbered_jobs(5));

  CHECK(counts_of(store.record(a_job("new").failed_at(9), {keep_last(2)})) ==
        RecordResult{.inserted = 1, .evicted = 1});
  CHECK(store.live() == IdSet{"0001", "0002", "0003", "0004", "new"});
}

TEST_CASE("a call with jobs keeps as many bytes as it found", "[R1]") {
  const Store store;
  store.record({a_job("a").failed_at(1), a_job("b").failed_at(2)});
  const NewJob same_size = a_job("c").failed_at(3);

  CHECK(store.record(same_size, {max_bytes(same_size.bytes())}).evicted == 1);
  CHECK(store.live() == IdSet{"b", "c"});
}

TEST_CASE("a call without jobs trims to the bound itself", "[R1]") {
  const Store store;
  store.record(numbered_jobs(5));

  CHECK(counts_of(store.trim({keep_last(2)})) == RecordResult{.evicted = 3});
  CHECK(store.live() == IdSet{"0003", "0004"});
}

TEST_CASE("a replacement within the bound evicts nothing", "[R1]") {
  const Store store;
  store.record({a_job("a").failed_at(1), a_job("b").failed_at(2)}, {keep_last(2)});

  CHECK(store.record(a_job("a").failed_at(3), {keep_last(2)}) == RecordResult{.replaced = 1});
}

TEST_CASE("a bound of bytes evicts the oldest until the rest fits", "[R1]") {
  const Store store;
  store.record({a_job("a").failed_at(1).payload_bytes(100),
                a_job("b").failed_at(2).payload_bytes(100),
                a_job("c").failed_at(3).payload_bytes(100)});
  const std::uint64_t room_for_two = 2 * store.get("a").bytes;

  SECTION("exactly") {
    store.trim({max_bytes(room_for_two)});
    CHECK(store.live() == IdSet{"b", "c"});
  }
  SECTION("with a byte too few") {
    store.trim({max_bytes(room_for_two - 1)});
    CHECK(store.live() == IdSet{"c"});
  }
}

TEST_CASE("a replacement that grows a partition over its bytes evicts the oldest", "[R1]") {
  const Store store;
  store.record(
      {a_job("a").failed_at(1).payload_bytes(100), a_job("b").failed_at(2).payload_bytes(100)});
  const std::uint64_t full = 2 * store.get("a").bytes;

  CHECK(counts_of(store.record(a_job("b").failed_at(2).payload_bytes(101), {max_bytes(full)})) ==
        RecordResult{.replaced = 1, .evicted = 1});
  CHECK(store.live() == IdSet{"b"});
}

TEST_CASE("both bounds of a partition hold at once", "[R1]") {
  const Store store;
  store.record(numbered_jobs(5));
  const std::uint64_t one = store.get("0000").bytes;

  CHECK(store.trim({Bound{"", 3, 2 * one}}).evicted == 3);
  CHECK(store.live() == IdSet{"0003", "0004"});
}

TEST_CASE("held jobs are neither counted nor evicted by a bound", "[R1]") {
  const Store store;
  store.record({a_job("person").failed_at(0), a_job("rule").failed_at(1).rule_hold("audit"),
                a_job("b").failed_at(2)});
  store.hold("person");

  SECTION("of jobs") {
    CHECK(store.record(a_job("c").failed_at(3), {keep_last(2)}).evicted == 0);
    CHECK(store.record(a_job("d").failed_at(4), {keep_last(2)}).evicted == 1);
  }
  SECTION("of bytes") {
    const std::uint64_t room_for_two = a_job("c").bytes() * 2;
    CHECK(store.record(a_job("c").failed_at(3), {max_bytes(room_for_two)}).evicted == 0);
    CHECK(store.record(a_job("d").failed_at(4), {max_bytes(room_for_two)}).evicted == 1);
  }
  CHECK(store.live() == IdSet{"person", "rule", "c", "d"});
}

TEST_CASE("a call evicts at most a thousand jobs", "[R1]") {
  const Store store;
  store.record(numbered_jobs(1000));
  store.record(numbered_jobs(500, "g"));
  std::vector<NewJob> more = numbered_jobs(500);
  for (NewJob& job : more) job.fields.job_id += "b";
  store.record(more);

  CHECK(store.trim({keep_last(10), keep_last(10, "g")}).evicted == 1000);
}

TEST_CASE("what a call could not evict goes by the following ones", "[R1]") {
  const Store store;
  store.record(numbered_jobs(1000));
  std::vector<NewJob> more = numbered_jobs(500);
  for (NewJob& job : more) job.fields.job_id += "b";
  store.record(more);
  store.trim({keep_last(10)});

  CHECK(store.trim({keep_last(10)}).evicted == 490);
  CHECK(store.count() == 10);
}

TEST_CASE("a call stops evicting once 4 MiB are evicted", "[R1]") {
  const Store store;
  for (int i = 0; i < 6; ++i) {
    store.record(a_job(std::to_string(i)).failed_at(i).payload_bytes(kMiB));
  }

  CHECK(store.trim({keep_last(1)}).evicted == 4);
  CHECK(store.live() == IdSet{"4", "5"});
}

TEST_CASE("a bound names a partition that does not exist", "[R1]") {
  const Store store;

  CHECK(store.trim({keep_last(1, "nobody")}) == RecordResult{});
}

}  // namespace
}  // namespace purgatory::contract
