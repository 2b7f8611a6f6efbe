#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

Ids purge_ids(const std::vector<JournalEntry>& entries) {
  Ids ids;
  for (const JournalEntry& entry : entries) ids.push_back(entry.purge_id);
  return ids;
}

void purge_one(const Store& store, const std::string& purge_id) {
  store.record(a_job("a"));
  store.detach(whole_project(), purge_id);
}

TEST_CASE("the journal goes from the newest to the oldest purge", "[R12]") {
  Store store;
  purge_one(store, "b");
  store.advance(milliseconds(1));
  purge_one(store, "a");
  purge_one(store, "\xff");
  purge_one(store, "c");

  CHECK(purge_ids(store.journal()) == Ids{"\xff", "c", "a", "b"});
}

TEST_CASE("the journal belongs to its project", "[R12]") {
  const Store store;
  purge_one(store, "p1");

  CHECK(store->journal(store.call(), "depot", {}).items.empty());
}

TEST_CASE("a long journal is walked in pages without gaps", "[R12]") {
  Store store;
  for (std::size_t i = 0; i < 1005; ++i) {
    purge_one(store, four_digits(i));
    // Several purges of one moment, so that a page may end between equal times.
    if (i % 10 == 0) store.advance(milliseconds(1));
  }

  CHECK(store->journal(store.call(), kProject, {}).items.size() <= 1000);
  const Ids walked = purge_ids(store.journal());
  CHECK(walked.size() == 1005);
  CHECK(IdSet(walked.begin(), walked.end()).size() == 1005);
}

TEST_CASE("trim_journal drops old entries whose trash is gone", "[R12]") {
  Store store;
  purge_one(store, "old");
  store.advance(hours(2));
  store.reclaim();
  purge_one(store, "young");

  CHECK(store.trim_journal(store.now()) == 1);
  CHECK(purge_ids(store.journal()) == Ids{"young"});
}

TEST_CASE("trim_journal leaves an entry of the given moment", "[R12]") {
  Store store;
  const Time purged_at = store.now();
  purge_one(store, "p1");
  store.advance(hours(2));
  store.reclaim();
  CHECK(store.trim_journal(purged_at) == 0);

  CHECK(store.trim_journal(purged_at + milliseconds(1)) == 1);
}

TEST_CASE("trim_journal leaves entries that still have trash", "[R12]") {
  Store store;
  purge_one(store, "p1");
  store.advance(hours(2));

  CHECK(store.trim_journal(store.now()) == 0);
  CHECK(purge_ids(store.journal()) == Ids{"p1"});
}

TEST_CASE("trim_journal drops the entry of caps that freed at once", "[R12]") {
  Store store;
  store.record({a_job("a"), a_job("b")}, {keep_last(1)}, "caps");
  store.advance(hours(2));
  store.reclaim();
  store.trim_journal(store.now());

  CHECK(store.journal().empty());
}

TEST_CASE("trim_journal drops at most a thousand entries a call", "[R12]") {
  Store store;
  for (std::size_t i = 0; i < 1005; ++i) purge_one(store, four_digits(i));
  store.advance(hours(2));
  store.reclaim();
  const TrimResult slice = store->trim_journal(store.call(), kProject, store.now());
  CHECK(slice.entries <= 1000);
  CHECK(slice.more);

  CHECK(slice.entries + store.trim_journal(store.now()) == 1005);
  CHECK(store.journal().empty());
}

TEST_CASE("trim_journal leaves other projects alone", "[R12]") {
  Store store;
  purge_one(store, "p1");
  store.advance(hours(2));
  store.reclaim();
  store->trim_journal(store.call(), "depot", store.now());

  CHECK(store.journal().size() == 1);
}

}  // namespace
}  // namespace purgatory::contract
