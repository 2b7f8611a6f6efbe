/// Purgatory's memory backend beside what people write instead. Ends with a table of ratios, all
/// of one run: they mean more than the figures of one machine.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "benchmarks/growth.hpp"
#include "benchmarks/memory_report.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/rivals/multi_index_store.hpp"
#include "benchmarks/rivals/scan_store.hpp"
#include "benchmarks/suite.hpp"

namespace purgatory::benchmarks {
namespace {

double heap_in_use() {
  const struct mallinfo2 heap = ::mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

template <Store Candidate>
Lap record_batched(Suite<Candidate>& suite) {
  suite.clear_stage();
  const double before = heap_in_use();
  Candidate store;
  const Lap lap = record_all(store, Shape::batched(suite.jobs()));
  suite.note(operation::kBytes, (heap_in_use() - before) / lap.items);
  if constexpr (std::is_same_v<Candidate, MemoryStore>) {
    if (const auto bytes = store.figure("memory_bytes")) {
      suite.note(operation::kOwnBytes, *bytes / lap.items);
    }
  }
  return lap;
}

template <Store Candidate>
Lap record_one_by_one(Suite<Candidate>& suite) {
  suite.clear_stage();
  Candidate store;
  return record_all(store, Shape::mixed(suite.jobs()));
}

template <Store Candidate>
Lap count(Suite<Candidate>& suite) {
  Candidate& store = suite.stage().full();
  return {time_of([&] { benchmark::DoNotOptimize(store.count(kFilteredStatus)); })};
}

/// `suite` must outlive the run.
template <Store Candidate>
void add_all(Suite<Candidate>& suite) {
  suite.add(std::string(operation::kRecordBatched), {}, [&suite] { return record_batched(suite); });
  suite.add(std::string(operation::kRecordOne), {}, [&suite] { return record_one_by_one(suite); });
  suite.add_pages();
  suite.add(std::string(operation::kCountFiltered), {}, [&suite] { return count(suite); });
  suite.add_purges({});
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;

  Theatre theatre;
  Results results;
  Suite<MemoryStore> ours(options.jobs, theatre, results);
  Suite<rivals::ScanStore> scan(options.jobs, theatre, results);
  Suite<rivals::MultiIndexStore> multi_index(options.jobs, theatre, results);
  Growth<MemoryStore> growth(theatre, results, [](std::uint64_t) {});
  const std::vector<std::uint64_t> sizes = growth_sizes(options);
  add_all(ours);
  add_all(scan);
  add_all(multi_index);
  growth.add(sizes);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();

  const Workload workload(Shape::batched(options.jobs));
  fmt::print("\n{} jobs of {:.0f} bytes; medians of {} repetitions\n\n{}\nDetach\n\n{}",
             format_count(static_cast<double>(options.jobs)), workload.mean_encoded_bytes(),
             kRepetitions, compare_stores(results), show_growth(results, sizes, Shape{}.groups));
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
