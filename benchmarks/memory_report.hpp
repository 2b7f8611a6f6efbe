#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/results.hpp"

namespace purgatory::benchmarks {

/// The names under which memory_benchmark.cpp measures and memory_report.cpp reads. Values are
/// seconds a call, where not said otherwise.
namespace operation {
inline constexpr std::string_view kRecordOne = "record/one_by_one";   // a job
inline constexpr std::string_view kRecordBatched = "record/batched";  // a job
inline constexpr std::string_view kBytes = "bytes";                   // a job, of the heap
inline constexpr std::string_view kOwnBytes = "bytes/as_it_says";     // a job, by its statistics
inline constexpr std::string_view kPagePartition = "page/partition";
inline constexpr std::string_view kPageFiltered = "page/partition_filtered";
inline constexpr std::string_view kPageProject = "page/project";
inline constexpr std::string_view kCountFiltered = "count/filtered";
inline constexpr std::string_view kPurgeGroup = "purge/group";
inline constexpr std::string_view kPurgeProject = "purge/project";
inline constexpr std::string_view kPurgeDue = "purge/due";  // a job
inline constexpr std::string_view kPurgeAll = "purge/all";

/// Of a purge: until its memory is free, too.
inline std::string reclaimed(std::string_view purge) { return std::string(purge) + "/reclaimed"; }
/// Detach of one partition, or of a project with all its partitions, among this many jobs.
inline std::string detach_partition(std::uint64_t jobs) {
  return "detach/partition/" + std::to_string(jobs);
}
inline std::string detach_project(std::uint64_t jobs) {
  return "detach/project/" + std::to_string(jobs);
}
}  // namespace operation

/// All stores beside each other, with the targets.
[[nodiscard]] std::string compare_stores(const Results& results);
/// What a detach costs in stores of these sizes; `partitions`: of one project.
[[nodiscard]] std::string show_growth(const Results& results,
                                      const std::vector<std::uint64_t>& sizes,
                                      std::uint32_t partitions);

}  // namespace purgatory::benchmarks
