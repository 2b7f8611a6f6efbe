#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "benchmarks/lap.hpp"
#include "benchmarks/operations.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/stage.hpp"
#include "purgatory/selection.hpp"

namespace purgatory::benchmarks {

/// The numbers of jobs among which a detach is measured.
[[nodiscard]] std::vector<std::uint64_t> growth_sizes(const Options& options);

/// A detach of one partition and of a project, in stores of different sizes: it must not matter.
template <Store Candidate>
class Growth {
 public:
  /// `beside` is called, with the size, after each detach: what else is to be measured at the same
  /// time.
  Growth(Theatre& theatre, Results& results, std::function<void(std::uint64_t)> beside)
      : theatre_(theatre), results_(results), beside_(std::move(beside)) {}

  void add(const std::vector<std::uint64_t>& sizes) {
    for (const std::uint64_t jobs : sizes) {
      // Together they use up the ten projects of one store.
      add(operation::detach_partition(jobs), 30, [this, jobs] { return detach_partition(jobs); });
      add(operation::detach_project(jobs), 3, [this, jobs] { return detach_project(jobs); });
    }
  }

 private:
  void add(std::string operation, int iterations, std::function<Lap()> body) {
    const Runs runs{.iterations = iterations, .unit = benchmark::kMicrosecond};
    add_benchmark(results_, Candidate::kName, std::move(operation), runs, std::move(body));
  }

  /// One of the groups of a project, each in its turn.
  Lap detach_partition(std::uint64_t jobs) {
    Stage<Candidate>& stage = theatre_.stage<Candidate>(jobs);
    if (next_group_ == 0) project_ = stage.untouched_project().second;
    const Scope scope =
        Scope::group(Workload::project_name(project_), Workload::group_name(next_group_));
    next_group_ = (next_group_ + 1) % Shape{}.groups;
    return detach(stage.current(), scope, jobs);
  }

  Lap detach_project(std::uint64_t jobs) {
    next_group_ = 0;
    const auto [store, project] = theatre_.stage<Candidate>(jobs).untouched_project();
    return detach(store, Scope::project(Workload::project_name(project)), jobs);
  }

  Lap detach(Candidate& store, const Scope& scope, std::uint64_t jobs) {
    const std::string purge_id = store.new_purge_id();
    const Lap lap{time_of([&] { benchmark::DoNotOptimize(store.detach(scope, purge_id)); })};
    beside_(jobs);
    return lap;
  }

  Theatre& theatre_;
  Results& results_;
  std::function<void(std::uint64_t)> beside_;
  std::uint32_t project_ = 0;
  std::uint32_t next_group_ = 0;
};

}  // namespace purgatory::benchmarks
