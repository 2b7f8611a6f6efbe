// R1: record, and the bounds that are enforced in the same step.

#include <algorithm>

#include "plugins/file/fail.hpp"
#include "plugins/file/generation.hpp"
#include "plugins/file/purge_row.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

/// A bound, and how far a call may trim to it.
struct Target {
  std::string_view group;
  std::uint64_t jobs;
  std::uint64_t bytes;
};

constexpr std::uint64_t kUnbounded = ~std::uint64_t{0};

/// A call with jobs goes back to what it found, one without to the bound itself.
std::vector<Target> targets_of(ProjectChange& project, std::span<const Bound> bounds,
                               bool with_jobs) {
  std::vector<Target> targets;
  for (const Bound& bound : bounds) {
    const Generation* open = with_jobs ? project.live(bound.group, false) : nullptr;
    const Totals before = open == nullptr ? Totals{} : open->totals;
    targets.push_back({.group = bound.group,
                       .jobs = std::max(bound.jobs.value_or(kUnbounded), before.jobs),
                       .bytes = std::max(bound.bytes.value_or(kUnbounded), before.bytes)});
  }
  return targets;
}

Retention retention_of(const Recording& recording, const JobRow* stored) {
  const bool same_failure = stored != nullptr && stored->failed_at() == recording.job->failed_at;
  return recorded_again(*recording.stamp, stored == nullptr ? Retention{} : stored->retention(),
                        same_failure);
}

/// Records the jobs of one call.
class Recorder {
 public:
  Recorder(ProjectChange& project, Time now) : project_(project), now_(now) {}

  void record(const Recording& recording) {
    const FailedJob& job = *recording.job;
    bool stale = false;
    const bool found =
        project_.with_job(job.group, job.job_id, [&](const JobRow& stored, Generation& generation) {
          stale = stored.failed_at() > job.failed_at;
          if (!stale) replace(recording, stored, generation);
        });
    if (!found) insert(recording);
    ++(stale ? result_.stale : found ? result_.replaced : result_.inserted);
  }

  [[nodiscard]] const RecordResult& result() const noexcept { return result_; }

 private:
  void insert(const Recording& recording) {
    const Retention retention = retention_of(recording, nullptr);
    Generation& generation = project_.live_or_new(recording.job->group, held(retention));
    insert_job(project_.db(), *recording.job, retention, writing(generation));
    generation.add(totals_of(recording));
  }

  void replace(const Recording& recording, const JobRow& stored, Generation& from) {
    const Retention retention = retention_of(recording, &stored);
    const Totals before = file::totals_of(stored);
    const std::int64_t id = stored.id();
    Generation& to = project_.live_or_new(recording.job->group, held(retention));
    replace_job(project_.db(), id, *recording.job, retention, writing(to));
    from.subtract(before);
    to.add(totals_of(recording));
  }

  [[nodiscard]] Writing writing(const Generation& generation) {
    return {.generation = generation.id, .version = project_.next_version(), .recorded_at = now_};
  }

  static Totals totals_of(const Recording& recording) {
    return {.jobs = 1,
            .bytes = logical_bytes(*recording.job),
            .archive_jobs = recording.stamp->archive.empty() ? 0U : 1U};
  }

  ProjectChange& project_;
  Time now_;
  RecordResult result_;
};

/// Takes the oldest jobs of bounded partitions, within what one call may evict.
class Trimmer {
 public:
  Trimmer(ProjectChange& project, const PurgeNote& note, Time now)
      : project_(project), note_(note), now_(now) {}

  void trim(const Target& target) {
    Generation* open = project_.live(target.group, false);
    while (open != nullptr && open->totals.jobs > 0 && !full()) {
      const bool over_jobs = open->totals.jobs > target.jobs;
      if (!over_jobs && open->totals.bytes <= target.bytes) return;
      evict_oldest(*open, over_jobs ? "count" : "bytes");
    }
  }

  void finish() {
    if (purge_) update_purge(project_.db(), *purge_);
  }

  void report(RecordResult& result) noexcept {
    result.evicted = evicted_jobs_;
    result.evictions = std::move(evictions_);
  }

 private:
  [[nodiscard]] bool full() const noexcept {
    return evicted_jobs_ >= kMaxJobsPerCall || evicted_bytes_ >= kMaxBytesPerCall;
  }

  void evict_oldest(Generation& open, std::string_view reason) {
    Query oldest(project_.db(),
                 "SELECT id FROM job WHERE generation = ?1 ORDER BY failed_at, job_id LIMIT 1",
                 open.id);
    oldest.step();
    Query query = job_by_id(project_.db(), oldest.integer(0));
    query.step();
    const JobRow row(query, {project_.name(), open.group});
    const Totals totals = totals_of(row);
    const std::int64_t id = row.id();
    count(row.retention().stamp.rule, reason, totals.bytes);
    open.subtract(totals);
    if (totals.archive_jobs == 0) return erase_job(project_.db(), id);
    Generation& trash = project_.trash_or_new(purge_->id, open.group);
    move_job(project_.db(), id, trash.id);
    trash.add(totals);
    purge_->has_pile = true;
  }

  void count(std::string_view rule, std::string_view reason, std::uint64_t bytes) {
    if (!purge_) purge_ = find_or_create();
    ++evicted_jobs_;
    evicted_bytes_ += bytes;
    ++purge_->entry.jobs;
    purge_->entry.bytes += bytes;
    Query(project_.db(),
          "INSERT INTO eviction (purge, rule, reason, jobs, bytes) VALUES (?1, ?2, ?3, 1, ?4) ON "
          "CONFLICT DO UPDATE SET jobs = jobs + 1, bytes = bytes + ?4",
          purge_->id, rule, reason, bytes)
        .run();
    add(evictions_,
        {.rule = std::string(rule), .reason = std::string(reason), .jobs = 1, .bytes = bytes});
  }

  PurgeRow find_or_create() {
    Connection& db = project_.db();
    auto found = find_purge(db, project_.id(), project_.name(), note_.purge_id);
    if (found) return *std::move(found);
    return create_purge(db, project_.id(), PurgeRow::Kind::eviction,
                        Scope::project(project_.name()), note_, now_);
  }

  ProjectChange& project_;
  const PurgeNote& note_;
  Time now_;
  std::optional<PurgeRow> purge_;
  std::uint64_t evicted_jobs_ = 0;
  std::uint64_t evicted_bytes_ = 0;
  std::vector<EvictionCount> evictions_;
};

/// A call with bounds may evict into the pile of its note, so that has to be one of caps, and open.
void refuse_closed_pile(ProjectChange& project, const PurgeNote& note) {
  const auto purge = find_purge(project.db(), project.id(), project.name(), note.purge_id);
  if (!purge ||
      (purge->kind == PurgeRow::Kind::eviction && purge->entry.state == PileState::open)) {
    return;
  }
  fail(
      ErrorCode::conflict,
      "record: evictions cannot join purge '{}': it is sealed or was not made by caps; use a fresh "
      "purge_id",
      note.purge_id);
}

/// A large payload takes as long as some jobs.
std::size_t weight_of(std::span<const Recording> jobs) {
  constexpr std::size_t kBytesLikeAJob = 4096;
  std::size_t weight = jobs.size();
  for (const Recording& job : jobs) weight += job.job->payload.size() / kBytesLikeAJob;
  return weight;
}

}  // namespace

RecordResult FileRepository::record(const Call& call, std::string_view project_name,
                                    std::span<const Recording> jobs, std::span<const Bound> bounds,
                                    const PurgeNote& note) {
  const Grows grows = jobs.empty() ? Grows::no : Grows::yes;
  return write(call, grows, weight_of(jobs), [&](Connection& db) {
    ProjectChange project(db, project_name);
    if (!bounds.empty()) refuse_closed_pile(project, note);
    const std::vector<Target> targets = targets_of(project, bounds, !jobs.empty());
    Recorder recorder(project, call.now);
    for (const Recording& job : jobs) recorder.record(job);
    Trimmer trimmer(project, note, call.now);
    for (const Target& target : targets) trimmer.trim(target);
    trimmer.finish();
    project.finish();
    RecordResult result = recorder.result();
    trimmer.report(result);
    return result;
  });
}

}  // namespace purgatory::file
