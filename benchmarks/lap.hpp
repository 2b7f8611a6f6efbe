#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <string_view>

#include "benchmarks/results.hpp"
#include "benchmarks/stage.hpp"

namespace purgatory::benchmarks {

inline constexpr int kRepetitions = 3;

/// What one iteration of a benchmark tells: how long its `items` took.
struct Lap {
  Seconds spent{};
  double items = 1;
};

struct Runs {
  int iterations = 1;
  int repetitions = kRepetitions;
  benchmark::TimeUnit unit = benchmark::kMillisecond;
};

/// Registers `store/operation` with Google Benchmark. Each lap also goes to `results`, as seconds
/// an item.
void add_benchmark(Results& results, std::string_view store, std::string operation,
                   const Runs& runs, std::function<Lap()> body);

}  // namespace purgatory::benchmarks
