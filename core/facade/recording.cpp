// record and forget.

#include <fmt/format.h>

#include <map>
#include <set>

#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"
#include "core/host/observe.hpp"
#include "core/repository/arguments.hpp"
#include "core/repository/batch.hpp"
#include "core/retention/slices.hpp"

namespace purgatory {
namespace {

/// Says which of several jobs breaks a limit.
void check_all(std::span<const FailedJob> jobs, const Limits& limits,
               const retention::CompiledPolicy& policy) {
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    try {
      check_limits(jobs[i], limits);
      if (const auto bound = policy.bound(jobs[i].project, jobs[i].group)) {
        arguments::check_fits(*bound, jobs[i]);
      }
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
  for (const EvictionCount& count : part.evictions) add(sum.evictions, count);
}

/// The caps of the groups of one call, each once.
std::vector<Bound> bounds_of(const retention::CompiledPolicy& policy, std::string_view project,
                             std::span<const Recording> jobs) {
  std::vector<Bound> bounds;
  if (!policy.has_caps()) return bounds;
  std::set<std::string_view> groups;
  for (const Recording& recording : jobs) groups.insert(recording.job->group);
  for (const std::string_view group : groups) {
    if (const auto bound = policy.bound(project, group)) bounds.push_back(*bound);
  }
  return bounds;
}

}  // namespace

RecordResult FailedJobs::State::record(const retention::CompiledPolicy& policy,
                                       std::string_view project, std::span<Recording> jobs) {
  const Call call = begin_call();
  mind_the_purger(call);
  std::vector<Stamp> stamps;
  stamps.reserve(jobs.size());
  for (Recording& recording : jobs) {
    recording.stamp = &stamps.emplace_back(policy.stamp(*recording.job, call.now));
  }
  const std::vector<Bound> bounds = bounds_of(policy, project, jobs);
  const auto record = [&](const PurgeNote& note) {
    return repository->record(call, project, jobs, bounds, note);
  };
  RecordResult result =
      bounds.empty()
          ? record({})
          : hourly_purges.with_note(project, {.reason = retention::kCaps}, call.now, record);
  observe(host, Metric::Kind::counter, "purgatory_recorded_total",
          static_cast<double>(result.inserted + result.replaced));
  retention::observe_evictions(host, result.evictions);
  return result;
}

RecordResult FailedJobs::record(const FailedJob& job) { return record({&job, 1}); }

RecordResult FailedJobs::record(std::span<const FailedJob> jobs) {
  return or_exhausted([&] {
    const auto policy = state_->policy();
    check_all(jobs, state_->limits, *policy);
    std::map<std::string_view, std::vector<Recording>> projects;
    for (const FailedJob& job : jobs) projects[job.project].push_back({&job, nullptr});
    RecordResult result;
    for (auto& [project, recordings] : projects) {
      std::span<Recording> left = recordings;
      while (!left.empty()) {
        const std::size_t size = size_of_call(left);
        add(result, state_->record(*policy, project, left.first(size)));
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
