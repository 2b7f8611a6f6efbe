// Any thread may call anything.

#include <atomic>
#include <map>
#include <mutex>

#include "tests/contract/threads.hpp"
#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

constexpr std::size_t kRecorders = 2;
constexpr std::size_t kPurgers = 4;
constexpr std::size_t kJobs = 600;   ///< Of each recorder.
constexpr std::size_t kPurges = 40;  ///< Of each purger.

/// Some threads record, the others purge and now and then restore what they purged.
class Turmoil {
 public:
  Turmoil() {
    contract::run_together(kRecorders + kPurgers, [&](std::size_t thread) {
      if (thread < kRecorders) {
        record(thread);
      } else {
        for (std::size_t i = 0; i < kPurges; ++i) purge(thread, i);
      }
    });
  }

  Service service;
  std::atomic<std::uint64_t> inserted{0};
  std::atomic<std::uint64_t> purged{0};
  std::atomic<std::uint64_t> restored{0};
  std::map<std::string, Receipt> receipts;
  std::mutex mutex;

 private:
  void record(std::size_t thread) {
    constexpr std::size_t kBatch = 6;
    for (std::size_t i = 0; i < kJobs; i += kBatch) {
      std::vector<NewJob> jobs;
      for (std::size_t j = i; j < i + kBatch; ++j) {
        jobs.push_back(a_job(numbered(thread, j)).group(numbered("g", j % 3)));
        jobs.back().fields.error_code = numbered("E", j % 2);
      }
      inserted += service.record(jobs).inserted;
    }
  }

  void purge(std::size_t thread, std::size_t number) {
    const PurgeOptions options{.purge_id = numbered(thread, number)};
    const Filter filter = thread % 2 == 0 ? Filter{} : with_code(numbered("E", number % 2));
    try {
      const Receipt receipt =
          service->purge(Selection{in_group(numbered("g", number % 3)), filter}, kAlice, options);
      purged += receipt.jobs;
      const std::scoped_lock lock(mutex);
      receipts.emplace(receipt.purge_id, receipt);
    } catch (const Error& error) {  // another thread is restoring something of the group
      if (error.code() != ErrorCode::conflict || !filter.empty()) throw;
      return;
    }
    if (number % 4 != 0) return;
    try {
      restored += service->restore(kProject, options.purge_id).restored;
    } catch (const Error& error) {  // there was nothing to purge
      if (error.code() != ErrorCode::not_found) throw;
    }
  }
};

TEST_CASE("whatever threads do at the same time, each job is in sight or in one purge's trash") {
  Turmoil turmoil;
  Service& service = turmoil.service;

  std::map<std::string, int> places;
  for (const std::string& id : service.live()) ++places[id];
  std::uint64_t trashed = 0;
  for (const Pile& pile : service->trash(kProject)) {
    trashed += pile.jobs;
    for (const StoredJob& job : service.store().trash(pile.purge_id)) ++places[job.job.job_id];
  }
  CHECK(turmoil.inserted == kRecorders * kJobs);
  CHECK(places.size() == kRecorders * kJobs);
  CHECK(std::ranges::all_of(places, [](const auto& place) { return place.second == 1; }));
  CHECK(turmoil.purged == turmoil.restored + trashed);
  CHECK(service->count(Everything{}) == turmoil.inserted - trashed);
}

TEST_CASE("whatever threads do at the same time, each receipt is what the journal says") {
  Turmoil turmoil;

  for (const JournalEntry& entry : turmoil.service.journal()) {
    const Receipt receipt = turmoil.receipts.at(entry.purge_id);
    CHECK(receipt.jobs == entry.jobs);
    CHECK(receipt.bytes == entry.bytes);
    turmoil.receipts.erase(entry.purge_id);
  }
  for (const auto& [purge_id, receipt] : turmoil.receipts) CHECK(receipt.jobs == 0);
}

TEST_CASE("of many threads that purge one selection all jobs go once") {
  Service service;
  service.record(jobs_with_code(3000, "E"));
  std::vector<Receipt> receipts(contract::kThreads);
  const Selection selection{whole_project(), with_code("E")};

  SECTION("each under a purge_id of its own") {
    contract::run_together(contract::kThreads, [&](std::size_t thread) {
      receipts[thread] = service->purge(selection, kAlice);
    });
    std::uint64_t jobs = 0;
    for (const Receipt& receipt : receipts) jobs += receipt.jobs;
    CHECK(jobs == 3000);
  }
  SECTION("all under the same") {
    contract::run_together(contract::kThreads, [&](std::size_t thread) {
      receipts[thread] = service->purge(selection, kAlice, {.purge_id = "p"});
    });
    CHECK(service.entry().jobs == 3000);
    for (const Receipt& receipt : receipts) CHECK(receipt.jobs <= 3000);
  }
  CHECK(service.live().empty());
}

}  // namespace
}  // namespace purgatory::facade_test
