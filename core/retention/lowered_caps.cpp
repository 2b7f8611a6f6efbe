#include <algorithm>
#include <vector>

#include "core/host/observe.hpp"
#include "core/retention/slices.hpp"

namespace purgatory::retention {
namespace {

/// Absent: the partition is within its cap. Of what is too much a slice is evicted at a time.
std::optional<Bound> bound_to_trim(const CompiledPolicy& policy, std::string_view project,
                                   const PartitionInfo& partition, std::size_t limit) {
  auto bound = policy.bound(project, partition.group);
  if (!bound) return std::nullopt;
  const std::uint64_t jobs = partition.jobs - partition.held;
  const bool over_jobs = bound->jobs && jobs > *bound->jobs;
  const std::uint64_t bytes = partition.bytes - partition.held_bytes;
  const bool over_bytes = bound->bytes && bytes > *bound->bytes;
  if (!over_jobs && !over_bytes) return std::nullopt;
  const std::uint64_t slice = std::min<std::uint64_t>(jobs, limit);
  if (over_jobs) bound->jobs = std::max(*bound->jobs, jobs - slice);
  if (over_bytes) bound->bytes = std::max(*bound->bytes, bytes - bytes / jobs * slice);
  return bound;
}

}  // namespace

void observe_evictions(const Host& host, std::span<const EvictionCount> evictions) {
  for (const EvictionCount& count : evictions) {
    observe(host, Metric::Kind::counter, "purgatory_evicted_total", static_cast<double>(count.jobs),
            {{"rule", count.rule}, {"reason", count.reason}});
  }
}

Slice apply_caps(const Store& store, HourlyPurges& purges, const CompiledPolicy& policy,
                 std::string_view project, std::size_t limit, RunResult& result) {
  const auto partitions = store.repository.partitions(store.begin_call(), project).partitions;
  std::vector<Bound> bounds;
  for (const PartitionInfo& partition : partitions) {
    if (bounds.size() == kMaxPartitionsPerCall) break;
    if (auto bound = bound_to_trim(policy, project, partition, limit)) bounds.push_back(*bound);
  }
  if (bounds.empty()) return {};
  const Call call = store.begin_call();
  const RecordResult trimmed =
      purges.with_note(project, kCaps, call.now, [&](const PurgeNote& note) {
        return store.repository.record(call, project, {}, bounds, note);
      });
  observe_evictions(store.host, trimmed.evictions);
  result.evicted += trimmed.evicted;
  return {.seen = static_cast<std::size_t>(trimmed.evicted), .more = trimmed.evicted > 0};
}

}  // namespace purgatory::retention
