// R9, R10 and R11: projects, due, partitions, restamp.

#include <algorithm>

#include "plugins/memory/repository.hpp"

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
    if (!purge->waiting()) lower(next, being_freed ? Time{} : purge->entry.undo_until);
  }
  return next;
}

/// Appends what is to be done in a partition, longest overdue first, until `limit`: due jobs and
/// held ones whose hold ran out.
void append_due(std::vector<StoredJob>& jobs, const Partition& partition, std::string_view project,
                std::string_view group, Time now, std::size_t limit) {
  static const ActionIndex none;
  const ActionIndex& due = partition.open ? partition.open->by_action() : none;
  const ActionIndex& run_out = partition.held ? partition.held->by_action() : none;
  auto open = due.begin();
  auto held = run_out.begin();
  auto ahead = open;
  for (int i = 0; i < kAhead && ahead != due.end(); ++i) (ahead++)->record->prefetch();
  while (jobs.size() < limit) {
    const bool take_held =
        held != run_out.end() && (open == due.end() || held->action_at < open->action_at);
    if (!take_held && open == due.end()) return;
    const auto& [action_at, record] = take_held ? *held++ : *open++;
    if (action_at > now) return;
    if (!take_held && ahead != due.end()) (ahead++)->record->prefetch();
    jobs.push_back(decode(*record, project, group, WithPayload::no));
  }
}

PartitionInfo describe(const std::string& group, const Partition& partition) {
  PartitionInfo info{.group = group, .oldest = Time::max(), .newest = Time::min()};
  partition.for_each([&](const Generation& generation) {
    info.jobs += generation.totals().jobs;
    info.bytes += generation.totals().bytes;
    info.oldest = std::min(info.oldest, generation.by_time().begin()->failed_at);
    info.newest = std::max(info.newest, generation.by_time().rbegin()->failed_at);
  });
  if (partition.held) info.held = partition.held->totals().jobs;
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
  std::vector<StoredJob> jobs;
  Project* found = project(project_name);
  if (found == nullptr) return jobs;
  std::string group;  // where the next slice begins
  in_slices(*found, [&] {
    check_deadline(call, "due");
    const PartitionMap& partitions = found->partitions();
    const std::size_t slice_limit = std::min(limit, jobs.size() + kSlice);
    std::size_t looks = kSlice;
    for (auto place = partitions.lower_bound(group); place != partitions.end(); ++place) {
      group = place->first;
      if (looks-- == 0) return true;
      append_due(jobs, place->second, found->name(), group, call.now, limit);
      if (jobs.size() >= slice_limit) {
        group += '\0';  // the next group there can be
        return jobs.size() < limit;
      }
    }
    return false;
  });
  return jobs;
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
  garbage.reserve(kSlice);
  std::size_t next = 0;
  in_slices(
      *found,
      [&] {
        for (const std::size_t end = std::min(changes.size(), next + kSlice); next < end; ++next) {
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
