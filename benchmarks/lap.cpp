#include "benchmarks/lap.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace purgatory::benchmarks {

void add_benchmark(Results& results, std::string_view store, std::string operation,
                   const Runs& runs, std::function<Lap()> body) {
  const std::string name = fmt::format("{}/{}", store, operation);
  const auto run = [&results, store, operation = std::move(operation),
                    body = std::move(body)](benchmark::State& state) {
    double items = 0;
    for ([[maybe_unused]] auto _ : state) {
      const Lap lap = body();
      state.SetIterationTime(lap.spent.count());
      results.add(operation, store, lap.spent.count() / lap.items);
      items += lap.items;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(items));
  };
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->Iterations(runs.iterations)
      ->Repetitions(runs.repetitions)
      ->Unit(runs.unit)
      ->UseManualTime()
      ->ReportAggregatesOnly(runs.repetitions > 1);
}

}  // namespace purgatory::benchmarks
