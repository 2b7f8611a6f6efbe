#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

bool lease(const Store& store, std::string_view owner, milliseconds ttl = seconds(10)) {
  return store->lease(store.call(), "purger", owner, ttl);
}

TEST_CASE("a free lease is taken", "[R13]") {
  const Store store;

  CHECK(lease(store, "a"));
}

TEST_CASE("a lease that another owner holds is not taken", "[R13]") {
  const Store store;
  lease(store, "a");

  CHECK_FALSE(lease(store, "b"));
}

TEST_CASE("the owner renews its lease", "[R13][R14]") {
  Store store;
  lease(store, "a");
  store.advance(seconds(9));
  CHECK(lease(store, "a"));
  store.advance(seconds(9));

  CHECK_FALSE(lease(store, "b"));
}

TEST_CASE("a lease expires at its end", "[R13]") {
  Store store;
  lease(store, "a");
  store.advance(seconds(10) - milliseconds(1));
  CHECK_FALSE(lease(store, "b"));
  store.advance(milliseconds(1));

  CHECK(lease(store, "b"));
}

TEST_CASE("the last renewal sets the end of a lease", "[R13]") {
  Store store;
  lease(store, "a", seconds(100));
  lease(store, "a", seconds(10));
  store.advance(seconds(10));

  CHECK(lease(store, "b"));
}

TEST_CASE("a lease is released by its owner", "[R13]") {
  const Store store;
  lease(store, "a");

  CHECK_FALSE(lease(store, "a", seconds(0)));
  CHECK(lease(store, "b"));
}

TEST_CASE("a lease is not released by another owner", "[R13]") {
  const Store store;
  lease(store, "a");

  CHECK_FALSE(lease(store, "b", seconds(0)));
  CHECK_FALSE(lease(store, "b"));
}

TEST_CASE("a lease whose end is further away than its ttl is expired", "[R13]") {
  Store store;
  lease(store, "a");
  store.advance(-milliseconds(1));

  CHECK(lease(store, "b"));
}

TEST_CASE("leases of two names are two leases", "[R13]") {
  const Store store;
  lease(store, "a");

  CHECK(store->lease(store.call(), "janitor", "b", seconds(10)));
}

TEST_CASE("a setting that was never set is absent", "[R17]") {
  const Store store;

  CHECK(store->setting(store.call(), "policy") == std::nullopt);
}

TEST_CASE("compare_and_set writes when the value is the expected one", "[R17]") {
  const Store store;

  CHECK(store->compare_and_set(store.call(), "policy", std::nullopt, "1") == "1");
  CHECK(store->compare_and_set(store.call(), "policy", "1", "2") == "2");
  CHECK(store->setting(store.call(), "policy") == "2");
}

TEST_CASE("compare_and_set returns the stored value when it is another one", "[R17]") {
  const Store store;
  store->compare_and_set(store.call(), "policy", std::nullopt, "1");

  CHECK(store->compare_and_set(store.call(), "policy", std::nullopt, "2") == "1");
  CHECK(store->compare_and_set(store.call(), "policy", "0", "2") == "1");
  CHECK(store->setting(store.call(), "policy") == "1");
}

TEST_CASE("compare_and_set does not create a setting that was expected to be there", "[R17]") {
  const Store store;

  CHECK(store->compare_and_set(store.call(), "policy", "1", "2") == std::nullopt);
  CHECK(store->setting(store.call(), "policy") == std::nullopt);
}

TEST_CASE("a repeated compare_and_set succeeds", "[R17][R14]") {
  const Store store;
  store->compare_and_set(store.call(), "policy", std::nullopt, "1");

  CHECK(store->compare_and_set(store.call(), "policy", std::nullopt, "1") == "1");
}

TEST_CASE("an empty value is not an absent one", "[R17]") {
  const Store store;
  store->compare_and_set(store.call(), "policy", std::nullopt, "");

  CHECK(store->setting(store.call(), "policy") == "");
  CHECK(store->compare_and_set(store.call(), "policy", std::nullopt, "1") == "");
}

TEST_CASE("settings of two names are two settings", "[R17]") {
  const Store store;
  store->compare_and_set(store.call(), "policy", std::nullopt, "1");

  CHECK(store->setting(store.call(), "other") == std::nullopt);
}

}  // namespace
}  // namespace purgatory::contract
