#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

NewJob archived_job() { return a_job("a").failed_at(1).archive("cold"); }

TEST_CASE("an evicted job without an archive is freed at once", "[R1]") {
  const Store store;
  store.record({a_job("a").failed_at(1), a_job("b").failed_at(2)}, {keep_last(1)});

  CHECK(store.figure("trash_jobs") == 0);
}

TEST_CASE("an evicted job that names an archive joins the pile of the note", "[R1]") {
  const Store store;
  store.record({archived_job(), a_job("b").failed_at(2)}, {keep_last(1)}, "caps");

  CHECK(ids_of(store.trash("caps")) == Ids{"a"});
  CHECK(store.pile("caps").waiting);
}

TEST_CASE("later evictions join the open pile of caps", "[R1]") {
  const Store store;
  store.record({archived_job(), a_job("b").failed_at(2).archive("cold")}, {keep_last(1)}, "caps");
  store.record(a_job("c").failed_at(3), {keep_last(1)}, "caps");

  CHECK(id_set(store.trash("caps")) == IdSet{"a", "b"});
  CHECK(store.pile("caps").jobs == 2);
}

TEST_CASE("evictions are counted by rule and kind of bound, by the call and in the journal",
          "[R1][R12]") {
  const Store store;
  store.record({a_job("a").failed_at(1).rule("slow"), a_job("b").failed_at(2).rule("fast"),
                a_job("c").failed_at(3).rule("fast"), a_job("d").failed_at(4).rule("slow"),
                a_job("e").failed_at(5).rule("slow")});
  const std::uint64_t one = store.get("a").bytes;
  const RecordResult first = store.trim({keep_last(3)}, "caps");
  const RecordResult second = store.trim({Bound{"", 3, one}}, "caps");

  CHECK(first.evictions ==
        std::vector<EvictionCount>{{"fast", "count", 1, one}, {"slow", "count", 1, one}});
  CHECK(second.evictions ==
        std::vector<EvictionCount>{{"fast", "bytes", 1, one}, {"slow", "bytes", 1, one}});
  CHECK(store.entry("caps").evictions == std::vector<EvictionCount>{{"fast", "bytes", 1, one},
                                                                    {"fast", "count", 1, one},
                                                                    {"slow", "bytes", 1, one},
                                                                    {"slow", "count", 1, one}});
}

TEST_CASE("an eviction that both bounds ask for is counted for the jobs", "[R1][R12]") {
  const Store store;
  store.record({a_job("a").failed_at(1), a_job("b").failed_at(2)});
  const std::uint64_t one = store.get("a").bytes;
  store.trim({Bound{"", 1, one}}, "caps");

  CHECK(store.entry("caps").evictions == std::vector<EvictionCount>{{"", "count", 1, one}});
}

TEST_CASE("the journal entry of caps counts freed and archived jobs", "[R1][R12]") {
  const Store store;
  store.record({archived_job(), a_job("b").failed_at(2), a_job("c").failed_at(3)}, {keep_last(1)});
  const std::uint64_t one = store.get("c").bytes;

  const JournalEntry entry = store.entry("caps");
  CHECK(entry.jobs == 2);
  CHECK(entry.bytes == 2 * one);
  CHECK(entry.restored == 0);
}

TEST_CASE("a record that evicts nothing leaves no journal entry", "[R1][R12]") {
  const Store store;
  store.record(a_job("a"), {keep_last(5)});

  CHECK(store.journal().empty());
}

TEST_CASE("a purge by caps is never restored", "[R1][R7]") {
  const Store store;
  store.record({archived_job(), a_job("b").failed_at(2)}, {keep_last(1)}, "caps");

  CHECK(code_of([&] { store.restore("caps"); }) == ErrorCode::not_found);
}

TEST_CASE("a purge by caps is freed once it is archived", "[R1][R8]") {
  Store store;
  store.record({archived_job(), a_job("b").failed_at(2)}, {keep_last(1)}, "caps");
  store.advance(hours(2));
  CHECK(store.reclaim().jobs == 0);
  store.seal("caps");
  store.mark_archived("caps");

  CHECK(store.reclaim().jobs == 1);
}

TEST_CASE("record with bounds refuses the purge_id of another kind of purge", "[R1]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});

  SECTION("a detach") { store.detach(project_level(), "taken"); }
  SECTION("a remove") { store.remove({store.get("a")}, "taken"); }
  CHECK(code_of([&] { store.record(a_job("c"), {keep_last(9)}, "taken"); }) == ErrorCode::conflict);
  CHECK_FALSE(store.has("c"));
}

TEST_CASE("record with bounds refuses a pile of caps that is sealed", "[R1]") {
  const Store store;
  store.record({archived_job(), a_job("b").failed_at(2)}, {keep_last(1)}, "caps");
  store.seal("caps");

  CHECK(code_of([&] { store.record(a_job("c").failed_at(3), {keep_last(1)}, "caps"); }) ==
        ErrorCode::conflict);
  CHECK(store.live() == IdSet{"b"});
}

TEST_CASE("record with bounds refuses a pile of caps that is gone", "[R1]") {
  Store store;
  store.record({archived_job(), a_job("b").failed_at(2)}, {keep_last(1)}, "caps");
  store.seal("caps");
  store.mark_archived("caps");
  store.advance(hours(2));
  store.reclaim();

  CHECK(code_of([&] { store.record(a_job("c").failed_at(3), {keep_last(1)}, "caps"); }) ==
        ErrorCode::conflict);
}

TEST_CASE("record without bounds does not look at the purge_id", "[R1]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(project_level(), "taken");

  CHECK(store.record(a_job("b"), {}, "taken").inserted == 1);
}

}  // namespace
}  // namespace purgatory::contract
