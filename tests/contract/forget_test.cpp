#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("forget deletes a job", "[R4]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});

  CHECK(store.forget("a") == Forgotten::forgotten);
  CHECK(store.live() == IdSet{"b"});
}

TEST_CASE("forget says that a job is absent", "[R4]") {
  const Store store;
  store.record(a_job("a"));
  store.forget("a");

  CHECK(store.forget("a") == Forgotten::absent);
  CHECK(store.forget("never") == Forgotten::absent);
  CHECK(store->forget(store.call(), "depot", "", "a", {}) == Forgotten::absent);
}

TEST_CASE("forget with the stored version deletes the job", "[R4]") {
  const Store store;
  store.record(a_job("a"));

  CHECK(store.forget("a", store.get("a").version) == Forgotten::forgotten);
}

TEST_CASE("forget leaves a job that changed", "[R4]") {
  const Store store;
  store.record(a_job("a").failed_at(1));
  const Version listed = store.get("a").version;
  store.record(a_job("a").failed_at(2));

  CHECK(store.forget("a", listed) == Forgotten::changed);
  CHECK(store.has("a"));
}

TEST_CASE("forget leaves no trash and no journal entry", "[R4]") {
  const Store store;
  store.record(a_job("a").archive("cold"));
  store.forget("a");

  CHECK(store.piles().empty());
  CHECK(store.journal().empty());
}

TEST_CASE("forget refuses a held job", "[R4]") {
  const Store store;

  SECTION("that a person holds") {
    store.record(a_job("a"));
    store.hold("a");
  }
  SECTION("that a rule holds") { store.record(a_job("a").rule_hold("audit")); }
  CHECK(code_of([&] { store.forget("a"); }) == ErrorCode::conflict);
  CHECK(store.has("a"));
}

TEST_CASE("an error of the store names the backend", "[R4][R14]") {
  const Store store;
  store.record(a_job("a").rule_hold("audit"));

  try {
    store.forget("a");
    FAIL("a held job was forgotten");
  } catch (const Error& error) {
    CHECK(error.backend() == store->backend());
    CHECK_FALSE(std::string(error.what()).empty());
  }
}

TEST_CASE("forget does not reach a purged job", "[R4]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());

  CHECK(store.forget("a") == Forgotten::absent);
  CHECK(store.pile().jobs == 1);
}

}  // namespace
}  // namespace purgatory::contract
