#include <deque>

#include "tests/contract/fixture.hpp"
#include "tests/contract/threads.hpp"
#include "tests/processes/remote_repository.hpp"
#include "tests/processes/stores.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace purgatory::contract {
namespace {

constexpr std::size_t kProcesses = 4;

/// One file that several processes have open, each behind a store of its own.
class SharedFile {
 public:
  SharedFile() {
    const auto options = processes::file_worker(directory_.path() / "jobs", "normal");
    for (std::size_t i = 0; i < kProcesses; ++i) {
      stores_.emplace_back(std::make_shared<processes::RemoteRepository>(options, 1));
    }
  }

  Store& operator[](std::size_t process) { return stores_[process]; }

 private:
  processes::TemporaryDirectory directory_;
  std::deque<Store> stores_;
};

TEST_CASE("keep_last is exact with many processes", "[R1]") {
  constexpr std::size_t kJobs = 1200;
  constexpr std::size_t kPerCall = 3;
  const auto bound = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{100});
  // A prime that does not divide kJobs: every second from 0 to kJobs - 1 comes up once.
  const auto second_of = [](std::size_t job) { return job * 7919 % kJobs; };
  SharedFile file;
  std::atomic<std::uint64_t> evicted{0};
  std::atomic<bool> exceeded{false};
  run_together(kProcesses, [&](std::size_t process) {
    for (std::size_t first = process * kPerCall; first < kJobs; first += kProcesses * kPerCall) {
      std::vector<NewJob> jobs;
      for (std::size_t job = first; job < first + kPerCall; ++job) {
        jobs.push_back(
            a_job(four_digits(job)).failed_at(static_cast<std::int64_t>(second_of(job))));
      }
      evicted += file[process].record(jobs, {keep_last(bound)}).evicted;
      if (file[process].partition().jobs > bound) exceeded = true;
    }
  });

  IdSet newest;
  for (std::size_t job = 0; job < kJobs; ++job) {
    if (second_of(job) >= kJobs - bound) newest.insert(four_digits(job));
  }
  for (std::size_t process = 0; process < kProcesses; ++process) {
    CHECK(file[process].live() == newest);
  }
  CHECK_FALSE(exceeded);
  CHECK(evicted == kJobs - bound);
  CHECK(file[0].entry("caps").jobs == kJobs - bound);
}

TEST_CASE("a lease that a process holds is refused to others until it ran out", "[R13]") {
  SharedFile file;
  const auto lease = [&](std::size_t process, std::string_view owner) {
    return file[process]->lease(file[process].call(), "purger", owner, seconds(10));
  };
  REQUIRE(lease(0, "first"));

  CHECK_FALSE(lease(1, "second"));
  for (std::size_t process = 0; process < kProcesses; ++process) file[process].advance(seconds(10));
  CHECK(lease(1, "second"));
  CHECK_FALSE(lease(0, "first"));
}

TEST_CASE("what a process recorded is seen by the next call of another", "[R2]") {
  SharedFile file;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::string id = four_digits(i);
    file[i % kProcesses].record(a_job(id));
    CHECK(file[(i + 1) % kProcesses].has(id));
    CHECK(file[(i + 2) % kProcesses].count() == i + 1);
  }
}

TEST_CASE("compare_and_set loses no update with many processes", "[R17]") {
  constexpr int kUpdates = 100;
  SharedFile file;
  file[0]->compare_and_set(file[0].call(), "counter", std::nullopt, "0");
  run_together(kProcesses, [&](std::size_t process) {
    const Store& store = file[process];
    for (int i = 0; i < kUpdates; ++i) {
      std::string stored = store->setting(store.call(), "counter").value();
      for (;;) {
        // The owner makes the value unique: another's equal value would count as success.
        const std::string next =
            std::to_string(std::stoi(stored) + 1) + " by " + std::to_string(process);
        const auto now = store->compare_and_set(store.call(), "counter", stored, next);
        if (now == next) break;
        stored = now.value();
      }
    }
  });

  CHECK(std::stoi(file[0]->setting(file[0].call(), "counter").value()) == kProcesses * kUpdates);
}

TEST_CASE("a detach takes what other processes recorded before it and nothing else", "[R5]") {
  constexpr std::size_t kRecords = 200;
  SharedFile file;
  std::array<std::atomic<std::size_t>, kProcesses> recorded{};
  std::array<std::size_t, kProcesses> before{};
  std::array<std::size_t, kProcesses> begun{};
  std::array<std::atomic<std::size_t>, kProcesses> started{};
  run_together(kProcesses, [&](std::size_t process) {
    if (process == 0) {
      while (recorded[1] < kRecords / 4) std::this_thread::yield();
      for (std::size_t other = 1; other < kProcesses; ++other) before[other] = recorded[other];
      file[0].detach(whole_project());
      for (std::size_t other = 1; other < kProcesses; ++other) begun[other] = started[other];
      return;
    }
    for (std::size_t i = 0; i < kRecords; ++i) {
      started[process] = i + 1;
      file[process].record(a_job(numbered(process, i)).group(numbered("g", process)));
      recorded[process] = i + 1;
    }
  });

  const IdSet live = file[1].live();
  const IdSet purged = id_set(file[2].trash());
  CHECK(live.size() + purged.size() == (kProcesses - 1) * kRecords);
  CHECK(file[3].entry().jobs == purged.size());
  for (std::size_t process = 1; process < kProcesses; ++process) {
    for (std::size_t i = 0; i < before[process]; ++i) CHECK(purged.contains(numbered(process, i)));
    for (std::size_t i = begun[process]; i < kRecords; ++i) {
      CHECK(live.contains(numbered(process, i)));
    }
  }
}

}  // namespace
}  // namespace purgatory::contract
