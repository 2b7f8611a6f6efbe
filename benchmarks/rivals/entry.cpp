#include "benchmarks/rivals/entry.hpp"

#include <functional>

namespace purgatory::benchmarks::rivals {

std::size_t IdentityHash::operator()(const IdentityView& identity) const noexcept {
  constexpr std::hash<std::string_view> kHash;
  // As boost::hash_combine does it.
  const auto combine = [](std::size_t seed, std::size_t hash) {
    return seed ^ (hash + 0x9E3779B97F4A7C15ULL + (seed << 12) + (seed >> 4));
  };
  return combine(combine(kHash(identity.job_id), kHash(identity.group)), kHash(identity.project));
}

Identity identity_of(const FailedJob& job) { return {job.project, job.group, job.job_id}; }

Details details_of(const Sample& sample) {
  const FailedJob& job = sample.job;
  return {.summary = {.job_type = job.job_type,
                      .resource_type = job.resource_type,
                      .resource_id = job.resource_id,
                      .resource_name = job.resource_name,
                      .failure_status = job.failure_status,
                      .error_code = job.error_code,
                      .fail_reason = job.fail_reason,
                      .labels = job.labels,
                      .rule = sample.stamp.rule,
                      .failed_at = job.failed_at,
                      .recorded_at = Workload::end(),
                      .purge_after = sample.stamp.purge_after.value_or(Time::max()),
                      .attempts = job.attempts},
          .payload = job.payload};
}

}  // namespace purgatory::benchmarks::rivals
