#include "benchmarks/growth.hpp"

namespace purgatory::benchmarks {

std::vector<std::uint64_t> growth_sizes(const Options& options) {
  if (options.quick) return {10'000, options.jobs};
  std::vector<std::uint64_t> sizes{10'000, 100'000, 1'000'000};
  if (options.large) sizes.push_back(10'000'000);
  return sizes;
}

}  // namespace purgatory::benchmarks
