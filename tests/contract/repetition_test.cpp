#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("no call reads the host's clock", "[R14]") {
  const Store store;
  const Call call = store.call();
  const PurgeNote note = store.note("p1");
  const NewJob job = a_job("a").resource_id("vm-1").purge_after(1);
  const Recording recording{&job.fields, &job.stamp};
  const int reads = store.clock_reads();

  store->record(call, kProject, {&recording, 1}, {}, note);
  store->find(call, kProject, "", "a");
  store->list(call, {whole_project(), {}}, {}, 10);
  store->due(call, kProject, 10);
  store->detach(call, whole_project(), note);
  store->restore(call, kProject, "p1", at(0), {}, {}, {});
  store->expire(call, kProject, "p1");
  store->reclaim(call, kProject, {});
  store->projects(call, {});
  store->lease(call, "purger", "a", seconds(1));
  store->trim_journal(call, kProject, call.now);
  store->check(call, {}, {});

  CHECK(store.clock_reads() == reads);
}

TEST_CASE("a repeated record changes neither its job nor the counters", "[R14][R1]") {
  const Store store;
  const NewJob job = a_job("a").failed_at(3).purge_after(9);
  store.record(job);
  const StoredJob first = store.get("a");
  store.record(job);

  CHECK(store.get("a").job == first.job);
  CHECK(store.get("a").retention == first.retention);
  CHECK(store.partition().jobs == 1);
}

TEST_CASE("a repeated record within its bound evicts nothing more", "[R14][R1]") {
  const Store store;
  const std::vector jobs{a_job("a").failed_at(2), a_job("b").failed_at(3)};
  store.record({a_job("old").failed_at(1)}, {keep_last(2)});
  CHECK(store.record(jobs, {keep_last(2)}).evicted == 1);

  CHECK(store.record(jobs, {keep_last(2)}).evicted == 0);
  CHECK(store.live() == IdSet{"a", "b"});
}

TEST_CASE("a retried slice of a restore is harmless", "[R14][R7]") {
  const Store store;
  store.record(numbered_jobs(5));
  store.detach(whole_project());
  store.restore_one();
  store.restore_one();
  store.restore();

  CHECK(store.entry().restored == 5);
  CHECK(store.count() == 5);
}

TEST_CASE("a repeated reclaim and trim find nothing more to do", "[R14][R8][R12]") {
  Store store;
  store.record(a_job("a"));
  store.detach(whole_project());
  store.advance(hours(2));
  store.reclaim();
  store.trim_journal(store.now());

  CHECK(store.reclaim().jobs == 0);
  CHECK(store.trim_journal(store.now()) == 0);
}

TEST_CASE("a record whose deadline has passed writes nothing or all", "[R14]") {
  const Store store;
  const std::vector jobs{a_job("a"), a_job("b").group("g")};
  const std::vector recordings{Recording{&jobs[0].fields, &jobs[0].stamp},
                               Recording{&jobs[1].fields, &jobs[1].stamp}};
  const Call late{store.now(), std::chrono::steady_clock::now() - seconds(1)};
  const auto error =
      code_of([&] { store->record(late, kProject, recordings, {}, store.note("caps")); });

  CHECK((error == std::nullopt || error == ErrorCode::timeout));
  CHECK(store.count() == (error ? 0 : 2));
}

TEST_CASE("a page whose deadline has passed loses no job of the walk", "[R14][R3]") {
  const Store store;
  store.record(numbered_jobs(20));
  const Call late{store.now(), std::chrono::steady_clock::now() - seconds(1)};
  Page<StoredJob, ListCursor> page;
  const auto error = code_of([&] { page = store->list(late, {whole_project(), {}}, {}, 10); });

  std::size_t jobs = page.items.size();
  if (error || page.next) jobs += store.list(whole_project(), {}, 1000, page.next).size();
  CHECK((error == std::nullopt || error == ErrorCode::timeout));
  CHECK(jobs == 20);
}

}  // namespace
}  // namespace purgatory::contract
