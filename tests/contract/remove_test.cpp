#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("remove purges the listed jobs", "[R6]") {
  const Store store;
  store.record({a_job("a"), a_job("b").group("g"), a_job("c")});

  CHECK(store.remove({store.get("a"), store.get("b", "g")}) == RemoveResult{.removed = 2});
  CHECK(store.live() == IdSet{"c"});
}

TEST_CASE("remove puts whole jobs into an open pile", "[R6][R8]") {
  const Store store;
  store.record(a_job("a").payload("retry me").rule("r").purge_after(5));
  const StoredJob live = store.get("a");
  store.remove({live});

  CHECK(store.trash() == std::vector{live});
  CHECK(store.pile().state == PileState::open);
}

TEST_CASE("remove leaves a job that changed", "[R6]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");
  store.record(a_job("a"));

  CHECK(store.remove({listed}) == RemoveResult{.changed = 1});
  CHECK(store.has("a"));
}

TEST_CASE("remove leaves a held job", "[R6]") {
  const Store store;
  store.record(a_job("a"));
  store.hold("a");

  CHECK(store.remove({store.get("a")}) == RemoveResult{.held = 1});
  CHECK(store.has("a"));
}

TEST_CASE("remove counts a job that is not there", "[R6]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");

  SECTION("because it was forgotten") { store.forget("a"); }
  SECTION("because another purge took it") { store.detach(whole_project(), "other"); }
  CHECK(store.remove({listed}) == RemoveResult{.absent = 1});
}

TEST_CASE("the counts of a remove add up to the listed jobs", "[R6]") {
  const Store store;
  store.record(
      {a_job("removed"), a_job("changed"), a_job("held").rule_hold("audit"), a_job("absent")});
  const std::vector<StoredJob> listed = store.list();
  store.record(a_job("changed"));
  store.forget("absent");

  CHECK(store.remove(listed) == RemoveResult{.removed = 1, .changed = 1, .held = 1, .absent = 1});
}

TEST_CASE("remove does not reach another group or project", "[R6]") {
  const Store store;
  store.record({a_job("a"), a_job("a").group("g")});
  store.record(a_job("a").project("depot"));
  store.remove({store.get("a")});

  CHECK(store.has("a", "g"));
  CHECK(store->find(store.call(), "depot", "", "a"));
}

TEST_CASE("a repeated remove counts its jobs as removed", "[R6][R14]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});
  const std::vector<StoredJob> listed = store.list();
  store.remove(listed);

  CHECK(store.remove(listed) == RemoveResult{.removed = 2});
  CHECK(store.pile().jobs == 2);
  CHECK(store.entry().jobs == 2);
}

TEST_CASE("a job listed twice is in the pile once", "[R6]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");

  CHECK(store.remove({listed, listed}) == RemoveResult{.removed = 2});
  CHECK(store.pile().jobs == 1);
  CHECK(store.entry().jobs == 1);
}

TEST_CASE("a repeated remove leaves a job that was recorded again", "[R6][R14]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob listed = store.get("a");
  store.remove({listed});
  store.record(a_job("a"));

  CHECK(store.remove({listed}) == RemoveResult{.removed = 1});
  CHECK(store.has("a"));
  CHECK(store.pile().jobs == 1);
}

TEST_CASE("remove adds to its open pile", "[R6]") {
  const Store store;
  store.record({a_job("a"), a_job("b").group("g")});
  store.remove({store.get("a")});

  CHECK(store.remove({store.get("b", "g")}) == RemoveResult{.removed = 1});
  CHECK(id_set(store.trash()) == IdSet{"a", "b"});
  CHECK(store.entry().jobs == 2);
}

TEST_CASE("a pile may hold several versions of one job", "[R6][R8]") {
  const Store store;
  store.record(a_job("a").payload("first"));
  store.remove({store.get("a")});
  store.record(a_job("a").payload("second"));
  store.remove({store.get("a")});

  const std::vector<StoredJob> trash = store.trash();
  REQUIRE(trash.size() == 2);
  CHECK(trash[0].job.payload == "second");
  CHECK(trash[1].job.payload == "first");
}

TEST_CASE("the note of the first remove stays", "[R6][R12]") {
  Store store;
  store.record({a_job("a"), a_job("b")});
  const Time first_call = store.now();
  const PurgeNote first = store.note("purge");
  store.remove({store.get("a")});
  store.advance(minutes(5));
  PurgeNote second = store.note("purge");
  second.actor = "bob";
  second.reason = "other";
  second.rule = "other";
  const StoredJob b = store.get("b");
  store->remove(store.call(), kProject, std::vector{ref_of(b)}, second);

  const JournalEntry entry = store.entry();
  CHECK(entry.at == first_call);
  CHECK(entry.actor == first.actor);
  CHECK(entry.reason == first.reason);
  CHECK(entry.rule == first.rule);
  CHECK(entry.undo_until == first.undo_until);
}

TEST_CASE("remove writes a journal entry for its project", "[R6][R12]") {
  const Store store;
  const NewJob job = a_job("a").group("g");
  store.record(job);
  const PurgeNote note = store.note("p1");
  store.remove({store.get("a", "g")}, "p1");

  CHECK(store.journal() == std::vector{JournalEntry{.purge_id = "p1",
                                                    .at = store.now(),
                                                    .actor = note.actor,
                                                    .reason = note.reason,
                                                    .rule = note.rule,
                                                    .scope = whole_project(),
                                                    .state = PileState::open,
                                                    .undo_until = note.undo_until,
                                                    .jobs = 1,
                                                    .bytes = job.bytes(),
                                                    .restored = 0,
                                                    .evictions = {}}});
}

TEST_CASE("a remove that removes nothing makes no purge", "[R6]") {
  const Store store;
  store.record(a_job("a").rule_hold("audit"));
  store.remove({store.get("a")}, "p1");

  CHECK(store.piles().empty());
  CHECK(store.journal().empty());
  CHECK(store.detach(whole_project(), "p1").held == 1);
}

TEST_CASE("remove refuses a pile that takes no more", "[R6]") {
  Store store;
  store.record({a_job("a"), a_job("b"), a_job("c")});
  store.remove({store.get("a"), store.get("c")});

  SECTION("because it is sealed") { store.seal(); }
  SECTION("because it is being restored") { store.restore_one(); }
  SECTION("because it was restored") { store.restore(); }
  SECTION("because it is gone") {
    store.advance(hours(2));
    store.reclaim();
  }
  CHECK(code_of([&] { store.remove({store.get("b")}); }) == ErrorCode::conflict);
  CHECK(store.has("b"));
}

TEST_CASE("remove refuses the purge_id of a detach", "[R6]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.record(a_job("b"));

  CHECK(code_of([&] { store.remove({store.get("b")}); }) == ErrorCode::conflict);
  CHECK(store.has("b"));
}

TEST_CASE("remove refuses the purge_id of caps", "[R6]") {
  const Store store;
  store.record({a_job("a").failed_at(1).archive("cold"), a_job("b").failed_at(2)}, {keep_last(1)},
               "caps");

  CHECK(code_of([&] { store.remove({store.get("b")}, "caps"); }) == ErrorCode::conflict);
  CHECK(store.has("b"));
}

TEST_CASE("remove takes a thousand jobs", "[R6]") {
  const Store store;
  store.record(numbered_jobs(1000));

  CHECK(store.remove(store.list()) == RemoveResult{.removed = 1000});
  CHECK(store.partitions().empty());
}

}  // namespace
}  // namespace purgatory::contract
