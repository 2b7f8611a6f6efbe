#include "benchmarks/memory_report.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/rivals/multi_index_store.hpp"
#include "benchmarks/rivals/scan_store.hpp"

namespace purgatory::benchmarks {
namespace {

constexpr double kMostDetach = 20e-6;
constexpr double kMostFurtherPartition = 0.5e-6;
// Caches make a small store faster; a cost that followed the jobs would be 10 times as high.
constexpr double kMostGrowth = 2;

using Format = std::string (*)(double);

/// What one row compares. A figure is absent if a filter left its benchmark out.
struct Figures {
  std::optional<double> ours;
  std::optional<double> scan;
  std::optional<double> multi_index;
};

using Verdict = std::function<std::optional<bool>(const Figures&)>;

std::string text(const std::optional<bool>& met) {
  if (!met) return "";
  return *met ? "yes" : "NO";
}

std::string text(const std::optional<double>& value, Format format) {
  return value ? format(*value) : "-";
}

std::string ratio(const std::optional<double>& rival, const std::optional<double>& ours) {
  return rival && ours ? format_ratio(*rival / *ours) : "-";
}

std::optional<bool> at_least(const std::optional<double>& rival, const std::optional<double>& ours,
                             double factor) {
  if (!rival || !ours) return {};
  return *rival / *ours >= factor;
}

Verdict at_most(double seconds) {
  return [seconds](const Figures& figures) -> std::optional<bool> {
    if (!figures.ours) return {};
    return *figures.ours <= seconds;
  };
}

Verdict times_the_map(double factor) {
  return [factor](const Figures& figures) { return at_least(figures.scan, figures.ours, factor); };
}

std::optional<bool> project_purge_met(const Figures& figures) {
  const auto scan = at_least(figures.scan, figures.ours, 10'000);
  const auto multi_index = at_least(figures.multi_index, figures.ours, 1'000);
  if (!scan || !multi_index) return {};
  return *scan && *multi_index;
}

std::optional<bool> none(const Figures& /*figures*/) { return {}; }

struct Row {
  std::string title;
  std::string operation;
  Format format;
  std::string target;
  Verdict verdict = none;
};

std::vector<Row> rows() {
  using namespace operation;
  return {
      {"record one by one", std::string(kRecordOne), format_rate, ">= 2x unordered_map",
       times_the_map(2)},
      {"record, batches of 1000", std::string(kRecordBatched), format_rate, ""},
      {"heap, a job", std::string(kBytes), format_bytes, "<= 0.6x unordered_map",
       times_the_map(1 / 0.6)},
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
       ">= 10,000x map, 1,000x multi_index", project_purge_met},
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
  const std::string ours(PurgatoryStore::kName);
  const std::string scan(rivals::ScanStore::kName);
  const std::string multi_index(rivals::MultiIndexStore::kName);
  Table table({"", ours, scan, multi_index, "x " + scan, "x " + multi_index, "target", "met"});
  for (const Row& row : rows()) {
    const Figures figures{results.median(row.operation, ours), results.median(row.operation, scan),
                          results.median(row.operation, multi_index)};
    table.add({row.title, text(figures.ours, row.format), text(figures.scan, row.format),
               text(figures.multi_index, row.format), ratio(figures.scan, figures.ours),
               ratio(figures.multi_index, figures.ours), row.target, text(row.verdict(figures))});
  }
  return table.markdown();
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
