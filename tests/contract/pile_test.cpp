#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("piles are listed by purge_id", "[R8]") {
  const Store store;
  for (const char* purge_id : {"m", "\xff", "a"}) {
    store.record(a_job("job"));
    store.detach(whole_project(), purge_id);
  }

  Ids purge_ids;
  for (const Pile& pile : store.piles()) purge_ids.push_back(pile.purge_id);
  CHECK(purge_ids == Ids{"a", "m", "\xff"});
}

TEST_CASE("more piles than fit on a page are listed once each", "[R8]") {
  const Store store;
  for (std::size_t i = 0; i < 1005; ++i) {
    store.record(a_job("job"));
    store.detach(whole_project(), four_digits(i));
  }

  IdSet purge_ids;
  const std::vector<Pile> piles = store.piles();
  for (const Pile& pile : piles) purge_ids.insert(pile.purge_id);
  CHECK(piles.size() == 1005);
  CHECK(purge_ids.size() == 1005);
}

TEST_CASE("a page of piles holds at most a thousand", "[R8]") {
  const Store store;
  for (std::size_t i = 0; i < 1001; ++i) {
    store.record(a_job("job"));
    store.detach(whole_project(), four_digits(i));
  }

  const auto page = store->piles(store.call(), kProject, {});
  CHECK(page.items.size() <= 1000);
  CHECK(page.next);
}

TEST_CASE("piles belong to their project", "[R8]") {
  const Store store;
  store.record(a_job("a").project("depot"));
  store.detach(Scope::project("depot"));

  CHECK(store.piles().empty());
  CHECK(store->piles(store.call(), "depot", {}).items.size() == 1);
}

TEST_CASE("trash is walked by group and then from the newest", "[R8]") {
  const Store store;
  store.record({a_job("h1").group("h").failed_at(1), a_job("g1").group("g").failed_at(1),
                a_job("g2").group("g").failed_at(2), a_job("none").failed_at(9),
                a_job("g1b").group("g").failed_at(1)});
  store.detach(whole_project());

  CHECK(ids_of(store.trash()) == Ids{"none", "g2", "g1b", "g1", "h1"});
}

TEST_CASE("the trash of removed jobs has the same order", "[R8]") {
  const Store store;
  store.record({a_job("h1").group("h").failed_at(1), a_job("g1").group("g").failed_at(1),
                a_job("g2").group("g").failed_at(2)});
  for (const char* id : {"h1", "g1"}) store.remove({store.get(id, std::string(id, 1))});
  store.remove({store.get("g2", "g")});

  CHECK(ids_of(store.trash()) == Ids{"g2", "g1", "h1"});
}

TEST_CASE("a page of trash holds at most 1000 jobs", "[R8]") {
  const Store store;
  store.record(numbered_jobs(1000));
  store.record(numbered_jobs(500, "g"));
  store.detach(whole_project());

  const auto page = store->trash(store.call(), kProject, "purge", {});
  CHECK(page.items.size() <= 1000);
  CHECK(page.next);
  CHECK(store.trash().size() == 1500);
}

TEST_CASE("a page of trash holds at most 4 MiB", "[R8]") {
  const Store store;
  for (int i = 0; i < 6; ++i) store.record(a_job(std::to_string(i)).payload_bytes(kMiB));
  store.detach(whole_project());

  CHECK(bytes_of(store->trash(store.call(), kProject, "purge", {}).items) <= kMaxBytesPerCall);
  CHECK(store.trash().size() == 6);
}

TEST_CASE("a call that names an unknown purge does not find it", "[R8]") {
  const Store store;
  store.record(a_job("a").project("depot"));
  store.detach(Scope::project("depot"), "depot's");
  const std::string purge_id = GENERATE("never", "depot's");

  CHECK(code_of([&] { return store.trash(purge_id); }) == ErrorCode::not_found);
  CHECK(code_of([&] { store.seal(purge_id); }) == ErrorCode::not_found);
  CHECK(code_of([&] { store.mark_archived(purge_id); }) == ErrorCode::not_found);
  CHECK(code_of([&] { store.expire(purge_id); }) == ErrorCode::not_found);
}

TEST_CASE("seal closes an open pile and may be repeated", "[R8][R14]") {
  const Store store;
  store.record(a_job("a"));
  store.remove({store.get("a")});
  store.seal();
  store.seal();

  CHECK(store.pile().state == PileState::sealed);
  CHECK(store.entry().state == PileState::sealed);
}

TEST_CASE("a pile waits when a job in it names an archive", "[R8]") {
  const Store store;
  store.record({a_job("a").archive("cold"), a_job("b")});

  SECTION("after a detach") {
    store.detach(whole_project());
    CHECK(store.pile().waiting);
  }
  SECTION("after a remove") {
    store.remove({store.get("b")});
    CHECK_FALSE(store.pile().waiting);
    store.remove({store.get("a")});
    CHECK(store.pile().waiting);
  }
}

TEST_CASE("a pile without an archive does not wait", "[R8]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());

  CHECK_FALSE(store.pile().waiting);
}

TEST_CASE("a pile does not wait for a job that was restored", "[R7][R8]") {
  const Store store;
  store.record(a_job("a").archive("cold"));
  store.detach(whole_project());
  store.restore();

  CHECK_FALSE(store.pile().waiting);
}

TEST_CASE("an archived pile waits no more and archived may be repeated", "[R8][R14]") {
  const Store store;
  store.record(a_job("a").archive("cold"));
  store.detach(whole_project());
  store.mark_archived();
  store.mark_archived();

  CHECK_FALSE(store.pile().waiting);
}

TEST_CASE("archived refuses an open pile", "[R8]") {
  const Store store;
  store.record(a_job("a").archive("cold"));
  store.remove({store.get("a")});

  CHECK(code_of([&] { store.mark_archived(); }) == ErrorCode::conflict);
  CHECK(store.pile().waiting);
}

TEST_CASE("nothing joins a pile whose undo window was ended", "[R6][R8]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});
  store.remove({store.get("a")});
  store.expire();

  CHECK(store.pile().state == PileState::sealed);
  CHECK(code_of([&] { store.remove({store.get("b")}); }) == ErrorCode::conflict);
}

TEST_CASE("expire ends the undo window now and may be repeated", "[R8][R14]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.expire();
  store.expire();

  CHECK(store.pile().undo_until == store.now());
  CHECK(store.reclaim().jobs == 1);
}

}  // namespace
}  // namespace purgatory::contract
