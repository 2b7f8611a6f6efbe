#include "benchmarks/file_report.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "benchmarks/comparison.hpp"
#include "benchmarks/operations.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/rivals/bare_insert.hpp"
#include "benchmarks/rivals/plain_sqlite_store.hpp"

namespace purgatory::benchmarks {
namespace {

constexpr double kMostCommits = 3;
constexpr std::uint32_t kGroupCommitThreads = 16;
constexpr double kLeastGroupCommit = 6;

constexpr std::string_view kPlain = rivals::PlainSqliteStore::kName;
constexpr std::string_view kBare = rivals::BareInsert::kName;

std::vector<Row> rows() {
  using namespace operation;
  return {
      {"record one by one", std::string(kRecordOne), format_rate, ">= 0.8x bare_insert",
       times_the(kBare, 0.8)},
      {"record one by one, among all", std::string(kRecordAmong), format_rate, ""},
      {"record, batches of 1000", std::string(kRecordBatched), format_rate, ">= 3x plain_sqlite",
       times_the(kPlain, 3)},
      {"disk, a job", std::string(kBytes), format_bytes, "<= 0.9x plain_sqlite",
       times_the(kPlain, 1 / 0.9)},
      {"disk, a job, as the store says", std::string(kOwnBytes), format_bytes, ""},
      {"page of 100, a partition", std::string(kPagePartition), format_time, "< 300 us",
       at_most(300e-6)},
      {"page of 100, a partition, filtered", std::string(kPageFiltered), format_time, "< 300 us",
       at_most(300e-6)},
      {"page of 100, a project", std::string(kPageProject), format_time, "< 300 us",
       at_most(300e-6)},
      {"find", std::string(kFind), format_time, ""},
      {"purge a group", std::string(kPurgeGroup), format_time, ""},
      {"  and free it", reclaimed(kPurgeGroup), format_time, ""},
      {"purge a project", std::string(kPurgeProject), format_time, ">= 1,000x plain_sqlite",
       times_the(kPlain, 1'000)},
      {"  and free it", reclaimed(kPurgeProject), format_time, ""},
      {"purge half a project by age", std::string(kPurgeDue), format_rate, ""},
      {"  and free it", reclaimed(kPurgeDue), format_rate, ""},
      {"purge everything", std::string(kPurgeAll), format_time, ""},
      {"  and free it", reclaimed(kPurgeAll), format_time, ""},
  };
}

std::optional<bool> times_alone(const Results& results, std::uint32_t threads, double factor) {
  const auto together = results.median(operation::record_threads(threads), PurgatoryStore::kName);
  const auto alone = results.median(operation::alone_beside(threads), PurgatoryStore::kName);
  if (!together || !alone) return {};
  return *alone / *together >= factor;
}

}  // namespace

std::string compare_files(const Results& results) {
  return compare(results, rows(), {kPlain, kBare});
}

std::string show_group_commit(const Results& results, const std::vector<std::uint32_t>& threads) {
  Table table({"threads", std::string(PurgatoryStore::kName), "x one thread", std::string(kPlain),
               "x one thread", "target", "met"});
  for (const std::uint32_t number : threads) {
    std::vector<std::string> row{std::to_string(number)};
    for (const std::string_view store : {PurgatoryStore::kName, kPlain}) {
      const auto together = results.median(operation::record_threads(number), store);
      const auto alone = results.median(operation::alone_beside(number), store);
      row.insert(row.end(), {text(together, format_rate), ratio(alone, together)});
    }
    if (number == kGroupCommitThreads) {
      const auto met = times_alone(results, number, kLeastGroupCommit);
      row.insert(row.end(), {">= 6x one thread", text(met)});
    }
    table.add(std::move(row));
  }
  return table.markdown();
}

std::string show_file_growth(const Results& results, const std::vector<std::uint64_t>& sizes,
                             std::uint32_t partitions) {
  Table table({"jobs in the store", "a partition", "a project of " + std::to_string(partitions),
               "a bare commit", "project, in commits (<= 3)", "x the smallest store, in commits",
               "met"});
  std::optional<double> smallest;
  for (const std::uint64_t size : sizes) {
    const auto partition = results.median(operation::detach_partition(size), PurgatoryStore::kName);
    const auto project = results.median(operation::detach_project(size), PurgatoryStore::kName);
    const auto commit = results.median(operation::commit_beside(size), kBare);
    if (!partition || !project || !commit) continue;
    const double commits = *project / *commit;
    if (!smallest) smallest = commits;
    table.add({format_count(static_cast<double>(size)), format_time(*partition),
               format_time(*project), format_time(*commit), format_ratio(commits),
               ratio(commits, smallest), text(std::optional(commits <= kMostCommits))});
  }
  return table.markdown();
}

}  // namespace purgatory::benchmarks
