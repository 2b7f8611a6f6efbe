#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/rivals/entry.hpp"
#include "benchmarks/rivals/sqlite.hpp"
#include "benchmarks/scratch_directory.hpp"
#include "benchmarks/store.hpp"

namespace purgatory::benchmarks::rivals {

/// One SQLite table with a row for each job, an index for each question, and a DELETE for each
/// purge. One connection writes and one reads, so that readers do not wait for a DELETE.
class PlainSqliteStore {
 public:
  static constexpr std::string_view kName = "plain_sqlite";
  static constexpr bool kPagesByScan = false;

  PlainSqliteStore();
  ~PlainSqliteStore();

  void record(const Sample& sample);
  void record(std::span<const Sample> samples);
  bool find(std::string_view project, std::string_view group, std::string_view job_id);
  std::size_t page(const Query& query, std::size_t limit);
  std::uint64_t count(std::string_view failure_status);
  std::uint64_t purge_group(std::string_view project, std::string_view group);
  std::uint64_t purge_project(std::string_view project);
  std::uint64_t purge_due(std::string_view project, Time now);
  std::uint64_t purge_all();
  std::uint64_t reclaim() { return 0; }

  /// Closes the store, and tells what it has left on disk, its log written back.
  [[nodiscard]] std::uint64_t close_and_weigh();

 private:
  struct Writer;
  struct Reader;

  ScratchDirectory directory_;
  std::mutex writing_;
  std::unique_ptr<Writer> writer_;
  std::mutex reading_;
  std::unique_ptr<Reader> reader_;
};

static_assert(Store<PlainSqliteStore>);

}  // namespace purgatory::benchmarks::rivals
