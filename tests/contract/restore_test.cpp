#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("restore brings a detached scope back", "[R7]") {
  const Store store;
  store.record({a_job("a"), a_job("b").group("g")});
  const std::uint64_t bytes = store.detach(whole_project()).bytes;

  const RestoreResult result = store.restore();
  CHECK(result.restored == 2);
  CHECK(result.bytes == bytes);
  CHECK(store.live(project_level()) == IdSet{"a"});
  CHECK(store.live(in_group("g")) == IdSet{"b"});
}

TEST_CASE("restore brings removed jobs back", "[R7]") {
  const Store store;
  store.record({a_job("a"), a_job("b")});
  store.remove({store.get("a")});

  CHECK(store.restore().restored == 1);
  CHECK(store.live() == IdSet{"a", "b"});
}

TEST_CASE("a restored job is what it was but for not_before", "[R7]") {
  const Store store;
  store.record(a_job("a").payload("retry me").rule("r").purge_after(5).archive("cold"));
  store.resolve("a", at(7));
  const StoredJob purged = store.get("a");
  store.detach(whole_project());
  store.restore();

  Retention expected = purged.retention;
  expected.stamp.not_before = store.now() + hours(1);
  CHECK(store.get("a").job == purged.job);
  CHECK(store.get("a").retention == expected);
}

TEST_CASE("a restored job gets a new version", "[R7]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  const Version before = store.watermark();
  store.restore();

  CHECK(store.get("a").version > before);
}

TEST_CASE("restore takes the jobs out of trash", "[R7]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.restore();

  CHECK(store.trash().empty());
  CHECK(store.figure("trash_jobs") == 0);
}

TEST_CASE("a twin that is as new or newer stays", "[R7]") {
  const auto twin_failed_at = GENERATE(5, 6);
  const Store store;
  store.record(a_job("a").failed_at(5).payload("trashed"));
  store.detach(whole_project());
  store.record(a_job("a").failed_at(twin_failed_at).payload("twin"));
  const StoredJob twin = store.get("a");

  const RestoreResult result = store.restore();
  CHECK(result.stale == 1);
  CHECK(result.restored == 0);
  CHECK(store.get("a") == twin);
  CHECK(store.trash().front().job.payload == "trashed");
}

TEST_CASE("a twin that is older is replaced", "[R7]") {
  const Store store;
  store.record(a_job("a").failed_at(5).payload("trashed"));
  store.detach(whole_project());
  store.record(a_job("a").failed_at(4).payload("twin"));

  CHECK(store.restore().restored == 1);
  CHECK(store.get("a").job.payload == "trashed");
  CHECK(store.partition().jobs == 1);
}

TEST_CASE("the hold of a replaced twin survives", "[R7]") {
  const Store store;
  store.record(a_job("a").failed_at(5));
  store.detach(whole_project());
  store.record(a_job("a").failed_at(4));
  store.hold("a");
  const auto hold = store.get("a").retention.hold;
  store.restore();

  CHECK(store.get("a").job.failed_at == at(5));
  CHECK(store.get("a").retention.hold == hold);
}

TEST_CASE("the newest of several versions in a pile is restored", "[R7]") {
  const Store store;
  store.record(a_job("a").failed_at(1).payload("first"));
  store.remove({store.get("a")});
  store.record(a_job("a").failed_at(1).payload("second"));
  store.remove({store.get("a")});

  const RestoreResult result = store.restore();
  CHECK(result.restored == 1);
  CHECK(result.stale == 1);
  CHECK(store.get("a").job.payload == "second");
}

TEST_CASE("a repeated restore finds nothing to do", "[R7][R14]") {
  const Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.restore();
  const StoredJob restored = store.get("a");

  CHECK(store.restore().restored == 0);
  CHECK(store.get("a") == restored);
  CHECK(store.entry().restored == 1);
}

TEST_CASE("an emptied pile stays until its window ends", "[R7][R8]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.restore();
  CHECK(store.pile().jobs == 0);
  store.advance(hours(1));
  store.reclaim();

  CHECK(store.piles().empty());
  CHECK(store.has("a"));
}

TEST_CASE("a restore that starts anew tries again what stayed", "[R7]") {
  const Store store;
  store.record(a_job("a").failed_at(5));
  store.detach(whole_project());
  store.record(a_job("a").failed_at(6));
  store.restore();
  store.forget("a");

  CHECK(store.restore().restored == 1);
  CHECK(store.get("a").job.failed_at == at(5));
}

TEST_CASE("the journal counts what was restored", "[R7][R12]") {
  const Store store;
  store.record({a_job("a"), a_job("b").failed_at(5)});
  store.detach(whole_project());
  store.record(a_job("b").failed_at(6));
  store.restore();

  CHECK(store.entry().restored == 1);
  CHECK(store.entry().jobs == 2);
}

TEST_CASE("restore works until the last moment of the undo window", "[R7]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.advance(hours(1) - milliseconds(1));

  CHECK(store.restore().restored == 1);
}

TEST_CASE("restore does not find what cannot be restored", "[R7]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  std::string purge_id = "purge";

  SECTION("an unknown purge") { purge_id = "never"; }
  SECTION("a purge whose undo window ended") { store.advance(hours(1)); }
  SECTION("an expired purge") { store.expire(); }
  SECTION("a purge that is gone though the clock went back") {
    store.advance(hours(1));
    store.reclaim();
    store.advance(-minutes(30));
  }
  CHECK(code_of([&] { store.restore(purge_id); }) == ErrorCode::not_found);
  CHECK_FALSE(store.has("a"));
}

TEST_CASE("restore does not find a purge of which a slice is freed", "[R7][R8]") {
  Store store;
  store.record(numbered_jobs(20));
  store.detach(whole_project());
  store.advance(hours(1));
  store->reclaim(store.call(), kProject, kOneJob);
  store.advance(-minutes(30));

  CHECK(code_of([&] { store.restore(); }) == ErrorCode::not_found);
}

TEST_CASE("restore does not find the purge of another project", "[R7]") {
  const Store store;
  store.record(a_job("a").project("depot"));
  store.detach(Scope::project("depot"));

  CHECK(code_of([&] { store.restore(); }) == ErrorCode::not_found);
}

}  // namespace
}  // namespace purgatory::contract
