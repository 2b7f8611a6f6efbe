// R4, R5 and R6: forget, detach, remove.

#include "plugins/file/fail.hpp"
#include "plugins/file/generation.hpp"
#include "plugins/file/hash.hpp"
#include "plugins/file/purge_row.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

/// How long the receipt of a detach that found nothing is kept.
constexpr std::chrono::hours kEmptyReceipt{1};

Receipt receipt_of(const PurgeRow& purge) {
  return {.purge_id = purge.entry.purge_id,
          .jobs = purge.entry.jobs,
          .bytes = purge.entry.bytes,
          .held = purge.held};
}

void drop_empty_receipts(ProjectChange& project, Time now) {
  Query(project.db(),
        "DELETE FROM purge WHERE id IN (SELECT id FROM purge WHERE project = ?1 AND jobs = 0 AND "
        "at <= ?2 LIMIT 100)",
        project.id(), now - kEmptyReceipt)
      .run();
}

void refuse_while_restoring(ProjectChange& project, const Scope& scope, Time now) {
  Query rows = purges_being_restored(project.db(), project.id());
  while (rows.step()) {
    const PurgeRow purge = read_purge(rows, project.name());
    if (!purge.restoring(now) || !purge.entry.scope.overlaps(scope)) continue;
    fail(
        ErrorCode::conflict,
        "detach: purge '{}' of an overlapping scope is being restored; try again when that is done",
        purge.entry.purge_id);
  }
}

/// The pointer move: what was in sight of the scope is the purge's now.
void detach_generations(Connection& db, std::int64_t project, const Scope& scope,
                        std::int64_t purge) {
  if (scope.level() == Scope::Level::project) {
    Query(db, "UPDATE generation SET purge = ?2 WHERE project = ?1 AND purge IS NULL AND held = 0",
          project, purge)
        .run();
    return;
  }
  Query(db,
        "UPDATE generation SET purge = ?2 WHERE project = ?1 AND purge IS NULL AND group_name = ?3 "
        "AND held = 0",
        project, purge, scope.group())
      .run();
}

/// The purge that a remove adds to; absent if it is yet to be created.
std::optional<PurgeRow> pile_to_remove_to(ProjectChange& project, const PurgeNote& note) {
  auto purge = find_purge(project.db(), project.id(), project.name(), note.purge_id);
  if (!purge || (purge->kind == PurgeRow::Kind::remove && purge->entry.state == PileState::open)) {
    return purge;
  }
  fail(ErrorCode::conflict,
       "remove: purge '{}' takes no more jobs: it is sealed or was not made by remove; use a fresh "
       "purge_id",
       note.purge_id);
}

/// Removes the jobs of one call.
class Remover {
 public:
  Remover(ProjectChange& project, const PurgeNote& note, Time now)
      : project_(project), note_(note), now_(now), purge_(pile_to_remove_to(project, note)) {}

  void remove(const JobRef& ref) {
    bool moved = false;
    bool held = false;
    const bool found =
        project_.with_job(ref.group, ref.job_id, [&](const JobRow& row, Generation& generation) {
          if (row.version() != ref.version) return;
          held = generation.held;
          if (held) return;
          moved = true;
          move(row, generation);
        });
    if (moved || in_pile(ref)) {
      ++result_.removed;
    } else if (!found) {
      ++result_.absent;
    } else {
      ++(held ? result_.held : result_.changed);
    }
  }

  RemoveResult finish() {
    if (purge_) update_purge(project_.db(), *purge_);
    return result_;
  }

 private:
  void move(const JobRow& row, Generation& from) {
    if (!purge_) {
      purge_ = create_purge(project_.db(), project_.id(), PurgeRow::Kind::remove,
                            Scope::project(project_.name()), note_, now_);
    }
    const Totals totals = totals_of(row);
    Generation& to = project_.trash_or_new(purge_->id, from.group);
    move_job(project_.db(), row.id(), to.id);
    from.subtract(totals);
    to.add(totals);
    ++purge_->entry.jobs;
    purge_->entry.bytes += totals.bytes;
    purge_->has_pile = true;
  }

  [[nodiscard]] bool in_pile(const JobRef& ref) {
    if (!purge_) return false;
    return Query(project_.db(),
                 "SELECT 1 FROM generation JOIN job ON job.generation = generation.id WHERE "
                 "generation.purge = ?1 AND group_name = ?2 AND id_hash = ?3 AND job_id = ?4 AND "
                 "version = ?5",
                 purge_->id, ref.group, hash_of(ref.job_id), ref.job_id, ref.version)
        .step();
  }

  ProjectChange& project_;
  const PurgeNote& note_;
  Time now_;
  std::optional<PurgeRow> purge_;
  RemoveResult result_;
};

}  // namespace

Forgotten FileRepository::forget(const Call& call, std::string_view project_name,
                                 std::string_view group, std::string_view job_id,
                                 std::optional<Version> if_version) {
  return write(call, Grows::no, 1, [&](Connection& db) {
    if (!find_project(db, project_name)) return Forgotten::absent;
    ProjectChange project(db, project_name);
    bool changed = false;
    const bool found =
        project.with_job(group, job_id, [&](const JobRow& row, Generation& generation) {
          changed = if_version && *if_version != row.version();
          if (changed) return;
          if (generation.held) {
            fail(ErrorCode::conflict, "forget: the job is held; release it first");
          }
          generation.subtract(totals_of(row));
          erase_job(db, row.id());
        });
    if (!found) return Forgotten::absent;
    if (changed) return Forgotten::changed;
    Query(db, "UPDATE project SET forgotten = forgotten + 1 WHERE id = ?1", project.id()).run();
    project.finish();
    return Forgotten::forgotten;
  });
}

Receipt FileRepository::detach(const Call& call, const Scope& scope, const PurgeNote& note) {
  return write(call, Grows::no, 1, [&](Connection& db) {
    ProjectChange project(db, scope.project());
    drop_empty_receipts(project, call.now);
    if (const auto known = find_purge(db, project.id(), project.name(), note.purge_id)) {
      if (known->kind == PurgeRow::Kind::detach) return receipt_of(*known);
      fail(ErrorCode::conflict, "detach: purge '{}' was not made by a detach; use a fresh purge_id",
           note.purge_id);
    }
    refuse_while_restoring(project, scope, call.now);
    PurgeRow purge = create_purge(db, project.id(), PurgeRow::Kind::detach, scope, note, call.now);
    for (const Generation& generation : live_generations(db, project.id(), scope)) {
      if (generation.held) {
        purge.held += generation.totals.jobs;
      } else {
        purge.entry.jobs += generation.totals.jobs;
        purge.entry.bytes += generation.totals.bytes;
      }
    }
    purge.has_pile = purge.entry.jobs > 0;
    update_purge(db, purge);
    detach_generations(db, project.id(), scope, purge.id);
    return receipt_of(purge);
  });
}

RemoveResult FileRepository::remove(const Call& call, std::string_view project_name,
                                    std::span<const JobRef> refs, const PurgeNote& note) {
  return write(call, Grows::no, refs.size(), [&](Connection& db) {
    if (!find_project(db, project_name)) return RemoveResult{.absent = refs.size()};
    ProjectChange project(db, project_name);
    Remover remover(project, note, call.now);
    for (const JobRef& ref : refs) remover.remove(ref);
    project.finish();
    return remover.finish();
  });
}

}  // namespace purgatory::file
