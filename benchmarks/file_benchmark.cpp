/// Purgatory's file backend beside a plain SQLite table, each commit synced, and beside the bare
/// commit that neither can do without.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <latch>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "benchmarks/file_report.hpp"
#include "benchmarks/file_store.hpp"
#include "benchmarks/growth.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/rivals/bare_insert.hpp"
#include "benchmarks/rivals/plain_sqlite_store.hpp"
#include "benchmarks/suite.hpp"

namespace purgatory::benchmarks {
namespace {

const std::vector<std::uint32_t> kThreads{1, 2, 4, 8, 16, 64};

/// A synced commit takes as long as a hundred records into memory: fewer of them are measured.
struct Commits {
  explicit Commits(const Options& options)
      : one_by_one(options.quick ? 50 : 3000), of_all_threads(options.quick ? 64 : 2048) {}

  std::uint64_t one_by_one;
  std::uint64_t of_all_threads;
};

/// The bare commits, measured between what is compared with them: no disk is equally fast all the
/// time.
class Floor {
 public:
  explicit Floor(Results& results)
      : results_(results),
        blob_(static_cast<std::size_t>(Workload(Shape{}).mean_encoded_bytes()), 'x') {}

  void measure(std::string_view operation, std::uint64_t commits) {
    const Seconds spent = time_of([&] {
      for (std::uint64_t commit = 0; commit < commits; ++commit) table_.commit(blob_);
    });
    results_.add(operation, rivals::BareInsert::kName,
                 spent.count() / static_cast<double>(commits));
  }

 private:
  Results& results_;
  std::string blob_;
  rivals::BareInsert table_;
};

template <Store Candidate>
Lap record_batched(Suite<Candidate>& suite) {
  suite.clear_stage();
  Candidate store;
  const Lap lap = record_all(store, Shape::batched(suite.jobs()));
  if constexpr (std::is_same_v<Candidate, FileStore>) {
    if (const auto bytes = store.figure("file_bytes")) {
      suite.note(operation::kOwnBytes, *bytes / lap.items);
    }
  }
  suite.note(operation::kBytes, static_cast<double>(store.close_and_weigh()) / lap.items);
  return lap;
}

template <Store Candidate>
Seconds record_each(Candidate& store, std::span<const Sample> samples) {
  return time_of([&] {
    for (const Sample& sample : samples) store.record(sample);
  });
}

/// Block by block; `beside` is called with the size of each.
template <Store Candidate>
Lap record_one_by_one(Suite<Candidate>& suite, std::uint64_t jobs,
                      const std::function<void(std::uint64_t)>& beside) {
  suite.clear_stage();
  Candidate store;
  std::vector<Sample> samples(jobs);
  Workload(Shape::mixed(jobs)).make(0, samples);
  Seconds spent{};
  for (std::span<const Sample> left(samples); !left.empty();) {
    const auto block = left.first(std::min<std::size_t>(left.size(), 100));
    left = left.subspan(block.size());
    spent += record_each(store, block);
    beside(block.size());
  }
  return {spent, static_cast<double>(jobs)};
}

template <Store Candidate>
Lap record_among_all(Suite<Candidate>& suite, std::uint64_t jobs) {
  Candidate& store = suite.stage().full();
  const std::vector<Sample> samples = suite.stage().new_jobs(jobs);
  return {record_each(store, samples), static_cast<double>(jobs)};
}

/// All threads record at the same time, each its own part of the jobs, one by one.
template <Store Candidate>
Seconds record_at_once(Candidate& store, std::uint32_t threads, std::span<const Sample> samples) {
  const std::size_t each = samples.size() / threads;
  std::latch start(threads + 1);
  std::vector<std::jthread> recording;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    recording.emplace_back([&store, &start, mine = samples.subspan(thread * each, each)] {
      start.arrive_and_wait();
      record_each(store, mine);
    });
  }
  return time_of([&] {
    start.arrive_and_wait();
    recording.clear();
  });
}

/// Before and after it, into the same store, one thread records as many.
template <Store Candidate>
Lap record_from_threads(Suite<Candidate>& suite, std::uint32_t threads, std::uint64_t jobs) {
  suite.clear_stage();
  Candidate store;
  std::vector<Sample> samples(jobs * 2);
  Workload(Shape::mixed(samples.size())).make(0, samples);
  const std::span<const Sample> all(samples);
  Seconds alone = record_each(store, all.first(jobs / 2));
  const Seconds spent = record_at_once(store, threads, all.subspan(jobs / 2, jobs));
  alone += record_each(store, all.last(jobs / 2));
  const auto items = static_cast<double>(jobs);
  suite.note(operation::alone_beside(threads), alone.count() / items);
  return {spent, items};
}

template <Store Candidate>
Lap find(Suite<Candidate>& suite, std::uint64_t& next) {
  Candidate& store = suite.stage().full();
  const Workload& workload = suite.stage().workload();
  // From one end of the store to the other, as the caches hold the neighbours.
  next = (next + workload.shape().jobs / 3 + 1) % workload.shape().jobs;
  Sample wanted;
  workload.make(next, wanted);
  const FailedJob& job = wanted.job;
  return {
      time_of([&] { benchmark::DoNotOptimize(store.find(job.project, job.group, job.job_id)); })};
}

/// `suite` must outlive the run. `beside` is called with the size of each block that is recorded
/// one by one.
template <Store Candidate>
void add_all(Suite<Candidate>& suite, const Commits& commits,
             const std::function<void(std::uint64_t)>& beside) {
  suite.add(std::string(operation::kRecordBatched), {}, [&suite] { return record_batched(suite); });
  suite.add(std::string(operation::kRecordOne), {}, [&suite, beside, jobs = commits.one_by_one] {
    return record_one_by_one(suite, jobs, beside);
  });
  for (const std::uint32_t threads : kThreads) {
    suite.add(operation::record_threads(threads), {},
              [&suite, threads, jobs = commits.of_all_threads] {
                return record_from_threads(suite, threads, jobs);
              });
  }
  suite.add_pages();
  suite.add(std::string(operation::kFind), {.iterations = 1000},
            [&suite, next = std::uint64_t{0}]() mutable { return find(suite, next); });
  suite.add(std::string(operation::kRecordAmong), {},
            [&suite, jobs = commits.one_by_one] { return record_among_all(suite, jobs); });
  suite.add_purges({.repetitions = 1});
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;

  Theatre theatre;
  Results results;
  const Commits commits(options);
  Floor floor(results);
  Suite<FileStore> ours(options.jobs, theatre, results);
  Suite<rivals::PlainSqliteStore> plain(options.jobs, theatre, results);
  Growth<FileStore> growth(theatre, results, [&floor](std::uint64_t jobs) {
    floor.measure(operation::commit_beside(jobs), 1);
  });
  const std::vector<std::uint64_t> sizes = growth_sizes(options);
  add_all(ours, commits,
          [&floor](std::uint64_t jobs) { floor.measure(operation::kRecordOne, jobs); });
  add_all(plain, commits, [](std::uint64_t) {});
  growth.add(sizes);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();

  const Workload workload(Shape::batched(options.jobs));
  fmt::print(
      "\n{} jobs of {:.0f} bytes; medians of {} repetitions\n\n{}\nFrom several threads\n\n{}"
      "\nDetach\n\n{}",
      format_count(static_cast<double>(options.jobs)), workload.mean_encoded_bytes(), kRepetitions,
      compare_files(results), show_group_commit(results, kThreads),
      show_file_growth(results, sizes, Shape{}.groups));
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
