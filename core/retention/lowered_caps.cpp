#include <algorithm>
#include <vector>

#include "core/host/observe.hpp"
#include "core/retention/impact.hpp"
#include "core/retention/slices.hpp"

namespace purgatory::retention {
namespace {

/// Absent: the partition is within its cap. Of what is too much a slice is evicted at a time.
std::optional<Bound> bound_to_trim(const CompiledPolicy& policy, std::string_view project,
                                   const PartitionInfo& partition, std::size_t limit) {
  const Occupied occupied = occupied_of(partition);
  if (over_cap(policy, project, occupied) == 0) return std::nullopt;
  auto bound = policy.bound(project, partition.group);
  const auto [group, jobs, bytes] = occupied;
  const std::uint64_t slice = std::min<std::uint64_t>(jobs, limit);
  if (bound->jobs) bound->jobs = std::max(*bound->jobs, jobs - slice);
  if (bound->bytes) bound->bytes = std::max(*bound->bytes, bytes - bytes / jobs * slice);
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
      purges.with_note(project, {.reason = kCaps}, call.now, [&](const PurgeNote& note) {
        return store.repository.record(call, project, {}, bounds, note);
      });
  observe_evictions(store.host, trimmed.evictions);
  result.evicted += trimmed.evicted;
  return {.seen = static_cast<std::size_t>(trimmed.evicted), .more = trimmed.evicted > 0};
}

}  // namespace purgatory::retention
