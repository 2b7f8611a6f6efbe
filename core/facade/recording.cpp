// record and forget.

#include <fmt/format.h>

#include <map>
#include <set>

#include "core/facade/batch.hpp"
#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"

namespace purgatory {
namespace {

/// Says which of several jobs breaks a limit.
void check_all(std::span<const FailedJob> jobs, const Limits& limits) {
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    try {
      check_limits(jobs[i], limits);
    } catch (const Error& error) {
      if (jobs.size() == 1) throw;
      throw Error(error.code(), fmt::format("jobs[{}]: {}", i, error.what()));
    }
  }
}

/// How many of the first of one project's jobs fit into one call.
std::size_t size_of_call(std::span<const Recording> jobs) {
  const std::size_t size =
      size_of_batch(jobs, [](const Recording& recording) { return logical_bytes(*recording.job); });
  if (size <= kMaxPartitionsPerCall) return size;
  std::set<std::string_view> groups;
  for (std::size_t i = 0; i < size; ++i) {
    groups.insert(jobs[i].job->group);
    if (groups.size() > kMaxPartitionsPerCall) return i;
  }
  return size;
}

void add(RecordResult& sum, const RecordResult& part) {
  sum.inserted += part.inserted;
  sum.replaced += part.replaced;
  sum.stale += part.stale;
  sum.evicted += part.evicted;
}

}  // namespace

RecordResult FailedJobs::record(const FailedJob& job) { return record({&job, 1}); }

RecordResult FailedJobs::record(std::span<const FailedJob> jobs) {
  return or_exhausted([&] {
    static const Stamp kept_for_ever;
    check_all(jobs, state_->limits);
    std::map<std::string_view, std::vector<Recording>> projects;
    for (const FailedJob& job : jobs) projects[job.project].push_back({&job, &kept_for_ever});
    RecordResult result;
    for (const auto& [project, recordings] : projects) {
      std::span<const Recording> left = recordings;
      while (!left.empty()) {
        const std::size_t size = size_of_call(left);
        add(result, repository().record(begin_call(), project, left.first(size), {}, {}));
        left = left.subspan(size);
      }
    }
    return result;
  });
}

Forgotten FailedJobs::forget(std::string_view project, std::string_view group,
                             std::string_view job_id, std::optional<Version> if_version) {
  return repository().forget(begin_call(), project, group, job_id, if_version);
}

}  // namespace purgatory
