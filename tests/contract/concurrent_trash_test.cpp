#include <algorithm>

#include "tests/contract/fixture.hpp"
#include "tests/contract/threads.hpp"

namespace purgatory::contract {
namespace {

constexpr std::size_t kPurged = 1000;

/// Records during a restore: of three purged jobs one has no twin, one an older, one a newer one.
void record_twins(const Store& store, std::size_t first, std::size_t step) {
  for (std::size_t i = first; i < kPurged; i += step) {
    const auto second = static_cast<std::int64_t>(i);
    if (i % 3 == 1) store.record(a_job(four_digits(i)).failed_at(second - 1));
    if (i % 3 == 2) store.record(a_job(four_digits(i)).failed_at(second + 1));
    store.record(a_job(numbered("new ", i)).failed_at(second));
  }
}

/// Restores in small slices; how many came back.
std::uint64_t restore_in_slices(const Store& store) {
  const Budget budget{.jobs = 16, .bytes = kMaxBytesPerCall, .time = seconds(1)};
  std::uint64_t restored = 0;
  std::optional<PileCursor> after;
  for (std::size_t slice = 0; slice <= kPurged; ++slice) {
    const auto result = store->restore(store.call(), kProject, "purge", at(0), {}, budget, after);
    restored += result.restored;
    after = result.next;
    if (!after) break;
  }
  return restored;
}

TEST_CASE("a restore while twins are recorded keeps the newer of each", "[R1][R7][R14]") {
  const Store store;
  store.record(numbered_jobs(kPurged));
  store.detach(whole_project());
  std::atomic<std::uint64_t> restored{0};
  run_together(6, [&](std::size_t thread) {
    if (thread < 4) record_twins(store, thread, 4);
    if (thread >= 4) restored += restore_in_slices(store);
  });

  int wrong = 0;
  for (std::size_t i = 0; i < kPurged; ++i) {
    const auto newest = static_cast<std::int64_t>(i % 3 == 2 ? i + 1 : i);
    if (store.get(four_digits(i)).job.failed_at != at(newest)) ++wrong;
  }
  const std::vector<StoredJob> stayed = store.trash();
  CHECK(wrong == 0);
  CHECK(store.count() == 2 * kPurged);
  CHECK(store.entry().restored == restored);
  CHECK(restored + stayed.size() == kPurged);
  CHECK(std::ranges::all_of(
      stayed, [](const StoredJob& stored) { return std::stoul(stored.job.job_id) % 3 == 2; }));
}

TEST_CASE("slices of reclaim free everything while others write and purge", "[R8][R14]") {
  constexpr std::size_t kRecords = 500;
  const Store store;
  std::atomic<std::uint64_t> freed{0};
  std::atomic<int> unexpected_errors{0};
  run_together(kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kRecords; ++i) {
      const std::string id = numbered(thread, i);
      PurgeNote note = store.note(id);
      note.undo_until = store.now();
      store.record(a_job(id).group(numbered("g", i % 3)));
      if (i % 20 == 10) store->detach(store.call(), in_group("g0"), note);
      if (i % 20 == 19) store->detach(store.call(), whole_project(), note);
      if (i % 7 == 6) {
        const auto listed = store->list(store.call(), {whole_project(), {}}, {}, 5);
        store->remove(store.call(), kProject, refs_of(listed.items), store.note("r" + id));
        const auto error = code_of([&] { store.expire("r" + id); });
        if (error && error != ErrorCode::not_found) ++unexpected_errors;
      }
      const auto error = code_of([&] { return store.trash(id); });
      if (error && error != ErrorCode::not_found) ++unexpected_errors;
      const Budget budget{.jobs = 5, .bytes = kMaxBytesPerCall, .time = seconds(1)};
      freed += store->reclaim(store.call(), kProject, budget).jobs;
    }
  });
  freed += store.reclaim().jobs;

  CHECK(unexpected_errors == 0);
  CHECK(freed + store.count() == kThreads * kRecords);
  CHECK(store.figure("trash_jobs") == 0);
  CHECK(store.piles().empty());
}

TEST_CASE("a store is sound after many threads used every call", "[R14][R18]") {
  constexpr std::size_t kRounds = 200;
  const Store store;
  run_together(kThreads, [&](std::size_t thread) {
    const std::string group = numbered("g", thread % 2);
    for (std::size_t i = 0; i < kRounds; ++i) {
      const std::string purge_id = numbered(thread, i);
      std::vector<NewJob> jobs = numbered_jobs(10, group);
      for (NewJob& job : jobs)
        job.resource_id("vm-1").purge_after(static_cast<std::int64_t>(i)).rule("r");
      store.record(jobs, {keep_last(8, group)}, numbered("caps ", thread));
      const std::vector<StoredJob> due = store.due(10);
      store.remove(due, "r" + purge_id);
      for (const StoredJob& job : store->with_resource(store.call(), kProject, group, "vm-1", 3)) {
        Retention held;
        if (i % 2 == 0) held.hold = Hold{.actor = "alice", .reason = "evidence", .until = {}};
        store.restamp(job, held);
      }
      // Conflicts and absent purges are right answers here; the test is what they leave behind.
      code_of([&] { store.detach(in_group(group), purge_id); });
      code_of([&] { store.restore(purge_id, {keep_last(8, group)}); });
      code_of([&] { store.expire("r" + purge_id); });
      store->reclaim(store.call(), kProject, kOneJob);
      store->trim_journal(store.call(), kProject, store.now());
    }
  });

  std::vector<Finding> findings;
  std::optional<std::string> after;
  do {
    CheckResult slice = store->check(store.call(), after, {});
    findings.insert(findings.end(), slice.findings.begin(), slice.findings.end());
    after = slice.next;
  } while (after);
  CHECK(findings.empty());
  for (const PartitionInfo& info : store.partitions()) {
    const std::vector<StoredJob> listed = store.list(in_group(info.group));
    CHECK(info.jobs == listed.size());
    CHECK(info.bytes == bytes_of(listed));
  }
}

}  // namespace
}  // namespace purgatory::contract
