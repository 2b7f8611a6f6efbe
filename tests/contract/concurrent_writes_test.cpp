#include <algorithm>
#include <random>

#include "tests/contract/fixture.hpp"
#include "tests/contract/threads.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("of many records of one identity the greatest failed_at wins", "[R1][R14]") {
  constexpr int kRecords = 600;
  const Store store;
  std::atomic<int> greatest{0};
  std::atomic<std::uint64_t> inserted{0};
  std::atomic<std::uint64_t> counted{0};
  run_together(kThreads, [&](std::size_t thread) {
    std::mt19937 random(static_cast<std::mt19937::result_type>(thread));
    for (int i = 0; i < kRecords; ++i) {
      const int second = static_cast<int>(random() % 100'000);
      const auto result =
          store.record(a_job("a").failed_at(second).payload(std::to_string(second)));
      inserted += result.inserted;
      counted += result.inserted + result.replaced + result.stale;
      int seen = greatest;
      while (second > seen && !greatest.compare_exchange_weak(seen, second)) {
      }
    }
  });

  CHECK(store.get("a").job.failed_at == at(greatest));
  CHECK(store.get("a").job.payload == std::to_string(greatest));
  CHECK(inserted == 1);
  CHECK(counted == kThreads * kRecords);
  CHECK(store.partition().jobs == 1);
}

TEST_CASE("keep_last is exact with many threads", "[R1][R14]") {
  constexpr std::size_t kJobs = 4800;
  constexpr std::size_t kPerCall = 3;
  const auto bound = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{100});
  // A prime that does not divide kJobs: every second from 0 to kJobs - 1 comes up once.
  const auto second_of = [](std::size_t job) { return job * 7919 % kJobs; };
  const Store store;
  std::atomic<std::uint64_t> most_observed{0};
  std::atomic<std::uint64_t> evicted{0};
  run_together(kThreads, [&](std::size_t thread) {
    for (std::size_t first = thread * kPerCall; first < kJobs; first += kThreads * kPerCall) {
      std::vector<NewJob> jobs;
      for (std::size_t job = first; job < first + kPerCall; ++job) {
        jobs.push_back(
            a_job(four_digits(job)).failed_at(static_cast<std::int64_t>(second_of(job))));
      }
      evicted += store.record(jobs, {keep_last(bound)}).evicted;
      const std::uint64_t observed = store.partition().jobs;
      std::uint64_t seen = most_observed;
      while (observed > seen && !most_observed.compare_exchange_weak(seen, observed)) {
      }
    }
  });

  IdSet newest;
  for (std::size_t job = 0; job < kJobs; ++job) {
    if (second_of(job) >= kJobs - bound) newest.insert(four_digits(job));
  }
  CHECK(store.live() == newest);
  CHECK(most_observed <= bound);
  CHECK(evicted == kJobs - bound);
  CHECK(store.entry("caps").jobs == kJobs - bound);
}

TEST_CASE("a bound of bytes is never exceeded with many threads", "[R1][R14]") {
  constexpr std::size_t kRecords = 400;
  constexpr std::uint64_t kBound = 2000;
  const Store store;
  std::atomic<bool> exceeded{false};
  run_together(kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kRecords; ++i) {
      const NewJob job = a_job(numbered(thread, i)).failed_at(static_cast<std::int64_t>(i));
      store.record(NewJob(job).payload_bytes(i % 7 * 50), {max_bytes(kBound)});
      if (store.partition().bytes > kBound) exceeded = true;
    }
  });

  CHECK_FALSE(exceeded);
  CHECK(store.partition().bytes == bytes_of(store.list()));
}

TEST_CASE("versions grow strictly with many threads", "[R1][R10][R14]") {
  constexpr int kRecords = 300;
  const Store store;
  std::atomic<bool> grew{true};
  std::vector<std::vector<Version>> versions(kThreads);
  run_together(kThreads, [&](std::size_t thread) {
    const std::string id = std::to_string(thread);
    for (int i = 0; i < kRecords; ++i) {
      store.record(a_job(id).group(std::to_string(i % 3)).failed_at(i));
      versions[thread].push_back(store.get(id, std::to_string(i % 3)).version);
      store.hold(id, std::to_string(i % 3), at(5000 + i));
      versions[thread].push_back(store.get(id, std::to_string(i % 3)).version);
    }
    if (!std::ranges::is_sorted(versions[thread], std::less_equal<>())) grew = false;
  });

  std::set<Version> all;
  for (const auto& own : versions) all.insert(own.begin(), own.end());
  CHECK(grew);
  CHECK(all.size() == kThreads * kRecords * 2);
  CHECK(store.watermark() == *all.rbegin());
}

TEST_CASE("a walk during writes gives every untouched job exactly once", "[R3][R14]") {
  constexpr std::size_t kWalkers = 2;
  constexpr int kWalks = 10;
  constexpr std::size_t kMostWrites = 20'000;
  const Store store;
  for (const char* group : {"", "g", "h"}) store.record(numbered_jobs(100, group));
  const std::vector<StoredJob> untouched = store.list();
  std::atomic<int> walks_left{kWalkers * kWalks};
  std::atomic<int> wrong_walks{0};
  run_together(kThreads, [&](std::size_t thread) {
    if (thread < kWalkers) {
      for (int walk = 0; walk < kWalks; ++walk, --walks_left) {
        std::vector<StoredJob> seen = store.list(whole_project(), {}, 7);
        std::erase_if(seen, [](const StoredJob& stored) { return stored.job.job_id[0] == 'w'; });
        if (seen != untouched) ++wrong_walks;
      }
      return;
    }
    for (std::size_t i = 0; i < kMostWrites && walks_left > 0; ++i) {
      const std::string id = numbered("w", thread * 100 + i % 20);
      const auto second = static_cast<std::int64_t>(i % 100);
      store.record({a_job(id).failed_at(second), a_job(id).group("g").failed_at(second),
                    a_job(id).group("victim").failed_at(second)});
      store.forget(id);
      const std::string purge_id = numbered(thread, i);
      if (i % 10 == 0) store.detach(in_group("victim"), purge_id);
      if (i % 10 == 5) store.remove({store.get(id, "g")}, purge_id);
    }
  });

  CHECK(wrong_walks == 0);
}

TEST_CASE("of many threads one gets the lease", "[R13][R14]") {
  const Store store;
  std::atomic<int> holders{0};
  run_together(kThreads, [&](std::size_t thread) {
    if (store->lease(store.call(), "purger", std::to_string(thread), seconds(10))) ++holders;
  });

  CHECK(holders == 1);
}

TEST_CASE("compare_and_set loses no update with many threads", "[R17][R14]") {
  constexpr int kUpdates = 400;
  const Store store;
  store->compare_and_set(store.call(), "counter", std::nullopt, "0");
  run_together(kThreads, [&](std::size_t thread) {
    for (int i = 0; i < kUpdates; ++i) {
      std::string stored = store->setting(store.call(), "counter").value();
      for (;;) {
        // The owner makes the value unique: another thread's equal value would count as success.
        const std::string next =
            std::to_string(std::stoi(stored) + 1) + " by " + std::to_string(thread);
        const auto now = store->compare_and_set(store.call(), "counter", stored, next);
        if (now == next) break;
        stored = now.value();
      }
    }
  });

  CHECK(std::stoi(store->setting(store.call(), "counter").value()) == kThreads * kUpdates);
}

}  // namespace
}  // namespace purgatory::contract
