// R1, R4, R11: what is written job by job.

#include <algorithm>
#include <limits>

#include "reference_repository.hpp"

namespace purgatory::model {
namespace {

/// Bounds of one partition while a call trims it: max(bound, what it had before), if it has jobs.
struct Trim {
  std::string group;
  std::uint64_t jobs = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
};

Trim trim_of(const Project& project, const Bound& bound, bool has_jobs) {
  const Totals before = has_jobs ? not_held(project, bound.group) : Totals{};
  Trim trim{.group = std::string(bound.group)};
  if (bound.jobs) trim.jobs = std::max(*bound.jobs, before.jobs);
  if (bound.bytes) trim.bytes = std::max(*bound.bytes, before.bytes);
  return trim;
}

enum class Written { inserted, replaced, stale };

Written upsert(Project& project, const Recording& recording, Time now) {
  const FailedJob& job = *recording.job;
  const auto stored = project.jobs.find({job.group, job.job_id});
  StoredJob next;
  next.job = job;
  next.retention.stamp = *recording.stamp;
  next.retention.stamp.not_before.reset();
  next.recorded_at = now;
  next.bytes = logical_bytes(job);
  next.payload_bytes = job.payload.size();
  if (stored != project.jobs.end()) {
    const StoredJob& old = stored->second;
    if (old.job.failed_at > job.failed_at) return Written::stale;
    next.retention.hold = old.retention.hold;
    if (old.job.failed_at == job.failed_at) {
      next.retention.resolved_at = old.retention.resolved_at;
      next.retention.stamp.not_before = old.retention.stamp.not_before;
      if (old.retention.resolved_at) {
        auto& date = next.retention.stamp.purge_after;
        const auto& resolved = old.retention.stamp.purge_after;
        if (resolved && (!date || *resolved < *date)) date = resolved;
      }
    }
  }
  next.version = ++project.last_version;
  const bool inserted = stored == project.jobs.end();
  project.jobs[{job.group, job.job_id}] = next;
  return inserted ? Written::inserted : Written::replaced;
}

/// The oldest by (failed_at, job_id) that is not held.
std::map<Identity, StoredJob>::iterator oldest(Project& project, const std::string& group) {
  auto oldest = project.jobs.end();
  for (auto job = project.jobs.begin(); job != project.jobs.end(); ++job) {
    if (job->first.first != group || held(job->second.retention)) continue;
    if (oldest == project.jobs.end() ||
        std::pair(job->second.job.failed_at, job->first.second) <
            std::pair(oldest->second.job.failed_at, oldest->first.second)) {
      oldest = job;
    }
  }
  return oldest;
}

void evict(Purge& caps, const StoredJob& stored, const char* reason, RecordResult& result) {
  add(result.evictions,
      {.rule = stored.retention.stamp.rule, .reason = reason, .jobs = 1, .bytes = stored.bytes});
  ++result.evicted;
  EvictionCount& count = caps.evictions[{stored.retention.stamp.rule, reason}];
  count.rule = stored.retention.stamp.rule;
  count.reason = reason;
  ++count.jobs;
  count.bytes += stored.bytes;
  ++caps.jobs;
  caps.bytes += stored.bytes;
  if (stored.retention.stamp.archive.empty()) return;
  caps.has_pile = true;
  caps.trash.push_back(stored);
}

}  // namespace

Totals not_held(const Project& project, std::string_view group) {
  Totals sum;
  for (const auto& [identity, stored] : project.jobs) {
    if (identity.first != group || held(stored.retention)) continue;
    ++sum.jobs;
    sum.bytes += stored.bytes;
  }
  return sum;
}

RecordResult ReferenceRepository::record(const Call& call, std::string_view project_id,
                                         std::span<const Recording> jobs,
                                         std::span<const Bound> bounds, const PurgeNote& note) {
  Project& project = at(project_id);
  const auto known = project.purges.find(note.purge_id);
  if (!bounds.empty() && known != project.purges.end() &&
      (known->second.maker != Maker::caps || known->second.state != PileState::open)) {
    throw Error(ErrorCode::conflict, "the pile takes no more");
  }
  std::vector<Trim> trims;
  for (const Bound& bound : bounds) trims.push_back(trim_of(project, bound, !jobs.empty()));

  RecordResult result;
  for (const Recording& recording : jobs) {
    switch (upsert(project, recording, call.now)) {
      case Written::inserted: ++result.inserted; break;
      case Written::replaced: ++result.replaced; break;
      case Written::stale: ++result.stale; break;
    }
  }
  std::uint64_t evicted_bytes = 0;
  for (const Trim& trim : trims) {
    while (result.evicted < kMaxJobsPerCall && evicted_bytes < kMaxBytesPerCall) {
      const Totals now = not_held(project, trim.group);
      if (now.jobs <= trim.jobs && now.bytes <= trim.bytes) break;
      const auto victim = oldest(project, trim.group);
      auto& caps = project.purges[note.purge_id];
      if (caps.jobs == 0) {
        caps.maker = Maker::caps;
        caps.at = call.now;
        caps.note = note;
        caps.scope = Scope::project(std::string(project_id));
        caps.undo_until = call.now;  // never restorable: freed as soon as it is archived
      }
      evict(caps, victim->second, now.jobs > trim.jobs ? "count" : "bytes", result);
      evicted_bytes += victim->second.bytes;
      project.jobs.erase(victim);
    }
  }
  return result;
}

Forgotten ReferenceRepository::forget(const Call&, std::string_view project_id,
                                      std::string_view group, std::string_view job_id,
                                      std::optional<Version> if_version) {
  Project& project = at(project_id);
  const auto stored = project.jobs.find({std::string(group), std::string(job_id)});
  if (stored == project.jobs.end()) return Forgotten::absent;
  if (if_version && *if_version != stored->second.version) return Forgotten::changed;
  if (held(stored->second.retention)) throw Error(ErrorCode::conflict, "the job is held");
  project.jobs.erase(stored);
  return Forgotten::forgotten;
}

RestampResult ReferenceRepository::restamp(const Call&, std::string_view project_id,
                                           std::span<const Restamp> changes) {
  Project& project = at(project_id);
  RestampResult result;
  for (const Restamp& change : changes) {
    const auto found =
        project.jobs.find({std::string(change.ref.group), std::string(change.ref.job_id)});
    if (found == project.jobs.end()) {
      ++result.absent;
      continue;
    }
    StoredJob& stored = found->second;
    if (stored.retention == change.retention) {
      ++result.done;
    } else if (stored.version != change.ref.version) {
      ++result.changed;
    } else {
      stored.retention = change.retention;
      stored.version = ++project.last_version;
      ++result.done;
    }
  }
  return result;
}

}  // namespace purgatory::model
