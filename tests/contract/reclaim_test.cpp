#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("reclaim frees a pile at the end of its undo window", "[R8]") {
  Store store;
  store.record(a_job("a"));
  const std::uint64_t bytes = store.detach(whole_project()).bytes;
  store.advance(hours(1));

  const ReclaimResult result = store.reclaim();
  CHECK(result.jobs == 1);
  CHECK(result.bytes == bytes);
  CHECK(store.figure("trash_jobs") == 0);
  CHECK(store.figure("trash_bytes") == 0);
}

TEST_CASE("reclaim leaves a pile within its undo window", "[R8]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.advance(hours(1) - milliseconds(1));

  CHECK(store.reclaim().jobs == 0);
  CHECK(store.pile().jobs == 1);
}

TEST_CASE("reclaim frees a purge without an undo window at once", "[R8]") {
  const Store store;
  store.record(a_job("a"));
  PurgeNote note = store.note("purge");
  note.undo_until = store.now();
  store->detach(store.call(), whole_project(), note);

  CHECK(store.reclaim().jobs == 1);
}

TEST_CASE("reclaim frees an open pile and closes it", "[R8][R6]") {
  Store store;
  store.record({a_job("a"), a_job("b")});
  store.remove({store.get("a")});
  store.advance(hours(1));

  CHECK(store.reclaim().jobs == 1);
  CHECK(code_of([&] { store.remove({store.get("b")}); }) == ErrorCode::conflict);
}

TEST_CASE("reclaim leaves a pile that waits for its archive", "[R8]") {
  Store store;
  store.record(a_job("a").archive("cold"));
  store.detach(whole_project());
  store.advance(hours(1));
  CHECK(store.reclaim().jobs == 0);
  store.mark_archived();

  CHECK(store.reclaim().jobs == 1);
}

TEST_CASE("reclaim leaves live jobs and other piles alone", "[R8]") {
  Store store;
  store.record(a_job("old"));
  store.detach(whole_project(), "old");
  store.advance(minutes(30));
  store.record(a_job("young"));
  store.detach(whole_project(), "young");
  store.record(a_job("live"));
  store.advance(minutes(30));

  CHECK(store.reclaim().jobs == 1);
  CHECK(store.pile("young").jobs == 1);
  CHECK(store.live() == IdSet{"live"});
}

TEST_CASE("reclaim leaves other projects alone", "[R8]") {
  Store store;
  store.record(a_job("a").project("depot"));
  store.detach(Scope::project("depot"));
  store.advance(hours(2));

  CHECK(store.reclaim().jobs == 0);
  CHECK(store->piles(store.call(), "depot", {}).items.size() == 1);
}

TEST_CASE("a slice of reclaim stays within its budget", "[R8]") {
  Store store;
  store.record(numbered_jobs(50));
  const std::uint64_t one = store.get("0000").bytes;
  store.detach(whole_project());
  store.advance(hours(1));

  SECTION("of jobs") {
    const auto slice = store->reclaim(store.call(), kProject,
                                      {.jobs = 7, .bytes = kMaxBytesPerCall, .time = seconds(1)});
    CHECK(slice.jobs <= 7);
    CHECK(slice.more);
  }
  SECTION("of bytes but for one job") {
    const auto slice = store->reclaim(store.call(), kProject,
                                      {.jobs = 1000, .bytes = 3 * one, .time = seconds(1)});
    CHECK(slice.jobs <= 4);
    CHECK(slice.more);
  }
}

TEST_CASE("a slice of reclaim stays within its budget over many small partitions", "[R8]") {
  Store store;
  for (std::size_t i = 0; i < 50; ++i) store.record(a_job("a").group(four_digits(i)));

  SECTION("of one pile") { store.detach(whole_project()); }
  SECTION("of many piles") {
    for (std::size_t i = 0; i < 50; ++i) store.detach(in_group(four_digits(i)), four_digits(i));
  }
  store.advance(hours(1));
  const auto slice = store->reclaim(store.call(), kProject,
                                    {.jobs = 7, .bytes = kMaxBytesPerCall, .time = seconds(1)});
  CHECK(slice.jobs <= 7);
  CHECK(slice.more);
}

TEST_CASE("a budget without end frees everything in one call", "[R8]") {
  Store store;
  store.record(numbered_jobs(300));
  store.detach(whole_project());
  store.advance(hours(1));

  const auto slice =
      store->reclaim(store.call(), kProject,
                     {.jobs = ~0ULL, .bytes = ~0ULL, .time = std::chrono::microseconds::max()});
  CHECK(slice.jobs == 300);
  CHECK_FALSE(slice.more);
}

TEST_CASE("the smallest slices free everything", "[R8]") {
  Store store;
  store.record(numbered_jobs(30));
  store.record(numbered_jobs(30, "g"));
  store.detach(in_group("g"), "p1");
  store.remove(store.list(), "p2");
  store.advance(hours(1));

  CHECK(store.reclaim({.jobs = 1, .bytes = 1, .time = std::chrono::microseconds(1)}).jobs == 60);
  CHECK(store.figure("trash_jobs") == 0);
}

TEST_CASE("the first slice makes the pile gone", "[R8]") {
  Store store;
  store.record(numbered_jobs(20));
  store.detach(whole_project());
  store.advance(hours(1));
  store->reclaim(store.call(), kProject, kOneJob);

  CHECK(store.piles().empty());
  CHECK(code_of([&] { return store.trash(); }) == ErrorCode::not_found);
  CHECK(store.entry().state == PileState::gone);
}

TEST_CASE("the journal entry outlives its trash", "[R8][R12]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.advance(hours(1));
  store.reclaim();

  CHECK(store.entry().jobs == 1);
  CHECK(store.entry().state == PileState::gone);
}

TEST_CASE("reclaim of an unknown project finds nothing to do", "[R8]") {
  const Store store;

  CHECK(store.reclaim().jobs == 0);
}

}  // namespace
}  // namespace purgatory::contract
