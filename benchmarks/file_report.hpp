#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/results.hpp"

namespace purgatory::benchmarks {

/// All stores beside each other, with the targets.
[[nodiscard]] std::string compare_files(const Results& results);
/// What recording from several threads at once gains.
[[nodiscard]] std::string show_group_commit(const Results& results,
                                            const std::vector<std::uint32_t>& threads);
/// What a detach costs in stores of these sizes, beside a bare commit; `partitions`: of one
/// project.
[[nodiscard]] std::string show_file_growth(const Results& results,
                                           const std::vector<std::uint64_t>& sizes,
                                           std::uint32_t partitions);

}  // namespace purgatory::benchmarks
