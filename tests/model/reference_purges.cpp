// R5, R6, R8: what takes jobs out of sight, and what becomes of their piles.

#include <algorithm>
#include <stdexcept>

#include "reference_repository.hpp"

namespace purgatory::model {
PileCursor place_in_pile(const StoredJob& stored) {
  return {stored.job.group, stored.job.failed_at, stored.job.job_id, stored.version};
}

bool before_in_pile(const PileCursor& left, const PileCursor& right) {
  if (left.group != right.group) return left.group < right.group;
  if (left.failed_at != right.failed_at) return left.failed_at > right.failed_at;
  if (left.job_id != right.job_id) return left.job_id > right.job_id;
  return left.version > right.version;
}

bool is_pile(const Purge& purge) { return purge.has_pile && purge.state != PileState::gone; }

bool is_waiting(const Purge& purge) {
  return !purge.archived &&
         std::any_of(purge.trash.begin(), purge.trash.end(),
                     [](const auto& job) { return !job.retention.stamp.archive.empty(); });
}

bool is_reclaimable(const Purge& purge, Time now) {
  return is_pile(purge) && purge.undo_until <= now && !is_waiting(purge) &&
         !is_restoring(purge, now);
}

void sort_pile(std::vector<StoredJob>& trash) {
  std::sort(trash.begin(), trash.end(), [](const StoredJob& left, const StoredJob& right) {
    return before_in_pile(place_in_pile(left), place_in_pile(right));
  });
}

Totals totals(const std::vector<StoredJob>& jobs) {
  Totals sum{.jobs = jobs.size()};
  for (const StoredJob& job : jobs) sum.bytes += job.bytes;
  return sum;
}

Purge& ReferenceRepository::pile(std::string_view project, std::string_view purge_id) {
  auto& purges = at(project).purges;
  const auto purge = purges.find(std::string(purge_id));
  if (purge == purges.end() || !is_pile(purge->second)) {
    throw Error(ErrorCode::not_found, "no such pile");
  }
  return purge->second;
}

Receipt ReferenceRepository::detach(const Call& call, const Scope& scope, const PurgeNote& note) {
  Project& project = at(scope.project());
  if (const auto known = project.purges.find(note.purge_id); known != project.purges.end()) {
    if (known->second.maker == Maker::detach) return known->second.receipt;
    throw Error(ErrorCode::conflict, "the purge_id is not a detach's");
  }
  for (const auto& [id, purge] : project.purges) {
    if (is_restoring(purge, call.now) && purge.scope.overlaps(scope)) {
      throw Error(ErrorCode::conflict, "an overlapping scope is being restored");
    }
  }
  Purge purge;
  purge.maker = Maker::detach;
  purge.at = call.now;
  purge.note = note;
  purge.scope = scope;
  purge.state = PileState::sealed;
  purge.undo_until = note.undo_until;
  purge.receipt.purge_id = note.purge_id;
  for (auto job = project.jobs.begin(); job != project.jobs.end();) {
    if (!scope.covers(job->first.first)) {
      ++job;
    } else if (held(job->second.retention)) {
      ++purge.receipt.held;
      ++job;
    } else {
      purge.trash.push_back(job->second);
      job = project.jobs.erase(job);
    }
  }
  purge.receipt.jobs = purge.jobs = totals(purge.trash).jobs;
  purge.receipt.bytes = purge.bytes = totals(purge.trash).bytes;
  purge.has_pile = purge.jobs > 0;
  project.purges[note.purge_id] = purge;
  return purge.receipt;
}

RemoveResult ReferenceRepository::remove(const Call& call, std::string_view project_id,
                                         std::span<const JobRef> refs, const PurgeNote& note) {
  Project& project = at(project_id);
  Purge purge;
  if (const auto known = project.purges.find(note.purge_id); known != project.purges.end()) {
    purge = known->second;
    if (purge.maker != Maker::remove || purge.state != PileState::open) {
      throw Error(ErrorCode::conflict, "the pile takes no more");
    }
  } else {
    purge.maker = Maker::remove;
    purge.has_pile = true;
    purge.at = call.now;
    purge.note = note;
    purge.scope = Scope::project(std::string(project_id));
    purge.undo_until = note.undo_until;
  }
  RemoveResult result;
  for (const JobRef& ref : refs) {
    const auto stored = project.jobs.find({std::string(ref.group), std::string(ref.job_id)});
    const bool in_pile =
        std::any_of(purge.trash.begin(), purge.trash.end(), [&](const StoredJob& job) {
          return job.job.group == ref.group && job.job.job_id == ref.job_id &&
                 job.version == ref.version;
        });
    if (in_pile) {
      ++result.removed;
    } else if (stored == project.jobs.end()) {
      ++result.absent;
    } else if (stored->second.version != ref.version) {
      ++result.changed;
    } else if (held(stored->second.retention)) {
      ++result.held;
    } else {
      ++result.removed;
      ++purge.jobs;
      purge.bytes += stored->second.bytes;
      purge.trash.push_back(stored->second);
      project.jobs.erase(stored);
    }
  }
  if (purge.jobs > 0) project.purges[note.purge_id] = purge;
  return result;
}

Page<Pile, std::string> ReferenceRepository::piles(const Call& call, std::string_view project,
                                                   const std::optional<std::string>& after) {
  Page<Pile, std::string> page;
  for (const auto& [id, purge] : at(project).purges) {
    if (!is_pile(purge) || (after && id <= *after)) continue;
    const Totals left = totals(purge.trash);
    page.items.push_back(
        {.purge_id = id,
         .state = is_restoring(purge, call.now) ? PileState::restoring : purge.state,
         .jobs = left.jobs,
         .bytes = left.bytes,
         .undo_until = purge.undo_until,
         .waiting = is_waiting(purge)});
  }
  return page;
}

Page<StoredJob, PileCursor> ReferenceRepository::trash(const Call&, std::string_view project,
                                                       std::string_view purge_id,
                                                       const std::optional<PileCursor>& after) {
  Page<StoredJob, PileCursor> page;
  for (const StoredJob& stored : pile(project, purge_id).trash) {
    if (!after || before_in_pile(*after, place_in_pile(stored))) page.items.push_back(stored);
  }
  sort_pile(page.items);
  return page;
}

void ReferenceRepository::seal(const Call&, std::string_view project, std::string_view purge_id) {
  pile(project, purge_id).state = PileState::sealed;
}

void ReferenceRepository::mark_archived(const Call&, std::string_view project,
                                        std::string_view purge_id) {
  Purge& purge = pile(project, purge_id);
  if (purge.state == PileState::open) throw Error(ErrorCode::conflict, "the pile is open");
  purge.archived = true;
}

void ReferenceRepository::expire(const Call& call, std::string_view project,
                                 std::string_view purge_id) {
  Purge& purge = pile(project, purge_id);
  purge.state = PileState::sealed;
  purge.undo_until = std::min(purge.undo_until, call.now);
}

ReclaimResult ReferenceRepository::reclaim(const Call& call, std::string_view project_id,
                                           const Budget&) {
  Project& project = at(project_id);
  ReclaimResult freed{.jobs = project.unfreed_jobs, .bytes = project.unfreed_bytes};
  std::set<std::string> gone;
  for (const auto& [id, purge] : project.purges) {
    if (!is_reclaimable(purge, call.now)) continue;
    gone.insert(id);
    freed.jobs += totals(purge.trash).jobs;
    freed.bytes += totals(purge.trash).bytes;
  }
  reclaim_slice(call, project_id, gone, freed);
  return freed;
}

void ReferenceRepository::reclaim_slice(const Call& call, std::string_view project_id,
                                        const std::set<std::string>& gone,
                                        const ReclaimResult& freed) {
  Project& project = at(project_id);
  for (const std::string& id : gone) {
    Purge& purge = pile(project_id, id);
    if (!is_reclaimable(purge, call.now)) {
      throw std::logic_error("reclaim took the pile '" + id + "', which was not to be freed yet");
    }
    purge.state = PileState::gone;
    project.unfreed_jobs += totals(purge.trash).jobs;
    project.unfreed_bytes += totals(purge.trash).bytes;
    purge.trash.clear();
  }
  if (freed.jobs > project.unfreed_jobs || freed.bytes > project.unfreed_bytes) {
    throw std::logic_error("reclaim says it freed more than there was");
  }
  project.unfreed_jobs -= freed.jobs;
  project.unfreed_bytes -= freed.bytes;
  if (freed.more) return;
  const bool left =
      std::any_of(project.purges.begin(), project.purges.end(),
                  [&](const auto& each) { return is_reclaimable(each.second, call.now); });
  if (left || project.unfreed_jobs != 0 || project.unfreed_bytes != 0) {
    throw std::logic_error("reclaim says nothing is left, but something is");
  }
}

}  // namespace purgatory::model
