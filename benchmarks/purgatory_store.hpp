#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/store.hpp"
#include "purgatory/config.hpp"
#include "purgatory/host.hpp"
#include "purgatory/repository.hpp"

namespace purgatory::benchmarks {

/// What a `Store` does, by Purgatory, whatever its backend. Purged jobs stay restorable for a day,
/// until `reclaim` comes and says that the day has passed.
class PurgatoryStore {
 public:
  static constexpr std::string_view kName = "purgatory";
  static constexpr bool kPagesByScan = false;

  explicit PurgatoryStore(const Config& config);

  void record(const Sample& sample) { record({&sample, 1}); }
  void record(std::span<const Sample> samples);
  bool find(std::string_view project, std::string_view group, std::string_view job_id);
  std::size_t page(const Query& query, std::size_t limit);
  std::uint64_t count(std::string_view failure_status);
  std::uint64_t purge_group(std::string_view project, std::string_view group);
  std::uint64_t purge_project(std::string_view project);
  std::uint64_t purge_due(std::string_view project, Time now);
  std::uint64_t purge_all();
  std::uint64_t reclaim();

  std::uint64_t detach(const Scope& scope, const std::string& purge_id);
  std::uint64_t restore(std::string_view project, const std::string& purge_id);
  [[nodiscard]] std::string new_purge_id() const;
  /// One of its statistics; absent: it has none of this name.
  [[nodiscard]] std::optional<double> figure(std::string_view name);
  /// Ends its use.
  void close() noexcept { repository_.reset(); }

 private:
  [[nodiscard]] std::vector<std::string> projects();

  Host host_;
  std::unique_ptr<FailedJobRepository> repository_;
};

/// The memory backend.
class MemoryStore : public PurgatoryStore {
 public:
  MemoryStore();
};

static_assert(Store<MemoryStore>);

}  // namespace purgatory::benchmarks
