#include "benchmarks/stall_client.hpp"

#include <algorithm>
#include <utility>

namespace purgatory::benchmarks {
namespace {

// More than the caches of a core hold.
constexpr std::size_t kJobs = 10'000;

std::vector<Sample> jobs_of(const Workload& workload, std::uint32_t project, std::uint64_t first,
                            std::uint64_t step, std::size_t most) {
  std::vector<Sample> samples;
  samples.reserve(most);
  for (std::uint64_t index = first; samples.size() < most; index += step) {
    if (workload.place(index).project != project) continue;
    workload.make(index, samples.emplace_back());
  }
  return samples;
}

}  // namespace

ClientPlan plan_client(const Workload& workload, std::uint32_t project, std::vector<Ask> asks,
                       std::chrono::microseconds interval) {
  const Shape& shape = workload.shape();
  const std::uint64_t in_project = shape.jobs / shape.projects;
  const auto reads = static_cast<std::size_t>(std::min<std::uint64_t>(kJobs, in_project / 2));
  // From the oldest to the newest. An odd step meets all groups, which go round in an even number.
  const std::uint64_t step = (in_project / reads / 2) | 1;
  return {.project = Workload::project_name(project),
          .asks = std::move(asks),
          .interval = interval,
          .reads = jobs_of(workload, project, 0, step, reads),
          .writes = jobs_of(workload, project, shape.jobs, 1, kJobs)};
}

}  // namespace purgatory::benchmarks
