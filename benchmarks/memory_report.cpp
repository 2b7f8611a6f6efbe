#include "benchmarks/memory_report.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "benchmarks/comparison.hpp"
#include "benchmarks/operations.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/rivals/multi_index_store.hpp"
#include "benchmarks/rivals/scan_store.hpp"

namespace purgatory::benchmarks {
namespace {

constexpr double kMostDetach = 20e-6;
constexpr double kMostFurtherPartition = 0.5e-6;
// Caches make a small store faster; a cost that followed the jobs would be 10 times as high.
constexpr double kMostGrowth = 2;

constexpr std::string_view kMap = rivals::ScanStore::kName;
constexpr std::string_view kMultiIndex = rivals::MultiIndexStore::kName;

std::vector<Row> rows() {
  using namespace operation;
  return {
      {"record one by one", std::string(kRecordOne), format_rate, ">= 2x unordered_map",
       times_the(kMap, 2)},
      {"record, batches of 1000", std::string(kRecordBatched), format_rate, ""},
      {"heap, a job", std::string(kBytes), format_bytes, "<= 0.6x unordered_map",
       times_the(kMap, 1 / 0.6)},
      {"heap, a job, as the store says", std::string(kOwnBytes), format_bytes, ""},
      {"page of 100, a partition", std::string(kPagePartition), format_time, "<= 100 us",
       at_most(100e-6)},
      {"page of 100, a partition, filtered", std::string(kPageFiltered), format_time, "<= 100 us",
       at_most(100e-6)},
      {"page of 100, a project", std::string(kPageProject), format_time, "<= 100 us",
       at_most(100e-6)},
      {"count of all jobs, filtered", std::string(kCountFiltered), format_time, "< 400 ms",
       at_most(0.4)},
      {"purge a group", std::string(kPurgeGroup), format_time, ""},
      {"  and free it", reclaimed(kPurgeGroup), format_time, ""},
      {"purge a project", std::string(kPurgeProject), format_time,
       ">= 10,000x map, 1,000x multi_index",
       both(times_the(kMap, 10'000), times_the(kMultiIndex, 1'000))},
      {"  and free it", reclaimed(kPurgeProject), format_time, ""},
      {"purge half a project by age", std::string(kPurgeDue), format_rate, ">= 1.5 M/s",
       at_most(1 / 1.5e6)},
      {"  and free it", reclaimed(kPurgeDue), format_rate, ""},
      {"purge everything", std::string(kPurgeAll), format_time, ""},
      {"  and free it", reclaimed(kPurgeAll), format_time, ""},
  };
}

}  // namespace

std::string compare_stores(const Results& results) {
  return compare(results, rows(), {kMap, kMultiIndex});
}

std::string show_growth(const Results& results, const std::vector<std::uint64_t>& sizes,
                        std::uint32_t partitions) {
  Table table({"jobs in the store", "a partition (< 20 us)",
               "a project of " + std::to_string(partitions), "each further partition (< 500 ns)",
               "x the smallest store (<= 2x)", "met"});
  std::optional<double> smallest;
  for (const std::uint64_t size : sizes) {
    const auto partition = results.median(operation::detach_partition(size), PurgatoryStore::kName);
    const auto project = results.median(operation::detach_project(size), PurgatoryStore::kName);
    if (!partition || !project) continue;
    const double further = std::max(0.0, *project - *partition) / (partitions - 1);
    if (!smallest) smallest = project;
    const double growth = *project / *smallest;
    const bool met =
        *partition < kMostDetach && further < kMostFurtherPartition && growth <= kMostGrowth;
    table.add({format_count(static_cast<double>(size)), format_time(*partition),
               format_time(*project), format_time(further), format_ratio(growth), text(met)});
  }
  return table.markdown();
}

}  // namespace purgatory::benchmarks
