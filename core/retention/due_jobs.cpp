#include "core/retention/slices.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/host/observe.hpp"
#include "core/repository/batch.hpp"
#include "core/retention/stamping.hpp"

namespace purgatory::retention {
namespace {

/// What is to become of the jobs of one slice.
struct Verdicts {
  std::map<Cause, std::vector<JobRef>> purge;
  std::vector<Restamp> release;
  std::vector<Restamp> restamp;
  bool more = false;  ///< The next slice may take what was restamped or released.
};

Verdicts judge(const CompiledPolicy& policy, std::span<const StoredJob> jobs, Time now) {
  Verdicts verdicts;
  for (const StoredJob& stored : jobs) {
    if (has_run_out(stored.retention, now)) {
      verdicts.more = true;  // if it is due, too
      verdicts.release.push_back({ref_of(stored), released(stored.retention)});
      continue;
    }
    Retention wanted = restamped(policy, stored);
    const auto reason = policy.reason_to_go(wanted, now);
    if (reason && wanted.stamp.archive == stored.retention.stamp.archive) {
      verdicts.purge[{*reason, wanted.stamp.rule}].push_back(ref_of(stored));
    } else {
      if (reason) verdicts.more = true;  // its archive is what the stamp says when it goes
      verdicts.restamp.push_back({ref_of(stored), std::move(wanted)});
    }
  }
  return verdicts;
}

RemoveResult remove(const Store& store, HourlyPurges& purges, std::string_view project,
                    const Cause& cause, std::span<const JobRef> refs) {
  const Call call = store.begin_call();
  return purges.with_note(project, cause, call.now, [&](const PurgeNote& note) {
    return store.repository.remove(call, project, refs, note);
  });
}

}  // namespace

Slice purge_due(const Store& store, HourlyPurges& purges, const CompiledPolicy& policy,
                std::string_view project, std::size_t limit, RunResult& result) {
  const Call call = store.begin_call();
  const std::vector<StoredJob> jobs = store.repository.due(call, project, limit);
  const Verdicts verdicts = judge(policy, jobs, call.now);

  std::uint64_t settled = 0;
  for (const auto& [cause, refs] : verdicts.purge) {
    for (std::span<const JobRef> left = refs; !left.empty();) {
      const std::size_t size = size_of_batch(left, [](const JobRef& ref) { return ref.bytes; });
      const RemoveResult removed = remove(store, purges, project, cause, left.first(size));
      observe_purge(store.host, removed.removed, cause);
      result.purged += removed.removed;
      result.changed += removed.changed + removed.held;
      settled += removed.removed + removed.absent;
      left = left.subspan(size);
    }
  }
  const std::uint64_t released = restamp(store, project, verdicts.release).done;
  const std::uint64_t restamped = restamp(store, project, verdicts.restamp).done;
  result.released += released;
  result.restamped += restamped;
  settled += released + restamped;
  // What could not be settled changed meanwhile: it is no reason to come back at once.
  return {.seen = jobs.size(), .more = settled > 0 && (jobs.size() == limit || verdicts.more)};
}

Slice release_holds(const Store& store, std::string_view project, RunResult& result) {
  const Call call = store.begin_call();
  const std::vector<StoredJob> jobs = store.repository.due(call, project, kMaxJobsPerCall);
  std::vector<Restamp> release;
  for (const StoredJob& stored : jobs) {
    if (!has_run_out(stored.retention, call.now)) continue;
    release.push_back({ref_of(stored), released(stored.retention)});
  }
  const std::uint64_t done = restamp(store, project, release).done;
  result.released += done;
  return {.seen = jobs.size(), .more = done > 0 && jobs.size() == kMaxJobsPerCall};
}

}  // namespace purgatory::retention
