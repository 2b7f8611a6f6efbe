#include <algorithm>

#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// A job that each way of holding it holds.
class HeldJob {
 public:
  explicit HeldJob(bool by_rule) {
    store.record({a_job("held").failed_at(1), a_job("free").failed_at(2)});
    if (by_rule) {
      Retention retention;
      retention.stamp.rule_hold = "audit";
      store.restamp(store.get("held"), retention);
    } else {
      store.hold("held");
    }
  }

  void release() const { store.restamp(store.get("held"), {}); }

  Store store;
};

TEST_CASE("a held job is out of reach", "[R11]") {
  const HeldJob held(GENERATE(false, true));
  const Store& store = held.store;

  SECTION("of detach") { store.detach(whole_project()); }
  SECTION("of remove") { store.remove({store.get("held")}); }
  SECTION("of caps") { store.trim({keep_last(0)}); }
  SECTION("of forget") {
    CHECK(code_of([&] { store.forget("held"); }) == ErrorCode::conflict);
  }
  CHECK(store.has("held"));
}

TEST_CASE("a released job is back in reach", "[R11]") {
  const HeldJob held(GENERATE(false, true));
  held.release();
  const Store& store = held.store;

  SECTION("of detach") { CHECK(store.detach(whole_project()).jobs == 2); }
  SECTION("of remove") { CHECK(store.remove({store.get("held")}).removed == 1); }
  SECTION("of caps") { CHECK(store.trim({keep_last(1)}).evicted == 1); }
  SECTION("of forget") { CHECK(store.forget("held") == Forgotten::forgotten); }
  CHECK_FALSE(store.has("held"));
}

TEST_CASE("a job that was held through a detach is purged by the next one", "[R11][R5]") {
  const HeldJob held(GENERATE(false, true));
  held.store.detach(whole_project(), "p1");
  held.release();

  CHECK(held.store.detach(whole_project(), "p2").jobs == 1);
  CHECK(held.store.live().empty());
}

TEST_CASE("a held job is listed and counted like any other", "[R3]") {
  const HeldJob held(GENERATE(false, true));

  CHECK(ids_of(held.store.list()) == Ids{"free", "held"});
  CHECK(held.store.count() == 2);
  CHECK(held.store.get("held").job.payload == "retry held");
  CHECK(held.store->locate(held.store.call(), kProject, "held") == Ids{""});
}

TEST_CASE("a job that is held and released during a walk does not hide others", "[R3]") {
  const HeldJob held(GENERATE(false, true));
  const auto page = held.store->list(held.store.call(), {whole_project(), {}}, {}, 1);
  held.release();
  Ids ids = ids_of(page.items);
  if (page.next) {
    for (const auto& id : ids_of(held.store.list(whole_project(), {}, 1, page.next))) {
      ids.push_back(id);
    }
  }

  CHECK(std::count(ids.begin(), ids.end(), "free") == 1);
}

TEST_CASE("releasing a hold evicts nothing", "[R11]") {
  const HeldJob held(GENERATE(false, true));
  held.store.trim({keep_last(1)});
  held.release();

  CHECK(held.store.live() == IdSet{"free", "held"});
}

TEST_CASE("a released job counts for the next bound", "[R1][R11]") {
  const HeldJob held(GENERATE(false, true));
  held.release();
  held.store.trim({keep_last(1)});

  CHECK(held.store.live() == IdSet{"free"});
}

}  // namespace
}  // namespace purgatory::contract
