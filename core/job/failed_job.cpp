#include "purgatory/failed_job.hpp"

#include <algorithm>
#include <utility>

namespace purgatory {

std::optional<Time> due_at(const Stamp& stamp) noexcept {
  if (!stamp.purge_after) return std::nullopt;
  return std::max(*stamp.purge_after, stamp.not_before.value_or(*stamp.purge_after));
}

std::optional<Time> next_action_at(const Retention& retention) noexcept {
  if (retention.hold) return retention.hold->until;
  if (!retention.stamp.rule_hold.empty()) return std::nullopt;
  return due_at(retention.stamp);
}

Retention recorded_again(Stamp stamp, Retention kept, bool same_failure) {
  stamp.not_before = same_failure ? kept.stamp.not_before : std::nullopt;
  Retention retention{
      .stamp = std::move(stamp), .hold = std::move(kept.hold), .resolved_at = std::nullopt};
  if (!same_failure || !kept.resolved_at) return retention;
  retention.resolved_at = kept.resolved_at;
  auto& date = retention.stamp.purge_after;
  const auto& resolved = kept.stamp.purge_after;
  if (resolved && (!date || *resolved < *date)) date = resolved;
  return retention;
}

std::uint64_t logical_bytes(const FailedJob& job) noexcept {
  constexpr std::uint64_t kPerJob = 64;
  std::uint64_t bytes = kPerJob + job.project.size() + job.group.size() + job.job_id.size() +
                        job.job_type.size() + job.resource_type.size() + job.resource_id.size() +
                        job.resource_name.size() + job.failure_status.size() +
                        job.error_code.size() + job.fail_reason.size() + job.payload.size();
  for (const auto& [key, value] : job.labels) bytes += key.size() + value.size();
  return bytes;
}

}  // namespace purgatory
