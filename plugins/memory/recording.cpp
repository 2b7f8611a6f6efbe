// R1: record, and the bounds that are enforced in the same step.

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "plugins/memory/fail.hpp"
#include "plugins/memory/repository.hpp"

namespace purgatory::memory {
namespace {

/// A bound, and how far a call may trim to it.
struct Target {
  std::string_view group;
  std::uint64_t jobs;
  std::uint64_t bytes;
};
using Targets = boost::container::small_vector<Target, 4>;

constexpr std::uint64_t kUnbounded = ~std::uint64_t{0};

/// A call with jobs goes back to what it found, one without to the bound itself.
Targets targets_of(Project& project, std::span<const Bound> bounds, bool with_jobs) {
  Targets targets;
  for (const Bound& bound : bounds) {
    const Partition* partition = project.partition(bound.group);
    const bool found = with_jobs && partition != nullptr && partition->open;
    const Totals before = found ? partition->open->totals() : Totals{};
    targets.push_back({.group = bound.group,
                       .jobs = std::max(bound.jobs.value_or(kUnbounded), before.jobs),
                       .bytes = std::max(bound.bytes.value_or(kUnbounded), before.bytes)});
  }
  return targets;
}

/// A record with what it keeps of the one that is stored; mostly that is nothing.
RecordPtr carry_over(RecordBuilder& builder, const Record& stored, RecordPtr record,
                     std::string_view project, std::string_view group) {
  const codec::RetentionView kept =
      codec::read_retention(stored.retention(), codec::identity(project, group, stored.job_id()));
  const bool same_failure = stored.failed_at == record->failed_at;
  if (!kept.has_hold && !(same_failure && (kept.resolved_at || kept.not_before))) return record;
  Stamp stamp = retention_of(*record, project, group).stamp;
  return builder.with_retention(*record, project, group,
                                recorded_again(std::move(stamp), codec::copy(kept), same_failure));
}

/// Takes the oldest jobs of bounded partitions, within what one call may evict.
class Trimmer {
 public:
  Trimmer(Project& project, const PurgeNote& note, Time now)
      : project_(project), note_(note), now_(now) {}

  /// Evicted jobs that no archive waits for go into `garbage`.
  void trim(const Target& target, std::vector<RecordPtr>& garbage) {
    for (;;) {
      const Partition* partition = project_.partition(target.group);
      if (partition == nullptr || !partition->open || full()) return;
      const Totals& totals = partition->open->totals();
      const bool over_jobs = totals.jobs > target.jobs;
      if (!over_jobs && totals.bytes <= target.bytes) return;
      Record& oldest = *partition->open->by_time().begin()->record;
      evict(target.group, oldest, over_jobs ? "count" : "bytes", garbage);
    }
  }

  void report(RecordResult& result) noexcept {
    result.evicted = evicted_jobs_;
    result.evictions = std::move(evictions_);
  }

 private:
  [[nodiscard]] bool full() const noexcept {
    return evicted_jobs_ >= kMaxJobsPerCall || evicted_bytes_ >= kMaxBytesPerCall;
  }

  void evict(std::string_view group, Record& record, std::string_view reason,
             std::vector<RecordPtr>& garbage) {
    Purge& purge = this->purge();
    count(purge, retention_of(record, project_.name(), group).stamp.rule, reason,
          record.logical_bytes);
    RecordPtr taken = project_.take(group, record);
    if (!taken->names_archive) {
      garbage.push_back(std::move(taken));
      return;
    }
    project_.purges().add_to_pile(purge, group, std::move(taken));
  }

  Purge& purge() {
    Purges& purges = project_.purges();
    if (Purge* found = purges.find(note_.purge_id)) return *found;
    Purge& created =
        purges.create(Purge::Kind::eviction, Scope::project(project_.name()), note_, now_);
    purges.enter(created);
    return created;
  }

  void count(Purge& purge, std::string_view rule, std::string_view reason, std::uint64_t bytes) {
    ++evicted_jobs_;
    evicted_bytes_ += bytes;
    ++purge.entry.jobs;
    purge.entry.bytes += bytes;
    const EvictionCount one{
        .rule = std::string(rule), .reason = std::string(reason), .jobs = 1, .bytes = bytes};
    add(purge.entry.evictions, one);
    add(evictions_, one);
  }

  Project& project_;
  const PurgeNote& note_;
  Time now_;
  std::uint64_t evicted_jobs_ = 0;
  std::uint64_t evicted_bytes_ = 0;
  std::vector<EvictionCount> evictions_;
};

void refuse_closed_pile(Project& project, const PurgeNote& note) {
  const Purge* purge = project.purges().find(note.purge_id);
  if (purge == nullptr) return;
  if (purge->kind == Purge::Kind::eviction && purge->entry.state == PileState::open) return;
  fail(
      ErrorCode::conflict,
      "record: evictions cannot join purge '{}': it is sealed or was not made by caps; use a fresh "
      "purge_id",
      note.purge_id);
}

}  // namespace

RecordPtr MemoryRepository::make_record(const Call& call, RecordBuilder& builder,
                                        const Recording& recording) {
  for (;;) {
    if (RecordPtr record = builder.make(*recording.job, *recording.stamp, call.now)) return record;
    if (!free_oldest_trash(call)) {
      fail(ErrorCode::exhausted,
           "record: the store is full ({} of max_bytes {}); purge jobs, archive what waits, or "
           "raise "
           "max_bytes",
           space_.used(), space_.max_bytes());
    }
    check_deadline(call, "record");
  }
}

RecordResult MemoryRepository::record(const Call& call, std::string_view project_name,
                                      std::span<const Recording> jobs,
                                      std::span<const Bound> bounds, const PurgeNote& note) {
  RecordBuilder builder(space_);
  boost::container::small_vector<RecordPtr, 1> records;
  records.reserve(jobs.size());
  for (const Recording& job : jobs) records.push_back(make_record(call, builder, job));

  std::vector<RecordPtr> garbage;  // freed behind the lock
  garbage.reserve(jobs.size() + kMaxJobsPerCall * std::min<std::size_t>(bounds.size(), 1));
  Project& project = project_to_write(project_name);
  const std::scoped_lock lock(project.mutex());
  if (!bounds.empty()) refuse_closed_pile(project, note);
  const Targets targets = targets_of(project, bounds, !jobs.empty());

  RecordResult result;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string_view group = jobs[i].job->group;
    RecordPtr record = std::move(records[i]);
    Record* stored = project.find(group, record->job_id(), record->id_hash);
    if (stored != nullptr && stored->failed_at > record->failed_at) {
      ++result.stale;
      garbage.push_back(std::move(record));
      continue;
    }
    ++(stored == nullptr ? result.inserted : result.replaced);
    if (stored != nullptr) {
      record = carry_over(builder, *stored, std::move(record), project_name, group);
      garbage.push_back(project.take(group, *stored));
    }
    project.insert(group, std::move(record));
  }

  Trimmer trimmer(project, note, call.now);
  for (const Target& target : targets) trimmer.trim(target, garbage);
  trimmer.report(result);
  return result;
}

}  // namespace purgatory::memory
