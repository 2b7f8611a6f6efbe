#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("restore refuses what would take its partition over a bound of jobs", "[R7]") {
  const Store store;
  store.record({a_job("a").failed_at(1), a_job("b").failed_at(2), a_job("c").failed_at(3)});
  store.detach(whole_project());
  store.record(a_job("live").failed_at(9));

  const RestoreResult result = store.restore("purge", {keep_last(2)});
  CHECK(result.restored == 1);
  CHECK(result.refused == 2);
  CHECK(store.live() == IdSet{"c", "live"});
  CHECK(ids_of(store.trash()) == Ids{"b", "a"});
}

TEST_CASE("restore refuses what would take its partition over a bound of bytes", "[R7]") {
  const Store store;
  store.record(
      {a_job("a").failed_at(1).payload_bytes(100), a_job("b").failed_at(2).payload_bytes(200)});
  const std::uint64_t room = store.get("b").bytes;
  store.detach(whole_project());

  SECTION("exactly full") {
    CHECK(store.restore("purge", {max_bytes(room)}).refused == 1);
    CHECK(store.live() == IdSet{"b"});
  }
  SECTION("a byte too few") {
    CHECK(store.restore("purge", {max_bytes(room - 1)}).refused == 1);
    CHECK(store.live() == IdSet{"a"});
  }
}

TEST_CASE("restore evicts nothing", "[R7]") {
  const Store store;
  store.record(a_job("a").failed_at(9));
  store.detach(whole_project());
  store.record({a_job("b").failed_at(1), a_job("c").failed_at(2)});

  CHECK(store.restore("purge", {keep_last(1)}).refused == 1);
  CHECK(store.live() == IdSet{"b", "c"});
}

TEST_CASE("held jobs do not fill a bound of a restore", "[R7]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.record(a_job("held").rule_hold("audit"));

  CHECK(store.restore("purge", {Bound{"", 1, a_job("a").bytes()}}).restored == 1);
}

TEST_CASE("the place of a replaced twin counts as free", "[R7]") {
  const Store store;
  store.record(a_job("a").failed_at(5));
  const std::uint64_t one = store.get("a").bytes;
  store.detach(whole_project());
  store.record(a_job("a").failed_at(4));

  CHECK(store.restore("purge", {Bound{"", 1, one}}).restored == 1);
}

TEST_CASE("a bound of a restore means its own group only", "[R7]") {
  const Store store;
  store.record({a_job("a").group("g"), a_job("b").group("h"), a_job("c")});
  store.detach(whole_project());

  const RestoreResult result = store.restore("purge", {keep_last(0, "g")});
  CHECK(result.refused == 1);
  CHECK(store.live() == IdSet{"b", "c"});
}

TEST_CASE("a later restore with more room brings back what was refused", "[R7]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});
  store.detach(whole_project());
  store.restore("purge", {keep_last(1)});

  CHECK(store.restore("purge", {keep_last(2)}).restored == 1);
  CHECK(store.live() == IdSet{"a", "b"});
  CHECK(store.entry().restored == 2);
}

TEST_CASE("a bounded restore in slices refuses as much as one in a piece", "[R7]") {
  const Store store;
  store.record(numbered_jobs(10));
  store.detach(whole_project());
  const std::vector bounds{keep_last(4)};

  std::uint64_t restored = 0;
  std::uint64_t refused = 0;
  std::optional<PileCursor> after;
  for (int slice = 0; slice < 100; ++slice) {
    const auto result =
        store->restore(store.call(), kProject, "purge", at(0), bounds, kOneJob, after);
    restored += result.restored;
    refused += result.refused;
    after = result.next;
    if (!after) break;
  }
  CHECK(restored == 4);
  CHECK(refused == 6);
  CHECK(store.live() == IdSet{"0006", "0007", "0008", "0009"});
}

}  // namespace
}  // namespace purgatory::contract
