// R9, R10 and R11: projects, due, partitions, restamp.

#include <algorithm>

#include "plugins/memory/repository.hpp"
#include "plugins/memory/slice.hpp"

namespace purgatory::memory {
namespace {

void lower(std::optional<Time>& bound, Time time) { bound = bound ? std::min(*bound, time) : time; }

std::optional<Time> next_due(Project& project) {
  std::optional<Time> next;
  for (const auto& [group, partition] : project.partitions()) {
    partition.for_each([&](const Generation& generation) {
      if (!generation.by_action().empty()) lower(next, generation.by_action().begin()->action_at);
    });
  }
  return next;
}

std::optional<Time> next_reclaim(Project& project) {
  std::optional<Time> next;
  for (const auto& [purge_id, purge] : project.purges().piles()) {
    const bool being_freed = purge->entry.state == PileState::gone;
    lower(next, being_freed ? Time{} : purge->entry.undo_until);
  }
  return next;
}

/// Gathers what is to be done, group by group and longest overdue first, in slices: due jobs and
/// held ones whose hold ran out.
class DueWalk {
 public:
  DueWalk(Project& project, Time now, std::size_t limit)
      : project_(project), now_(now), limit_(limit) {}

  /// False: that was all, or as much as was asked for.
  bool step(Slice& slice) {
    const PartitionMap& partitions = project_.partitions();
    for (auto place = partitions.lower_bound(group_); place != partitions.end(); ++place) {
      if (place->first != group_) {
        group_ = place->first;
        last_.reset();
      }
      if (!slice.take() || !step_through(slice, place->second)) return jobs_.size() < limit_;
    }
    return false;
  }

  [[nodiscard]] std::vector<StoredJob> take() noexcept { return std::move(jobs_); }

 private:
  /// False if it ended before the partition did.
  bool step_through(Slice& slice, const Partition& partition) {
    static const ActionIndex none;
    const ActionIndex& due = partition.open ? partition.open->by_action() : none;
    const ActionIndex& run_out = partition.held ? partition.held->by_action() : none;
    auto open = last_ ? due.upper_bound(*last_) : due.begin();
    auto held = last_ ? run_out.upper_bound(*last_) : run_out.begin();
    auto ahead = open;
    for (int i = 0; i < kAhead && ahead != due.end(); ++i) (ahead++)->record->prefetch();
    for (;;) {
      const bool take_held = held != run_out.end() && (open == due.end() || *held < *open);
      if (!take_held && open == due.end()) return true;
      const ActionEntry& next = take_held ? *held++ : *open++;
      if (next.action_at > now_) return true;
      if (jobs_.size() == limit_ || !slice.take()) return false;
      if (!take_held && ahead != due.end()) (ahead++)->record->prefetch();
      jobs_.push_back(decode(*next.record, project_.name(), group_, WithPayload::no));
      last_ = next;
    }
  }

  Project& project_;
  Time now_;
  std::size_t limit_;
  std::string group_;
  std::optional<ActionEntry> last_;  ///< Of the group. Its record may be gone: it is only compared.
  std::vector<StoredJob> jobs_;
};

PartitionInfo describe(const std::string& group, const Partition& partition) {
  PartitionInfo info{.group = group, .oldest = Time::max(), .newest = Time::min()};
  partition.for_each([&](const Generation& generation) {
    info.jobs += generation.totals().jobs;
    info.bytes += generation.totals().bytes;
    info.oldest = std::min(info.oldest, generation.by_time().begin()->failed_at);
    info.newest = std::max(info.newest, generation.by_time().rbegin()->failed_at);
  });
  if (partition.held) {
    info.held = partition.held->totals().jobs;
    info.held_bytes = partition.held->totals().bytes;
  }
  return info;
}

}  // namespace

Page<ProjectInfo, std::string> MemoryRepository::projects(const Call& /*call*/,
                                                          const std::optional<std::string>& after) {
  Page<ProjectInfo, std::string> page;
  for (Project* found : projects_after(after, kPageItems)) {
    const std::scoped_lock lock(found->mutex());
    page.items.push_back({.project = found->name(),
                          .next_due = next_due(*found),
                          .next_reclaim = next_reclaim(*found)});
  }
  if (page.items.size() == kPageItems) page.next = page.items.back().project;
  return page;
}

std::vector<StoredJob> MemoryRepository::due(const Call& call, std::string_view project_name,
                                             std::size_t limit) {
  Project* found = project(project_name);
  if (found == nullptr) return {};
  DueWalk walk(*found, call.now, limit);
  in_slices(*found, [&](Slice& slice) {
    check_deadline(call, "due");
    return walk.step(slice);
  });
  return walk.take();
}

Partitions MemoryRepository::partitions(const Call& /*call*/, std::string_view project_name) {
  Partitions result;
  Project* found = project(project_name);
  if (found == nullptr) return result;
  const std::scoped_lock lock(found->mutex());
  result.watermark = found->watermark();
  for (const auto& [group, partition] : found->partitions()) {
    result.partitions.push_back(describe(group, partition));
  }
  return result;
}

RestampResult MemoryRepository::restamp(const Call& /*call*/, std::string_view project_name,
                                        std::span<const Restamp> changes) {
  RestampResult result;
  Project* found = project(project_name);
  if (found == nullptr) {
    result.absent = changes.size();
    return result;
  }
  RecordBuilder builder(space_);
  std::vector<RecordPtr> garbage;
  garbage.reserve(Slice::kMost);
  std::size_t next = 0;
  in_slices(
      *found,
      [&](Slice& slice) {
        for (; next < changes.size() && slice.take(); ++next) {
          const auto& [ref, retention] = changes[next];
          Record* record = found->find(ref.group, ref.job_id, hash_of(ref.job_id));
          if (record == nullptr) {
            ++result.absent;
          } else if (retention_of(*record, found->name(), ref.group) == retention) {
            ++result.done;
          } else if (record->version != ref.version) {
            ++result.changed;
          } else {
            RecordPtr restamped =
                builder.with_retention(*record, found->name(), ref.group, retention);
            garbage.push_back(found->take(ref.group, *record));
            found->insert(ref.group, std::move(restamped));
            ++result.done;
          }
        }
        return next < changes.size();
      },
      [&] { garbage.clear(); });
  return result;
}

}  // namespace purgatory::memory
