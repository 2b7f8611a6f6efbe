#include "benchmarks/stall_watch.hpp"

#include <fmt/format.h>

namespace purgatory::benchmarks {
namespace {

std::string text(std::chrono::nanoseconds time) { return format_time(Seconds(time).count()); }

}  // namespace

void StallReport::add(std::string_view store, const std::string& phase, const Latencies& seen,
                      std::optional<std::chrono::milliseconds> target) {
  std::vector<std::string> row{fmt::format("{}: {}", store, phase),
                               fmt::format("{}", seen.calls()),
                               text(seen.quantile(0.5)),
                               text(seen.quantile(0.99)),
                               text(seen.quantile(0.999)),
                               text(seen.max())};
  if (target) {
    row.push_back(fmt::format("< {} ms", target->count()));
    row.emplace_back(seen.quantile(0.999) < *target ? "yes" : "NO");
  }
  table_.add(std::move(row));
}

}  // namespace purgatory::benchmarks
