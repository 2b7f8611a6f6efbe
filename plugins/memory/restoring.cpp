// R7: restore.

#include <map>

#include "plugins/memory/fail.hpp"
#include "plugins/memory/repository.hpp"
#include "plugins/memory/slice.hpp"

namespace purgatory::memory {
namespace {

/// Brings the jobs of one pile back, one slice after the other. Used under the lock.
class Restorer {
 public:
  Restorer(Project& project, RecordBuilder& builder, Time not_before, std::span<const Bound> bounds,
           const std::optional<PileCursor>& after)
      : project_(project), builder_(builder), not_before_(not_before) {
    for (const Bound& bound : bounds) bounds_.emplace(bound.group, bound);
    result_.next = after;
  }

  [[nodiscard]] const RestoreResult& result() const noexcept { return result_; }
  [[nodiscard]] bool within(const Budget& budget) const noexcept {
    return result_.restored < budget.jobs && result_.bytes < budget.bytes;
  }

  /// Handles jobs of the purge. False: the pile is walked to its end.
  bool step(Slice& slice, Purge& purge, const Budget& budget, std::vector<RecordPtr>& garbage) {
    auto place =
        result_.next ? purge.partitions.lower_bound(result_.next->group) : purge.partitions.begin();
    while (place != purge.partitions.end()) {
      const auto current = place++;
      if (!step_through(slice, purge, current->first, *current->second.open, budget, garbage)) {
        return true;
      }
      if (current->second.open->empty()) purge.partitions.erase(current);
    }
    result_.next.reset();
    return false;
  }

 private:
  /// Newest first. False if the slice ended before the generation did.
  bool step_through(Slice& slice, Purge& purge, const std::string& group, Generation& trash,
                    const Budget& budget, std::vector<RecordPtr>& garbage) {
    if (!result_.next || result_.next->group != group) {
      result_.next = PileCursor{.group = group, .failed_at = Time::max(), .job_id = {}};
    }
    for (;;) {
      PileCursor& last = *result_.next;
      const auto behind =
          trash.by_time().lower_bound(TimeKey{last.failed_at, last.job_id, last.version});
      if (behind == trash.by_time().begin()) return true;
      if (!within(budget) || !slice.take()) return false;
      Record& record = *std::prev(behind)->record;
      last.failed_at = record.failed_at;
      last.job_id = record.job_id();
      last.version = record.version;
      if (RecordPtr returned = bring_back(group, record, garbage)) {
        project_.insert(group, std::move(returned));
        purge.trash -= totals_of(record);
        ++purge.entry.restored;
        garbage.push_back(trash.take(record));
      }
    }
  }

  /// The record as it is to be inserted, its lesser twin out of the way; or none if it has to stay.
  RecordPtr bring_back(const std::string& group, const Record& record,
                       std::vector<RecordPtr>& garbage) {
    const Partition* partition = project_.partition(group);
    Record* twin = project_.find(group, record.job_id(), record.id_hash);
    if (twin != nullptr && twin->failed_at >= record.failed_at) {
      ++result_.stale;
      return {nullptr, RecordDeleter{nullptr}};
    }
    Retention retention = retention_of(record, project_.name(), group);
    retention.stamp.not_before = not_before_;
    if (twin != nullptr) retention.hold = retention_of(*twin, project_.name(), group).hold;
    if (!held(retention) && over_bound(group, partition, record, twin)) {
      ++result_.refused;
      return {nullptr, RecordDeleter{nullptr}};
    }
    RecordPtr returned = builder_.with_retention(record, project_.name(), group, retention);
    if (twin != nullptr) garbage.push_back(project_.take(group, *twin));
    ++result_.restored;
    result_.bytes += record.logical_bytes;
    return returned;
  }

  [[nodiscard]] bool over_bound(std::string_view group, const Partition* partition,
                                const Record& record, const Record* twin) const {
    const auto found = bounds_.find(group);
    if (found == bounds_.end()) return false;
    const Bound& bound = found->second;
    Totals after = totals_of(record);
    if (partition != nullptr && partition->open) after += partition->open->totals();
    if (twin != nullptr && !twin->held) after -= totals_of(*twin);
    return after.jobs > bound.jobs.value_or(after.jobs) ||
           after.bytes > bound.bytes.value_or(after.bytes);
  }

  Project& project_;
  RecordBuilder& builder_;
  Time not_before_;
  std::map<std::string_view, Bound> bounds_;
  RestoreResult result_;
};

/// `project` may be none: then there is nothing to restore either.
Purge& restorable(Project* project, std::string_view purge_id, Time now) {
  Purge* purge = project == nullptr ? nullptr : project->purges().find_pile(purge_id);
  if (purge == nullptr || purge->kind == Purge::Kind::eviction || purge->entry.undo_until <= now) {
    fail(
        ErrorCode::not_found,
        "restore: purge '{}' cannot be undone: it is unknown, was made by caps, or its undo window "
        "is over",
        purge_id);
  }
  return *purge;
}

}  // namespace

RestoreResult MemoryRepository::restore(const Call& call, std::string_view project_name,
                                        std::string_view purge_id, Time not_before,
                                        std::span<const Bound> bounds, const Budget& budget,
                                        const std::optional<PileCursor>& after) {
  Project* found = project(project_name);
  if (found == nullptr) (void)restorable(found, purge_id, call.now);
  RecordBuilder builder(space_);
  Restorer restorer(*found, builder, not_before, bounds, after);
  const auto end = end_of(call, budget);
  std::vector<RecordPtr> garbage;
  garbage.reserve(2 * Slice::kMost);
  {
    const std::scoped_lock closing(found->closing());
    const std::scoped_lock lock(found->mutex());
    found->purges().mark_restoring(restorable(found, purge_id, call.now), call.now);
  }
  in_slices(
      *found,
      [&](Slice& slice) {
        Purge& purge = restorable(found, purge_id, call.now);
        found->purges().mark_restoring(purge, call.now);
        const bool more = restorer.step(slice, purge, budget, garbage);
        if (!more) found->purges().unmark_restoring(purge);
        return more && restorer.within(budget) && std::chrono::steady_clock::now() < end;
      },
      [&] { garbage.clear(); });
  return restorer.result();
}

}  // namespace purgatory::memory
