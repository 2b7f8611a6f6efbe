/// Purgatory's memory backend beside what people write instead. Ends with a table of ratios, all
/// of one run: they mean more than the figures of one machine.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "benchmarks/memory_report.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/rivals/multi_index_store.hpp"
#include "benchmarks/rivals/scan_store.hpp"
#include "benchmarks/stage.hpp"

namespace purgatory::benchmarks {
namespace {

constexpr int kRepetitions = 3;
constexpr std::size_t kPageSize = 100;

/// What one iteration of a benchmark tells: how long its `items` took.
struct Lap {
  Seconds spent{};
  double items = 1;
};

double heap_in_use() {
  const struct mallinfo2 heap = ::mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

template <Store Candidate>
class Suite {
 public:
  Suite(const Options& options, Theatre& theatre, Results& results)
      : jobs_(options.jobs), theatre_(theatre), results_(results) {}

  void register_benchmarks() {
    // A scan takes as long as a thousand pages from an index.
    const int many = Candidate::kPagesByScan ? 3 : 300;
    const int some = Candidate::kPagesByScan ? 2 : 10;
    add(operation::kRecordBatched, 1, [this] { return record_batched(); });
    add(operation::kRecordOne, 1, [this] { return record_one_by_one(); });
    add(operation::kPagePartition, many, [this] { return page(true, false); });
    add(operation::kPageFiltered, many, [this] { return page(true, true); });
    add(operation::kPageProject, many, [this] { return page(false, false); });
    add(operation::kCountFiltered, 1, [this] { return count(); });
    add(operation::kPurgeProject, 1, [this] { return purge_project(); });
    add(operation::kPurgeDue, 1, [this] { return purge_due(); });
    add(operation::kPurgeGroup, some, [this] { return purge_group(); });
    add(operation::kPurgeAll, 1, [this] { return purge_all(); });
  }

 private:
  void add(std::string_view operation, int iterations, std::function<Lap()> body) {
    const auto run = [this, operation, body = std::move(body)](benchmark::State& state) {
      double items = 0;
      for ([[maybe_unused]] auto _ : state) {
        const Lap lap = body();
        state.SetIterationTime(lap.spent.count());
        results_.add(operation, Candidate::kName, lap.spent.count() / lap.items);
        items += lap.items;
      }
      state.SetItemsProcessed(static_cast<std::int64_t>(items));
    };
    const std::string name = fmt::format("{}/{}", Candidate::kName, operation);
    benchmark::RegisterBenchmark(name.c_str(), run)
        ->Iterations(iterations)
        ->Repetitions(kRepetitions)
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->ReportAggregatesOnly();
  }

  Stage<Candidate>& stage() { return theatre_.stage<Candidate>(jobs_); }

  Lap record_batched() {
    theatre_.clear();
    const double before = heap_in_use();
    Candidate store;
    const Seconds spent = fill(store, Workload(Shape::batched(jobs_)));
    const auto jobs = static_cast<double>(jobs_);
    results_.add(operation::kBytes, Candidate::kName, (heap_in_use() - before) / jobs);
    if constexpr (std::is_same_v<Candidate, PurgatoryStore>) {
      results_.add(operation::kOwnBytes, Candidate::kName, store.figure("memory_bytes") / jobs);
    }
    return {spent, jobs};
  }

  Lap record_one_by_one() {
    theatre_.clear();
    Candidate store;
    return {fill(store, Workload(Shape::mixed(jobs_))), static_cast<double>(jobs_)};
  }

  Lap page(bool of_partition, bool filtered) {
    Candidate& store = stage().full();
    const Workload& workload = stage().workload();
    // Each page comes from another place, or it would be measured from the caches only.
    next_page_ += 37;
    const Workload::Place place{.project = next_page_ % workload.shape().projects,
                                .group = next_page_ / 7 % workload.shape().groups};
    Query query{
        .project = Workload::project_name(place.project), .group = {}, .failure_status = {}};
    if (of_partition) query.group = Workload::group_name(place.group);
    if (filtered) query.failure_status = kFilteredStatus;
    return {time_of([&] { benchmark::DoNotOptimize(store.page(query, kPageSize)); })};
  }

  Lap count() {
    Candidate& store = stage().full();
    return {time_of([&] { benchmark::DoNotOptimize(store.count(kFilteredStatus)); })};
  }

  /// Times a purge, and then what is left to do until its memory is free. `per_job`: the time of a
  /// job is wanted, not that of the call.
  template <typename Purge>
  Lap purge(Candidate& store, std::string_view operation, bool per_job, const Purge& purge) {
    std::uint64_t jobs = 0;
    const Seconds spent = time_of([&] { jobs = purge(); });
    const Seconds reclaiming = time_of([&] { benchmark::DoNotOptimize(store.reclaim()); });
    const double items = per_job ? static_cast<double>(jobs) : 1;
    results_.add(operation::reclaimed(operation), Candidate::kName,
                 (spent + reclaiming).count() / items);
    return {spent, items};
  }

  Lap purge_project() {
    const auto [store, number] = stage().untouched_project();
    const std::string project = Workload::project_name(number);
    return purge(store, operation::kPurgeProject, false,
                 [&store = store, &project] { return store.purge_project(project); });
  }

  Lap purge_due() {
    const auto [store, number] = stage().untouched_project();
    const std::string project = Workload::project_name(number);
    const Time cutoff = stage().workload().half_due(number);
    return purge(store, operation::kPurgeDue, true,
                 [&, &store = store] { return store.purge_due(project, cutoff); });
  }

  Lap purge_group() {
    if (!groups_of_ || groups_of_->second == stage().workload().shape().groups) {
      groups_of_ = {stage().untouched_project().second, 0};
    }
    Candidate& store = stage().current();
    const std::string project = Workload::project_name(groups_of_->first);
    const std::string group = Workload::group_name(groups_of_->second++);
    return purge(store, operation::kPurgeGroup, false,
                 [&] { return store.purge_group(project, group); });
  }

  Lap purge_all() {
    Candidate& store = stage().full();
    const Lap lap = purge(store, operation::kPurgeAll, false, [&] { return store.purge_all(); });
    theatre_.clear();
    return lap;
  }

  std::uint64_t jobs_;
  Theatre& theatre_;
  Results& results_;
  std::uint32_t next_page_ = 0;
  std::optional<std::pair<std::uint32_t, std::uint32_t>> groups_of_;
};

/// A detach of one partition and of a project, in stores of different sizes: it must not matter.
class Growth {
 public:
  Growth(Theatre& theatre, Results& results, std::vector<std::uint64_t> sizes)
      : theatre_(theatre), results_(results), sizes_(std::move(sizes)) {}

  void register_benchmarks() {
    for (const std::uint64_t jobs : sizes_) {
      const auto partition = [this, jobs] { return detach_partition(jobs); };
      const auto project = [this, jobs] { return detach_project(jobs); };
      // Together they use up the ten projects of one store.
      add(operation::detach_partition(jobs), 30, partition);
      add(operation::detach_project(jobs), 3, project);
    }
  }

  [[nodiscard]] std::string table() const { return show_growth(results_, sizes_, Shape{}.groups); }

 private:
  void add(const std::string& operation, int iterations, std::function<Seconds()> body) {
    const auto run = [this, operation, body = std::move(body)](benchmark::State& state) {
      for ([[maybe_unused]] auto _ : state) {
        const Seconds spent = body();
        state.SetIterationTime(spent.count());
        results_.add(operation, PurgatoryStore::kName, spent.count());
      }
    };
    benchmark::RegisterBenchmark(operation.c_str(), run)
        ->Iterations(iterations)
        ->Repetitions(kRepetitions)
        ->Unit(benchmark::kMicrosecond)
        ->UseManualTime()
        ->ReportAggregatesOnly();
  }

  /// One of the groups of a project, each in its turn.
  Seconds detach_partition(std::uint64_t jobs) {
    Stage<PurgatoryStore>& stage = theatre_.stage<PurgatoryStore>(jobs);
    if (next_group_ == 0) project_ = stage.untouched_project().second;
    const Scope scope =
        Scope::group(Workload::project_name(project_), Workload::group_name(next_group_));
    next_group_ = (next_group_ + 1) % Shape{}.groups;
    return detach(stage.current(), scope);
  }

  Seconds detach_project(std::uint64_t jobs) {
    next_group_ = 0;
    const auto [store, project] = theatre_.stage<PurgatoryStore>(jobs).untouched_project();
    return detach(store, Scope::project(Workload::project_name(project)));
  }

  static Seconds detach(PurgatoryStore& store, const Scope& scope) {
    const std::string purge_id = store.new_purge_id();
    return time_of([&] { benchmark::DoNotOptimize(store.detach(scope, purge_id)); });
  }

  Theatre& theatre_;
  Results& results_;
  std::vector<std::uint64_t> sizes_;
  std::uint32_t project_ = 0;
  std::uint32_t next_group_ = 0;
};

std::vector<std::uint64_t> growth_sizes(const Options& options) {
  if (options.quick) return {10'000, options.jobs};
  std::vector<std::uint64_t> sizes{10'000, 100'000, 1'000'000};
  if (options.large) sizes.push_back(10'000'000);
  return sizes;
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;

  Theatre theatre;
  Results results;
  Suite<PurgatoryStore> ours(options, theatre, results);
  Suite<rivals::ScanStore> scan(options, theatre, results);
  Suite<rivals::MultiIndexStore> multi_index(options, theatre, results);
  Growth growth(theatre, results, growth_sizes(options));
  ours.register_benchmarks();
  scan.register_benchmarks();
  multi_index.register_benchmarks();
  growth.register_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();

  const Workload workload(Shape::batched(options.jobs));
  fmt::print("\n{} jobs of {:.0f} bytes; medians of {} repetitions\n\n{}\nDetach\n\n{}",
             format_count(static_cast<double>(options.jobs)), workload.mean_encoded_bytes(),
             kRepetitions, compare_stores(results), growth.table());
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  try {
    return purgatory::benchmarks::run(count, arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
