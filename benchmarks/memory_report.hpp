#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/results.hpp"

namespace purgatory::benchmarks {

/// All stores beside each other, with the targets.
[[nodiscard]] std::string compare_stores(const Results& results);
/// What a detach costs in stores of these sizes; `partitions`: of one project.
[[nodiscard]] std::string show_growth(const Results& results,
                                      const std::vector<std::uint64_t>& sizes,
                                      std::uint32_t partitions);

}  // namespace purgatory::benchmarks
