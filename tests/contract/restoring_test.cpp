#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// A detached pile of three jobs, of which the newest is restored already.
class HalfRestored {
 public:
  HalfRestored() {
    store.record({a_job("a").failed_at(1), a_job("b").failed_at(2), a_job("c").failed_at(3)});
    PurgeNote note = store.note("purge");
    note.undo_until = store.now() + minutes(10);
    store->detach(store.call(), project_level(), note);
    next = store.restore_one().next;
  }

  [[nodiscard]] std::optional<ErrorCode> detaching(const Scope& scope) const {
    return code_of([&] { store.detach(scope, "another"); });
  }

  Store store;
  std::optional<PileCursor> next;
};

TEST_CASE("restore walks each group from the newest to the oldest", "[R7]") {
  const Store store;
  for (const char* group : {"h", "g"}) {
    store.record({a_job(std::string(group) + "1").group(group).failed_at(1),
                  a_job(std::string(group) + "3").group(group).failed_at(3),
                  a_job(std::string(group) + "2").group(group).failed_at(2)});
  }
  store.detach(whole_project());

  Ids order;
  std::optional<PileCursor> after;
  do {
    const IdSet before = store.live();
    after = store.restore_one("purge", after).next;
    for (const std::string& id : store.live()) {
      if (!before.contains(id)) order.push_back(id);
    }
  } while (after && order.size() < 6);
  CHECK(order == Ids{"g3", "g2", "g1", "h3", "h2", "h1"});
}

TEST_CASE("a slice of a restore stays within its budget", "[R7]") {
  const Store store;
  store.record(numbered_jobs(50));
  const std::uint64_t one = store.get("0000").bytes;
  store.detach(whole_project());

  SECTION("of jobs") {
    const Budget budget{.jobs = 7, .bytes = kMaxBytesPerCall, .time = seconds(1)};
    const auto slice = store->restore(store.call(), kProject, "purge", at(0), {}, budget, {});
    CHECK(slice.restored <= 7);
    CHECK(slice.next);
  }
  SECTION("of bytes but for one job") {
    const Budget budget{.jobs = 1000, .bytes = 3 * one, .time = seconds(1)};
    const auto slice = store->restore(store.call(), kProject, "purge", at(0), {}, budget, {});
    CHECK(slice.restored <= 4);
    CHECK(slice.next);
  }
}

TEST_CASE("a restore in the smallest slices brings everything back", "[R7]") {
  const Store store;
  store.record(numbered_jobs(30));
  store.record(numbered_jobs(30, "g"));
  store.detach(whole_project());
  const Budget smallest{.jobs = 1, .bytes = 1, .time = std::chrono::microseconds(1)};

  std::uint64_t restored = 0;
  std::optional<PileCursor> after;
  for (int slice = 0; slice < 1000; ++slice) {
    const auto result = store->restore(store.call(), kProject, "purge", at(0), {}, smallest, after);
    restored += result.restored;
    after = result.next;
    if (!after) break;
  }
  CHECK(restored == 60);
  CHECK(store.count() == 60);
}

TEST_CASE("a slice of a restore leaves the rest in trash", "[R7]") {
  const HalfRestored half;

  CHECK(half.store.live() == IdSet{"c"});
  CHECK(ids_of(half.store.trash()) == Ids{"b", "a"});
  CHECK(half.store.pile().jobs == 2);
}

TEST_CASE("a pile that is being restored is marked so", "[R7][R8]") {
  const HalfRestored half;

  REQUIRE(half.next);
  CHECK(half.store.pile().state == PileState::restoring);
  CHECK(half.store.entry().state == PileState::restoring);
}

TEST_CASE("the mark goes when the restore ends", "[R7]") {
  const HalfRestored half;
  half.store.restore();

  CHECK(half.store.pile().state == PileState::sealed);
}

TEST_CASE("the mark runs out after 30 seconds", "[R7]") {
  HalfRestored half;
  half.store.advance(seconds(29));
  CHECK(half.store.pile().state == PileState::restoring);
  half.store.advance(seconds(2));

  CHECK(half.store.pile().state == PileState::sealed);
}

TEST_CASE("each slice of a restore renews the mark", "[R7]") {
  HalfRestored half;
  half.store.advance(seconds(20));
  half.store.restore_one("purge", half.next);
  half.store.advance(seconds(20));

  CHECK(half.store.pile().state == PileState::restoring);
}

TEST_CASE("the mark runs out when the clock goes back", "[R7][R13]") {
  HalfRestored half;
  half.store.advance(-milliseconds(1));

  CHECK(half.store.pile().state == PileState::sealed);
  CHECK(half.detaching(whole_project()) == std::nullopt);
}

TEST_CASE("detach refuses a scope that overlaps one being restored", "[R5][R7]") {
  const HalfRestored half;

  CHECK(half.detaching(project_level()) == ErrorCode::conflict);
  CHECK(half.detaching(whole_project()) == ErrorCode::conflict);
  CHECK(half.store.has("c"));
}

TEST_CASE("detach purges a scope that does not overlap one being restored", "[R5][R7]") {
  const HalfRestored half;
  half.store.record(a_job("d").group("g"));

  CHECK(half.detaching(in_group("g")) == std::nullopt);
  CHECK_FALSE(half.store.has("d", "g"));
}

TEST_CASE("detach refuses any scope while a remove is being restored", "[R5][R7]") {
  const Store store;
  store.record({a_job("a"), a_job("b"), a_job("c").group("g")});
  store.remove({store.get("a"), store.get("b")});
  REQUIRE(store.restore_one().next);

  CHECK(code_of([&] { store.detach(in_group("g"), "another"); }) == ErrorCode::conflict);
}

TEST_CASE("detach may purge a scope again once its restore ended", "[R5][R7]") {
  const HalfRestored half;
  half.store.restore();

  CHECK(half.detaching(whole_project()) == std::nullopt);
  CHECK(half.store.live().empty());
}

TEST_CASE("detach may purge a scope whose restore was abandoned", "[R5][R7]") {
  HalfRestored half;
  half.store.advance(seconds(31));

  CHECK(half.detaching(whole_project()) == std::nullopt);
}

TEST_CASE("restore seals an open pile", "[R7]") {
  const Store store;
  store.record(a_job("a"));
  store.remove({store.get("a")});
  store.restore();

  CHECK(store.pile().state == PileState::sealed);
}

TEST_CASE("reclaim leaves a pile that is being restored", "[R7][R8]") {
  HalfRestored half;
  half.store.advance(minutes(10) - seconds(1));
  half.store.restore_one("purge", half.next);
  half.store.advance(seconds(2));
  CHECK(half.store.reclaim().jobs == 0);
  half.store.advance(seconds(30));

  CHECK(half.store.reclaim().jobs == 1);
}

}  // namespace
}  // namespace purgatory::contract
