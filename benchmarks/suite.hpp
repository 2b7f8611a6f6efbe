#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "benchmarks/lap.hpp"
#include "benchmarks/operations.hpp"
#include "benchmarks/stage.hpp"

namespace purgatory::benchmarks {

/// Fills a store.
template <Store Candidate>
Lap record_all(Candidate& store, const Shape& shape) {
  return {fill(store, Workload(shape)), static_cast<double>(shape.jobs)};
}

/// What is measured of every store, whatever it keeps its jobs in.
template <Store Candidate>
class Suite {
 public:
  Suite(std::uint64_t jobs, Theatre& theatre, Results& results)
      : jobs_(jobs), theatre_(theatre), results_(results) {}

  [[nodiscard]] std::uint64_t jobs() const noexcept { return jobs_; }
  Stage<Candidate>& stage() { return theatre_.stage<Candidate>(jobs_); }
  /// Makes room for another store.
  void clear_stage() noexcept { theatre_.clear(); }

  /// One more benchmark of this store.
  void add(std::string operation, const Runs& runs, std::function<Lap()> body) {
    add_benchmark(results_, Candidate::kName, std::move(operation), runs, std::move(body));
  }
  /// One more figure of it that is no time.
  void note(std::string_view operation, double value) {
    results_.add(operation, Candidate::kName, value);
  }

  void add_pages() {
    // A scan takes as long as a thousand pages from an index.
    const Runs many{Candidate::kPagesByScan ? 3 : 300};
    add(std::string(operation::kPagePartition), many, [this] { return page(true, false); });
    add(std::string(operation::kPageFiltered), many, [this] { return page(true, true); });
    add(std::string(operation::kPageProject), many, [this] { return page(false, false); });
  }

  /// `all`: how often everything is purged; each time takes a store that is filled for it.
  void add_purges(const Runs& all) {
    const Runs some{Candidate::kPagesByScan ? 2 : 10};
    add(std::string(operation::kPurgeProject), {}, [this] { return purge_project(); });
    add(std::string(operation::kPurgeDue), {}, [this] { return purge_due(); });
    add(std::string(operation::kPurgeGroup), some, [this] { return purge_group(); });
    add(std::string(operation::kPurgeAll), all, [this] { return purge_all(); });
  }

 private:
  static constexpr std::size_t kPageSize = 100;

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

  /// Times a purge, and then what is left to do until its space is free. `per_job`: the time of a
  /// job is wanted, not that of the call.
  template <typename Purge>
  Lap purge(Candidate& store, std::string_view operation, bool per_job, const Purge& purge) {
    std::uint64_t jobs = 0;
    const Seconds spent = time_of([&] { jobs = purge(); });
    const Seconds reclaiming = time_of([&] { benchmark::DoNotOptimize(store.reclaim()); });
    const double items = per_job ? static_cast<double>(jobs) : 1;
    note(operation::reclaimed(operation), (spent + reclaiming).count() / items);
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

}  // namespace purgatory::benchmarks
