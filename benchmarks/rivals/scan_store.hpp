#pragma once

#include <mutex>
#include <unordered_map>
#include <vector>

#include "benchmarks/rivals/entry.hpp"
#include "benchmarks/store.hpp"

namespace purgatory::benchmarks::rivals {

/// One hash map under one mutex; whatever is not a look-up by identity reads all of it.
class ScanStore {
 public:
  static constexpr std::string_view kName = "unordered_map";
  static constexpr bool kPagesByScan = true;

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

 private:
  using Jobs = std::unordered_map<Identity, Details, IdentityHash, IdentityEqual>;

  void insert_or_replace(Identity identity, Details details);

  std::mutex mutex_;
  Jobs jobs_;
};

static_assert(Store<ScanStore>);

}  // namespace purgatory::benchmarks::rivals
