#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The names under which the benchmarks measure and the reports read. Values are seconds a call,
/// where not said otherwise.
namespace purgatory::benchmarks::operation {

inline constexpr std::string_view kRecordOne = "record/one_by_one";   // a job
inline constexpr std::string_view kRecordBatched = "record/batched";  // a job
inline constexpr std::string_view kBytes = "bytes";                   // a job, of heap or disk
inline constexpr std::string_view kOwnBytes = "bytes/as_it_says";     // a job, by its statistics
inline constexpr std::string_view kPagePartition = "page/partition";
inline constexpr std::string_view kPageFiltered = "page/partition_filtered";
inline constexpr std::string_view kPageProject = "page/project";
inline constexpr std::string_view kCountFiltered = "count/filtered";
inline constexpr std::string_view kFind = "find";
inline constexpr std::string_view kPurgeGroup = "purge/group";
inline constexpr std::string_view kPurgeProject = "purge/project";
inline constexpr std::string_view kPurgeDue = "purge/due";  // a job
inline constexpr std::string_view kPurgeAll = "purge/all";

/// One by one into a store that is full already, a job.
inline constexpr std::string_view kRecordAmong = "record/among_all";
/// One by one from this many threads at once, a job of all of them.
inline std::string record_threads(std::uint32_t threads) {
  return "record/threads/" + std::to_string(threads);
}

/// From one thread, measured before and after those, a job.
inline std::string alone_beside(std::uint32_t threads) {
  return "record/alone/" + std::to_string(threads);
}

/// Of a purge: until what it took is free, too.
inline std::string reclaimed(std::string_view purge) { return std::string(purge) + "/reclaimed"; }

/// Detach of one partition, or of a project with all its partitions, among this many jobs.
inline std::string detach_partition(std::uint64_t jobs) {
  return "detach/partition/" + std::to_string(jobs);
}
inline std::string detach_project(std::uint64_t jobs) {
  return "detach/project/" + std::to_string(jobs);
}
/// A bare commit, measured between those detaches.
inline std::string commit_beside(std::uint64_t jobs) {
  return "detach/commit/" + std::to_string(jobs);
}

}  // namespace purgatory::benchmarks::operation
