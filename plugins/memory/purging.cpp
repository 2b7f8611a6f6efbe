// R4, R5 and R6: forget, detach, remove.

#include <tuple>
#include <utility>

#include "plugins/memory/fail.hpp"
#include "plugins/memory/repository.hpp"
#include "plugins/memory/slice.hpp"

namespace purgatory::memory {
namespace {

Receipt receipt_of(const Purge& purge) {
  return {.purge_id = purge.entry.purge_id,
          .jobs = purge.entry.jobs,
          .bytes = purge.entry.bytes,
          .held = purge.held};
}

/// What detaching a scope would take, and how many held jobs of it would stay.
std::pair<Totals, std::uint64_t> totals_of(Project& project, const Scope& scope) {
  if (scope.level() == Scope::Level::project) return {project.open_totals(), project.held_jobs()};
  const Partition* partition = project.partition(scope.group());
  if (partition == nullptr) return {};
  return {partition->open ? partition->open->totals() : Totals{},
          partition->held ? partition->held->totals().jobs : 0};
}

/// The purge that a remove adds to; none if it is yet to be created.
Purge* pile_to_remove_to(Project& project, const PurgeNote& note) {
  Purge* purge = project.purges().find(note.purge_id);
  if (purge == nullptr) return nullptr;
  if (purge->kind == Purge::Kind::remove && purge->entry.state == PileState::open) return purge;
  fail(ErrorCode::conflict,
       "remove: purge '{}' takes no more jobs: it is sealed or was not made by remove; use a fresh "
       "purge_id",
       note.purge_id);
}

Purge& begin_pile(Project& project, const PurgeNote& note, Time now) {
  Purge& purge =
      project.purges().create(Purge::Kind::remove, Scope::project(project.name()), note, now);
  project.purges().enter(purge);
  return purge;
}

void move_to_pile(Project& project, Purge& purge, std::string_view group, Record& record) {
  ++purge.entry.jobs;
  purge.entry.bytes += record.logical_bytes;
  project.purges().add_to_pile(purge, group, project.take(group, record));
}

}  // namespace

Forgotten MemoryRepository::forget(const Call& /*call*/, std::string_view project_name,
                                   std::string_view group, std::string_view job_id,
                                   std::optional<Version> if_version) {
  Project* found = project(project_name);
  if (found == nullptr) return Forgotten::absent;
  RecordPtr garbage(nullptr, RecordDeleter{&space_});
  const std::scoped_lock lock(found->mutex());
  Record* record = found->find(group, job_id, hash_of(job_id));
  if (record == nullptr) return Forgotten::absent;
  if (if_version && *if_version != record->version) return Forgotten::changed;
  if (record->held) {
    fail(ErrorCode::conflict, "forget: the job is held; release it first");
  }
  garbage = found->take(group, *record);
  ++found->forgotten;
  return Forgotten::forgotten;
}

Receipt MemoryRepository::detach(const Call& call, const Scope& scope, const PurgeNote& note) {
  Project& project = project_to_write(scope.project());
  const std::scoped_lock lock(project.mutex());
  Purges& purges = project.purges();
  purges.drop_empty_receipts(call.now);
  if (const Purge* known = purges.find(note.purge_id)) {
    if (known->kind == Purge::Kind::detach) return receipt_of(*known);
    fail(ErrorCode::conflict, "detach: purge '{}' was not made by a detach; use a fresh purge_id",
         note.purge_id);
  }
  if (const Purge* restoring = purges.restoring(scope, call.now)) {
    fail(
        ErrorCode::conflict,
        "detach: purge '{}' of an overlapping scope is being restored; try again when that is done",
        restoring->entry.purge_id);
  }
  Purge& purge = purges.create(Purge::Kind::detach, scope, note, call.now);
  std::tie(purge.trash, purge.held) = totals_of(project, scope);
  purge.entry.jobs = purge.trash.jobs;
  purge.entry.bytes = purge.trash.bytes;
  project.detach(scope, purge.partitions);
  if (purge.entry.jobs > 0) {
    purges.enter(purge);
    purges.keep_pile(purge);
  } else {
    purges.keep_empty_receipt(purge, call.now);
  }
  return receipt_of(purge);
}

RemoveResult MemoryRepository::remove(const Call& call, std::string_view project_name,
                                      std::span<const JobRef> refs, const PurgeNote& note) {
  RemoveResult result;
  Project* found = project(project_name);
  if (found == nullptr) {
    result.absent = refs.size();
    return result;
  }
  const std::scoped_lock closing(found->closing());
  auto next = refs.begin();
  in_slices(*found, [&](Slice& slice) {
    Purge* purge = pile_to_remove_to(*found, note);
    for (; next != refs.end() && slice.take(); ++next) {
      Record* record = found->find(next->group, next->job_id, hash_of(next->job_id));
      if (record != nullptr && record->version == next->version && !record->held) {
        if (purge == nullptr) purge = &begin_pile(*found, note, call.now);
        move_to_pile(*found, *purge, next->group, *record);
        ++result.removed;
      } else if (purge != nullptr && purge->has(next->group, next->job_id, next->version)) {
        ++result.removed;
      } else if (record == nullptr) {
        ++result.absent;
      } else {
        ++(record->version == next->version ? result.held : result.changed);
      }
    }
    return next != refs.end();
  });
  return result;
}

}  // namespace purgatory::memory
