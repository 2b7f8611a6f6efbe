#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("detach purges every job that was recorded before it", "[R5]") {
  const Store store;
  store.record(numbered_jobs(100));
  store.detach(project_level());

  CHECK(store.live().empty());
}

TEST_CASE("detach leaves a job recorded after it", "[R5]") {
  const Store store;
  store.record(a_job("before"));
  store.detach(whole_project());
  store.record(a_job("after"));

  CHECK(store.live() == IdSet{"after"});
}

TEST_CASE("detach leaves a purged job that was recorded again after it", "[R5]") {
  const Store store;
  store.record(a_job("a").failed_at(5).payload("old"));
  store.detach(whole_project());
  store.record(a_job("a").failed_at(4).payload("new"));

  CHECK(store.get("a").job.payload == "new");
  CHECK(store.trash().front().job.payload == "old");
}

TEST_CASE("detach purges the partitions of its scope only", "[R5]") {
  const Store store;
  store.record({a_job("none"), a_job("g").group("g"), a_job("h").group("h")});

  SECTION("the project level") {
    store.detach(project_level());
    CHECK(store.live() == IdSet{"g", "h"});
  }
  SECTION("a group") {
    store.detach(in_group("g"));
    CHECK(store.live() == IdSet{"none", "h"});
  }
  SECTION("the whole project") {
    store.detach(whole_project());
    CHECK(store.live().empty());
  }
}

TEST_CASE("detach leaves other projects alone", "[R5]") {
  const Store store;
  store.record(a_job("a"));
  store.record(a_job("a").project("depot"));
  store.detach(whole_project());

  CHECK(store->find(store.call(), "depot", "", "a"));
}

TEST_CASE("detach leaves held jobs and counts them", "[R5]") {
  const Store store;
  store.record({a_job("person"), a_job("rule").rule_hold("audit"), a_job("free"),
                a_job("elsewhere").group("g").rule_hold("audit")});
  store.hold("person");

  CHECK(store.detach(project_level()).held == 2);
  CHECK(store.live(project_level()) == IdSet{"person", "rule"});
}

TEST_CASE("a held job that detach left can still be read and changed", "[R5][R11]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  store.hold("a");
  store.detach(whole_project());

  CHECK(store.record(a_job("a").failed_at(2)).replaced == 1);
  CHECK(store.get("a").job.failed_at == at(2));
}

TEST_CASE("the receipt of a detach says what it purged", "[R5]") {
  const Store store;
  const NewJob first = a_job("a").payload_bytes(10);
  const NewJob second = a_job("b").group("g").payload_bytes(20);
  store.record({first, second, a_job("held").rule_hold("audit")});

  CHECK(store.detach(whole_project(), "p1") == Receipt{"p1", 2, first.bytes() + second.bytes(), 1});
}

TEST_CASE("detach puts whole jobs into trash", "[R5][R8]") {
  const Store store;
  store.record(a_job("a").payload("retry me").rule("r").purge_after(9).archive("cold"));
  const StoredJob live = store.get("a");
  store.detach(whole_project());

  CHECK(store.trash() == std::vector{live});
}

TEST_CASE("the pile of a detach is sealed from the start", "[R5]") {
  const Store store;
  const NewJob job = a_job("a");
  store.record(job);
  store.detach(whole_project(), "p1");

  CHECK(store.pile("p1") == Pile{.purge_id = "p1",
                                 .state = PileState::sealed,
                                 .jobs = 1,
                                 .bytes = job.bytes(),
                                 .undo_until = store.now() + hours(1),
                                 .waiting = false});
}

TEST_CASE("detach writes a journal entry", "[R5][R12]") {
  const Store store;
  const NewJob job = a_job("a").group("g");
  store.record(job);
  PurgeNote note = store.note("p1");
  note.rule = "old";
  store->detach(store.call(), in_group("g"), note);

  CHECK(store.journal() == std::vector{JournalEntry{.purge_id = "p1",
                                                    .at = store.now(),
                                                    .actor = note.actor,
                                                    .reason = note.reason,
                                                    .rule = "old",
                                                    .scope = in_group("g"),
                                                    .state = PileState::sealed,
                                                    .undo_until = note.undo_until,
                                                    .jobs = 1,
                                                    .bytes = job.bytes(),
                                                    .restored = 0,
                                                    .evictions = {}}});
}

TEST_CASE("a repeated detach returns the stored receipt and does nothing", "[R5][R14]") {
  Store store;
  store.record(a_job("a"));
  const Receipt receipt = store.detach(whole_project());
  store.record(a_job("b"));
  store.advance(seconds(10));

  CHECK(store.detach(whole_project()) == receipt);
  CHECK(store.live() == IdSet{"b"});
}

TEST_CASE("a repeated detach that names another scope does nothing", "[R5]") {
  const Store store;
  store.record({a_job("a").group("g"), a_job("b")});
  const Receipt receipt = store.detach(in_group("g"));

  CHECK(store.detach(whole_project()) == receipt);
  CHECK(store.live() == IdSet{"b"});
}

TEST_CASE("a detach that purged nothing leaves no pile and no journal entry", "[R5][R12]") {
  const Store store;
  store.record(a_job("held").rule_hold("audit"));
  store.detach(whole_project());

  CHECK(store.journal().empty());
  CHECK(store.piles().empty());
}

TEST_CASE("a detach that purged nothing may be repeated for an hour", "[R5]") {
  Store store;
  const Receipt receipt = store.detach(whole_project());
  store.record(a_job("a"));
  store.advance(hours(1) - milliseconds(1));

  CHECK(receipt == Receipt{"purge", 0, 0, 0});
  CHECK(store.detach(whole_project()) == receipt);
  CHECK(store.has("a"));
}

TEST_CASE("a repeated detach returns its receipt after its trash was freed", "[R5]") {
  Store store;
  store.record(a_job("a"));
  const Receipt receipt = store.detach(whole_project());
  store.advance(hours(2));
  store.reclaim();
  store.record(a_job("b"));

  CHECK(store.detach(whole_project()) == receipt);
  CHECK(store.has("b"));
}

TEST_CASE("the same purge_id in two projects is two purges", "[R5]") {
  const Store store;
  store.record(a_job("a"));
  store.record(a_job("a").project("depot"));
  store.detach(whole_project(), "p1");

  CHECK(store.detach(Scope::project("depot"), "p1").jobs == 1);
}

TEST_CASE("detach refuses the purge_id of a remove", "[R5]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});
  store.remove({store.get("a")}, "p1");

  CHECK(code_of([&] { store.detach(whole_project(), "p1"); }) == ErrorCode::conflict);
  CHECK(store.has("b"));
}

TEST_CASE("detach refuses the purge_id of caps", "[R5]") {
  const Store store;
  store.record({a_job("a").failed_at(1).archive("cold"), a_job("b").failed_at(2)}, {keep_last(1)},
               "p1");

  CHECK(code_of([&] { store.detach(whole_project(), "p1"); }) == ErrorCode::conflict);
  CHECK(store.has("b"));
}

TEST_CASE("a second detach makes a second pile", "[R5][R8]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project(), "p1");
  store.record(a_job("a"));
  store.detach(whole_project(), "p2");

  CHECK(store.piles().size() == 2);
  CHECK(store.pile("p1").jobs == 1);
  CHECK(store.pile("p2").jobs == 1);
}

}  // namespace
}  // namespace purgatory::contract
