// R3, R9, R10, R12, R16: what only looks, and what trims the journal.

#include <algorithm>
#include <stdexcept>

#include "reference_repository.hpp"

namespace purgatory::model {
namespace {

auto list_order(const StoredJob& stored) {
  return std::tuple(stored.job.failed_at, stored.job.job_id, stored.job.group);
}

std::vector<StoredJob> selected(const Project& project, const Selection& selection) {
  std::vector<StoredJob> jobs;
  for (const auto& [identity, stored] : project.jobs) {
    if (selection.scope.covers(identity.first) && matches(selection.filter, stored)) {
      jobs.push_back(without_payload(stored));
    }
  }
  return jobs;
}

/// The earlier of two moments; an absent one never comes.
std::optional<Time> earlier(std::optional<Time> left, std::optional<Time> right) {
  if (!left || !right) return left ? left : right;
  return std::min(*left, *right);
}

ProjectInfo info(const std::string& id, const Project& project) {
  ProjectInfo info{.project = id, .next_due = {}, .next_reclaim = {}};
  for (const auto& [identity, stored] : project.jobs) {
    info.next_due = earlier(info.next_due, next_action_at(stored.retention));
  }
  for (const auto& [purge_id, purge] : project.purges) {
    if (!is_pile(purge)) continue;
    info.next_reclaim = earlier(info.next_reclaim, purge.undo_until);
  }
  return info;
}

JournalEntry entry(const std::string& id, const Purge& purge, Time now) {
  JournalEntry entry;
  entry.purge_id = id;
  entry.at = purge.at;
  entry.actor = purge.note.actor;
  entry.reason = purge.note.reason;
  entry.rule = purge.note.rule;
  entry.scope = purge.scope;
  entry.state = is_restoring(purge, now) ? PileState::restoring : purge.state;
  entry.undo_until = purge.undo_until;
  entry.jobs = purge.jobs;
  entry.bytes = purge.bytes;
  entry.restored = purge.restored;
  for (const auto& [key, count] : purge.evictions) entry.evictions.push_back(count);
  return entry;
}

bool may_be_dropped(const Purge& purge, Time before) {
  return purge.jobs > 0 && purge.at < before && !is_pile(purge);
}

}  // namespace

StoredJob without_payload(StoredJob stored) {
  stored.job.payload.clear();
  return stored;
}

std::optional<StoredJob> ReferenceRepository::find(const Call&, std::string_view project,
                                                   std::string_view group,
                                                   std::string_view job_id) {
  const auto& jobs = at(project).jobs;
  const auto stored = jobs.find({std::string(group), std::string(job_id)});
  if (stored == jobs.end()) return std::nullopt;
  return stored->second;
}

std::vector<std::string> ReferenceRepository::locate(const Call&, std::string_view project,
                                                     std::string_view job_id) {
  std::vector<std::string> groups;
  for (const auto& [identity, stored] : at(project).jobs) {
    if (identity.second == job_id) groups.push_back(identity.first);
  }
  return groups;
}

Page<StoredJob, ListCursor> ReferenceRepository::list(const Call&, const Selection& selection,
                                                      const std::optional<ListCursor>& after,
                                                      std::size_t limit) {
  Page<StoredJob, ListCursor> page;
  page.items = selected(at(selection.scope.project()), selection);
  std::sort(page.items.begin(), page.items.end(), [](const auto& left, const auto& right) {
    return list_order(left) > list_order(right);
  });
  if (after) {
    std::erase_if(page.items, [&](const StoredJob& stored) {
      return list_order(stored) >= std::tuple(after->failed_at, after->job_id, after->group);
    });
  }
  if (page.items.size() > limit) {
    page.items.resize(limit);
    const FailedJob& last = page.items.back().job;
    page.next = ListCursor{last.failed_at, last.job_id, last.group};
  }
  return page;
}

std::uint64_t ReferenceRepository::count(const Call&, const Selection& selection,
                                         std::uint64_t at_most) {
  const auto jobs = selected(at(selection.scope.project()), selection);
  return std::min<std::uint64_t>(jobs.size(), at_most);
}

Page<ProjectInfo, std::string> ReferenceRepository::projects(
    const Call&, const std::optional<std::string>& after) {
  Page<ProjectInfo, std::string> page;
  for (const auto& [id, project] : projects_) {
    const bool has_trash = project.unfreed_jobs > 0 ||
                           std::any_of(project.purges.begin(), project.purges.end(),
                                       [](const auto& each) { return !each.second.trash.empty(); });
    if (project.jobs.empty() && !has_trash) continue;
    if (!after || id > *after) page.items.push_back(info(id, project));
  }
  return page;
}

std::vector<StoredJob> ReferenceRepository::due(const Call& call, std::string_view project,
                                                std::size_t limit) {
  std::vector<StoredJob> jobs;
  for (const auto& [identity, stored] : at(project).jobs) {
    const auto next = next_action_at(stored.retention);
    if (next && *next <= call.now) jobs.push_back(without_payload(stored));
  }
  std::stable_sort(jobs.begin(), jobs.end(), [](const StoredJob& left, const StoredJob& right) {
    return std::pair(left.job.group, next_action_at(left.retention)) <
           std::pair(right.job.group, next_action_at(right.retention));
  });
  if (jobs.size() > limit) jobs.resize(limit);
  return jobs;
}

Partitions ReferenceRepository::partitions(const Call&, std::string_view project_id) {
  const Project& project = at(project_id);
  std::map<std::string, PartitionInfo> groups;
  for (const auto& [identity, stored] : project.jobs) {
    PartitionInfo& info = groups[identity.first];
    const Time failed_at = stored.job.failed_at;
    info.group = identity.first;
    info.oldest = info.jobs == 0 ? failed_at : std::min(info.oldest, failed_at);
    info.newest = info.jobs == 0 ? failed_at : std::max(info.newest, failed_at);
    ++info.jobs;
    info.bytes += stored.bytes;
    if (held(stored.retention)) {
      ++info.held;
      info.held_bytes += stored.bytes;
    }
  }
  Partitions result{.watermark = project.last_version, .partitions = {}};
  for (const auto& [group, info] : groups) result.partitions.push_back(info);
  return result;
}

std::vector<StoredJob> ReferenceRepository::with_resource(const Call&, std::string_view project,
                                                          std::optional<std::string_view> group,
                                                          std::string_view resource_id,
                                                          std::size_t limit) {
  std::vector<StoredJob> jobs;
  for (const auto& [identity, stored] : at(project).jobs) {
    if (stored.job.resource_id != resource_id || (group && identity.first != *group)) continue;
    if (jobs.size() < limit) jobs.push_back(without_payload(stored));
  }
  return jobs;
}

Page<JournalEntry, JournalCursor> ReferenceRepository::journal(
    const Call& call, std::string_view project, const std::optional<JournalCursor>& after) {
  Page<JournalEntry, JournalCursor> page;
  for (const auto& [id, purge] : at(project).purges) {
    if (purge.jobs == 0) continue;
    if (after && std::tie(purge.at, id) >= std::tie(after->at, after->purge_id)) continue;
    page.items.push_back(entry(id, purge, call.now));
  }
  std::sort(page.items.begin(), page.items.end(), [](const auto& left, const auto& right) {
    return std::tie(left.at, left.purge_id) > std::tie(right.at, right.purge_id);
  });
  return page;
}

TrimResult ReferenceRepository::trim_journal(const Call&, std::string_view project, Time before) {
  std::set<std::string> dropped;
  for (const auto& [id, purge] : at(project).purges) {
    if (may_be_dropped(purge, before)) dropped.insert(id);
  }
  drop_entries(project, before, dropped);
  return {.entries = dropped.size(), .more = false};
}

void ReferenceRepository::drop_entries(std::string_view project_id, Time before,
                                       const std::set<std::string>& dropped) {
  Project& project = at(project_id);
  for (const std::string& id : dropped) {
    const auto purge = project.purges.find(id);
    if (purge == project.purges.end() || !may_be_dropped(purge->second, before)) {
      throw std::logic_error("trim_journal dropped the entry '" + id + "', which was to stay");
    }
    project.purges.erase(purge);
  }
  if (project.unfreed_jobs > 0) return;
  for (const auto& [id, purge] : project.purges) {
    if (may_be_dropped(purge, before)) {
      throw std::logic_error("trim_journal kept the entry '" + id + "'");
    }
  }
}

}  // namespace purgatory::model
