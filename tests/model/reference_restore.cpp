// R7: what brings a purge back.

#include "reference_repository.hpp"

namespace purgatory::model {
namespace {

constexpr auto kRestoringFor = std::chrono::seconds(30);

bool bound_refuses(const Project& project, std::span<const Bound> bounds, const StoredJob& next,
                   const StoredJob* twin) {
  if (held(next.retention)) return false;
  for (const Bound& bound : bounds) {
    if (bound.group != next.job.group) continue;
    Totals after = not_held(project, bound.group);
    if (twin != nullptr && !held(twin->retention)) {
      --after.jobs;
      after.bytes -= twin->bytes;
    }
    ++after.jobs;
    after.bytes += next.bytes;
    if ((bound.jobs && after.jobs > *bound.jobs) || (bound.bytes && after.bytes > *bound.bytes)) {
      return true;
    }
  }
  return false;
}

/// Puts one trashed job back. False: it stays in trash.
bool restore_job(Project& project, const StoredJob& trashed, Time not_before,
                 std::span<const Bound> bounds, RestoreResult& result) {
  const Identity identity{trashed.job.group, trashed.job.job_id};
  const auto found = project.jobs.find(identity);
  const StoredJob* twin = found == project.jobs.end() ? nullptr : &found->second;
  if (twin != nullptr && twin->job.failed_at >= trashed.job.failed_at) {
    ++result.stale;
    return false;
  }
  StoredJob next = trashed;
  next.retention.stamp.not_before = not_before;
  if (twin != nullptr) next.retention.hold = twin->retention.hold;
  if (bound_refuses(project, bounds, next, twin)) {
    ++result.refused;
    return false;
  }
  next.version = ++project.last_version;
  project.jobs[identity] = next;
  ++result.restored;
  result.bytes += next.bytes;
  return true;
}

}  // namespace

bool is_restoring(const Purge& purge, Time now) {
  return purge.state != PileState::gone && purge.restoring_until && *purge.restoring_until > now &&
         *purge.restoring_until - now <= kRestoringFor;
}

Purge& ReferenceRepository::restorable(const Call& call, std::string_view project,
                                       std::string_view purge_id) {
  if (!can_restore(call, project, purge_id)) {
    throw Error(ErrorCode::not_found, "cannot be restored");
  }
  return pile(project, purge_id);
}

bool ReferenceRepository::can_restore(const Call& call, std::string_view project,
                                      std::string_view purge_id) {
  const auto& purges = at(project).purges;
  const auto purge = purges.find(std::string(purge_id));
  return purge != purges.end() && is_pile(purge->second) && purge->second.maker != Maker::caps &&
         call.now < purge->second.undo_until;
}

RestoreResult ReferenceRepository::restore(const Call& call, std::string_view project,
                                           std::string_view purge_id, Time not_before,
                                           std::span<const Bound> bounds, const Budget& budget,
                                           const std::optional<PileCursor>& after) {
  Purge& purge = restorable(call, project, purge_id);
  sort_pile(purge.trash);
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::optional<PileCursor> last;
  for (const StoredJob& stored : purge.trash) {
    if (after && !before_in_pile(*after, place_in_pile(stored))) continue;
    if (jobs >= budget.jobs || bytes >= budget.bytes) {
      return restore_until(call, project, purge_id, not_before, bounds, after, last);
    }
    last = place_in_pile(stored);
    ++jobs;
    bytes += stored.bytes;
  }
  return restore_until(call, project, purge_id, not_before, bounds, after, std::nullopt);
}

RestoreResult ReferenceRepository::restore_until(const Call& call, std::string_view project_id,
                                                 std::string_view purge_id, Time not_before,
                                                 std::span<const Bound> bounds,
                                                 const std::optional<PileCursor>& after,
                                                 const std::optional<PileCursor>& last) {
  Purge& purge = restorable(call, project_id, purge_id);
  purge.state = PileState::sealed;
  sort_pile(purge.trash);
  RestoreResult result;
  result.next = last;
  std::vector<StoredJob> stay;
  for (const StoredJob& stored : purge.trash) {
    const PileCursor place = place_in_pile(stored);
    const bool walked =
        (!after || before_in_pile(*after, place)) && (!last || !before_in_pile(*last, place));
    if (!walked || !restore_job(at(project_id), stored, not_before, bounds, result)) {
      stay.push_back(stored);
    }
  }
  purge.trash = stay;
  purge.restored += result.restored;
  purge.restoring_until.reset();
  if (last) purge.restoring_until = call.now + kRestoringFor;
  return result;
}

}  // namespace purgatory::model
