#include <map>
#include <numeric>

#include "tests/contract/fixture.hpp"
#include "tests/contract/threads.hpp"

namespace purgatory::contract {
namespace {

/// Recorders in four capped groups that also detach; what they were told.
class Traffic {
 public:
  static constexpr std::size_t kRecords = 1000;
  static constexpr std::uint64_t kBound = 10;

  Traffic() {
    run_together(kThreads, [&](std::size_t thread) {
      for (std::size_t i = 0; i < kRecords; ++i) {
        const std::string id = numbered(thread, i);
        const std::string group = numbered("g", i % 4);
        NewJob job = a_job(id).group(group).failed_at(static_cast<std::int64_t>(i * 37 % 101));
        if (i % 2 == 1) job.archive("cold");
        const RecordResult result = store.record(job, {keep_last(kBound, group)});
        inserted += result.inserted;
        evicted += result.evicted;
        if (i % 100 == 50) receipts[thread].push_back(store.detach(in_group(group), id));
        if (i % 100 == 99) {
          receipts[thread].push_back(store.detach(whole_project(), id));
          if (store.has(id, group)) ++survivors;
        }
      }
    });
  }

  Store store;
  std::atomic<std::uint64_t> inserted{0};
  std::atomic<std::uint64_t> evicted{0};
  std::atomic<int> survivors{0};  ///< Seen by the thread whose detach should have taken them.
  std::vector<std::vector<Receipt>> receipts{kThreads};
};

TEST_CASE("every recorded job ends live or in one pile or evicted", "[R1][R5][R14]") {
  const Traffic traffic;
  const Store& store = traffic.store;

  std::map<std::string, int> places;
  for (const std::string& id : ids_of(store.list())) ++places[id];
  for (const Pile& pile : store.piles()) {
    for (const std::string& id : ids_of(store.trash(pile.purge_id))) ++places[id];
  }
  std::uint64_t freed = 0;
  int in_several_places = 0;
  int archived_but_freed = 0;
  for (std::size_t thread = 0; thread < kThreads; ++thread) {
    for (std::size_t i = 0; i < Traffic::kRecords; ++i) {
      const int count = places[numbered(thread, i)];
      if (count > 1) ++in_several_places;
      if (count == 0) ++freed;
      if (count == 0 && i % 2 == 1) ++archived_but_freed;
    }
  }
  CHECK(traffic.inserted == kThreads * Traffic::kRecords);
  CHECK(traffic.survivors == 0);
  CHECK(in_several_places == 0);
  CHECK(archived_but_freed == 0);
  CHECK(freed + store.pile("caps").jobs == traffic.evicted);
}

TEST_CASE("receipts and the journal are exact with many threads", "[R5][R12][R14]") {
  const Traffic traffic;
  const Store& store = traffic.store;

  for (const auto& own : traffic.receipts) {
    for (const Receipt& receipt : own) {
      if (receipt.jobs == 0) continue;
      const std::vector<StoredJob> trash = store.trash(receipt.purge_id);
      CHECK(receipt.jobs == trash.size());
      CHECK(receipt.bytes == bytes_of(trash));
      CHECK(store.pile(receipt.purge_id).jobs == receipt.jobs);
      CHECK(store.entry(receipt.purge_id).jobs == receipt.jobs);
    }
  }
  CHECK(store.entry("caps").jobs == traffic.evicted);
}

TEST_CASE("the counters of partitions are exact with many threads", "[R10][R14]") {
  const Traffic traffic;

  std::uint64_t jobs = 0;
  for (const PartitionInfo& info : traffic.store.partitions()) {
    const std::vector<StoredJob> listed = traffic.store.list(in_group(info.group));
    CHECK(info.jobs == listed.size());
    CHECK(info.bytes == bytes_of(listed));
    CHECK(info.jobs <= Traffic::kBound);
    jobs += info.jobs;
  }
  CHECK(jobs == traffic.store.list().size());
}

/// Lets every thread try to win each job; how many won it.
template <typename Try>
std::vector<int> winners(const std::vector<StoredJob>& jobs, const Try& wins) {
  std::vector<std::atomic<int>> won(jobs.size());
  run_together(4, [&](std::size_t thread) {
    for (std::size_t i = 0; i < jobs.size(); ++i) won[i] += wins(thread, jobs[i]) ? 1 : 0;
  });
  return {won.begin(), won.end()};
}

TEST_CASE("of several threads that take one version exactly one wins", "[R4][R6][R11][R14]") {
  const Store store;
  store.record(numbered_jobs(1000));
  const std::vector<StoredJob> jobs = store.list();
  const auto remove = [&](std::size_t thread, const StoredJob& job) {
    return store.remove({job}, std::to_string(thread)).removed == 1;
  };
  const auto restamp = [&](std::size_t thread, const StoredJob& job) {
    Retention retention;
    retention.stamp.rule = std::to_string(thread);
    return store.restamp(job, retention).done == 1;
  };
  const auto forget = [&](std::size_t, const StoredJob& job) {
    return store.forget(job.job.job_id, job.version) == Forgotten::forgotten;
  };
  const std::vector<int> once(jobs.size(), 1);

  SECTION("remove") { CHECK(winners(jobs, remove) == once); }
  SECTION("restamp") { CHECK(winners(jobs, restamp) == once); }
  SECTION("forget") { CHECK(winners(jobs, forget) == once); }
  SECTION("each in its own way") {
    CHECK(winners(jobs, [&](std::size_t thread, const StoredJob& job) {
            if (thread % 3 == 0) return remove(thread, job);
            return thread % 3 == 1 ? restamp(thread, job) : forget(thread, job);
          }) == once);
  }
}

TEST_CASE("a job whose hold succeeded is left by a detach in between", "[R5][R11][R14]") {
  constexpr std::size_t kJobs = 1000;
  const Store store;
  store.record(numbered_jobs(kJobs));
  const std::vector<StoredJob> jobs = store.list();
  std::vector<RestampResult> results(kJobs);
  run_together(4, [&](std::size_t thread) {
    for (std::size_t i = thread; i < kJobs; i += 4) {
      Retention retention;
      retention.hold = Hold{.actor = "alice", .reason = "evidence", .until = {}};
      results[i] = store.restamp(jobs[i], retention);
      if (i == kJobs / 2) store.detach(whole_project());
    }
  });

  const IdSet live = store.live();
  const IdSet trashed = id_set(store.trash());
  for (std::size_t i = 0; i < kJobs; ++i) {
    CHECK(live.contains(jobs[i].job.job_id) == (results[i].done == 1));
    CHECK(trashed.contains(jobs[i].job.job_id) == (results[i].absent == 1));
  }
}

TEST_CASE("of many detaches with one purge_id all return one receipt", "[R5][R14]") {
  const Store store;
  store.record(numbered_jobs(100));
  std::vector<Receipt> receipts(kThreads);
  run_together(kThreads, [&](std::size_t thread) {
    receipts[thread] = store.detach(whole_project());
    store.record(a_job(numbered("after ", thread)));
  });

  for (const Receipt& receipt : receipts) CHECK(receipt == receipts.front());
  CHECK(store.pile().jobs == receipts.front().jobs);
  CHECK(store.live().size() == kThreads);
}

TEST_CASE("many threads remove into one pile", "[R6][R14]") {
  constexpr std::size_t kJobs = 1000;
  const Store store;
  store.record(numbered_jobs(kJobs));
  const std::vector<StoredJob> jobs = store.list();
  run_together(kThreads, [&](std::size_t thread) {
    for (std::size_t i = thread; i < kJobs; i += kThreads) store.remove({jobs[i]});
  });

  CHECK(store.entry().jobs == kJobs);
  CHECK(store.trash().size() == kJobs);
}

}  // namespace
}  // namespace purgatory::contract
