#include "core/retention/impact.hpp"

#include <algorithm>
#include <string>

namespace purgatory::retention {

Occupied occupied_of(const PartitionInfo& partition) noexcept {
  return {.group = partition.group,
          .jobs = partition.jobs - std::min(partition.jobs, partition.held),
          .bytes = partition.bytes - std::min(partition.bytes, partition.held_bytes)};
}

std::uint64_t over_cap(const CompiledPolicy& policy, std::string_view project,
                       const Occupied& occupied) {
  const auto bound = policy.bound(project, occupied.group);
  const auto [group, jobs, bytes] = occupied;
  if (!bound || jobs == 0) return 0;
  std::uint64_t over = 0;
  if (bound->jobs && jobs > *bound->jobs) over = jobs - *bound->jobs;
  if (bound->bytes && bytes > *bound->bytes) {
    const std::uint64_t bytes_of_job = std::max<std::uint64_t>(bytes / jobs, 1);
    over = std::max(over, (bytes - *bound->bytes + bytes_of_job - 1) / bytes_of_job);
  }
  return std::min(over, jobs);
}

Impact impact_of(const CompiledPolicy& policy, std::string_view project, const Partitions& counted,
                 const AtOnce& at_once) {
  Impact impact{.project = std::string(project)};
  std::uint64_t over = 0;
  std::uint64_t over_without_holds = 0;
  for (const PartitionInfo& partition : counted.partitions) {
    impact.of += partition.jobs;
    over += over_cap(policy, project, occupied_of(partition));
    over_without_holds +=
        over_cap(policy, project, {partition.group, partition.jobs, partition.bytes});
  }
  // Which groups the holds that end are of is not counted: at most so many of them are too much.
  over += std::min(at_once.losing_hold, over_without_holds - std::min(over, over_without_holds));
  // What a cap takes may be due as well.
  impact.jobs = std::min(impact.of, over + std::min(at_once.due, impact.of));
  return impact;
}

}  // namespace purgatory::retention
