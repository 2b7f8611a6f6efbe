// Several archivers at the same purges at the same time: all write the same.

#include "tests/archive/fixture.hpp"
#include "tests/contract/threads.hpp"

namespace purgatory::archive_test {
namespace {

void check_each_once(const Bench& bench, std::size_t jobs) {
  CHECK(ids_in(bench.directory("cold")) == ids_of(jobs_for("cold", jobs)));
  for (const std::string& file : files_in(bench.directory("cold"))) {
    CHECK(fs::path(file).filename().native().front() != '.');
  }
  CHECK(bench.store.piles().empty());
}

TEST_CASE("another archiver may finish a purge before any call of this one") {
  constexpr RangeLimits kLimits{.jobs = 2};
  constexpr int kMostCalls = 100;
  bool interrupted = true;
  for (int call = 1; interrupted; ++call) {
    REQUIRE(call < kMostCalls);
    Bench bench(kLimits);
    bench.purge(jobs_for("cold", 5));
    interrupted = false;
    bench.at_call(call, [&] {
      interrupted = true;
      Archiver other(bench.borrowed(), bench.archives(), kLimits);
      while (other.step(kProject).more) continue;
      bench.store.reclaim();
    });
    bench.finish();
    bench.store.reclaim();
    CAPTURE(call);
    check_each_once(bench, 5);
  }
}

TEST_CASE("another archiver may be ahead where no job is for an archive") {
  constexpr RangeLimits kLimits{.jobs = 1};
  constexpr int kMostCalls = 100;
  const int ahead = GENERATE(1, 2, 3, 4);
  bool interrupted = true;
  for (int call = 1; interrupted; ++call) {
    REQUIRE(call < kMostCalls);
    Bench bench(kLimits);
    std::vector<NewJob> jobs = jobs_for("cold", 5);
    for (const std::size_t i : {0U, 2U, 3U}) jobs[i].archive("");
    bench.purge(jobs);
    interrupted = false;
    bench.at_call(call, [&] {
      interrupted = true;
      Archiver other(bench.borrowed(), bench.archives(), kLimits);
      for (int step = 0; step < ahead; ++step) other.step(kProject);
    });
    bench.finish();
    CAPTURE(call);
    CHECK(ids_in(bench.directory("cold")) == Ids{"cold1", "cold4"});
  }
}

TEST_CASE("archivers in threads of their own may take the same purge") {
  constexpr std::size_t kArchivers = 4;
  constexpr int kRounds = 5;
  constexpr RangeLimits kLimits{.jobs = 3};
  for (int round = 0; round < kRounds; ++round) {
    Bench bench(kLimits);
    bench.purge(jobs_for("cold", 10));
    contract::run_together(kArchivers, [&](std::size_t) {
      Archiver archiver(bench.borrowed(), bench.archives(), kLimits);
      while (archiver.step(kProject).more) continue;
    });
    bench.store.reclaim();
    check_each_once(bench, 10);
  }
}

TEST_CASE("threads may share an archiver") {
  constexpr std::size_t kThreads = 4;
  Bench bench({.jobs = 3});
  bench.purge(jobs_for("cold", 10));
  contract::run_together(kThreads, [&](std::size_t) {
    while (bench.step().more) static_cast<void>(bench.pending_jobs());
  });
  bench.store.reclaim();
  check_each_once(bench, 10);
  CHECK(bench.pending_jobs() == 0);
}

}  // namespace
}  // namespace purgatory::archive_test
