// R8: piles, trash, seal, archived, expire, reclaim.

#include <algorithm>

#include "plugins/file/fail.hpp"
#include "plugins/file/generation.hpp"
#include "plugins/file/pile_walk.hpp"
#include "plugins/file/purge_row.hpp"
#include "plugins/file/repository.hpp"
#include "plugins/file/slice.hpp"

namespace purgatory::file {
namespace {

constexpr std::int64_t kGenerationsPerSlice = 64;

/// A pile to free: one that is being freed, or the one whose window ended first.
std::optional<PurgeRow> next_pile(Connection& db, const ProjectRow& project, std::string_view name,
                                  Time now) {
  if (Query rows = purges_being_freed(db, project.id); rows.step()) return read_purge(rows, name);
  Query rows = purges_past_undo(db, project.id, now);
  while (rows.step()) {
    PurgeRow purge = read_purge(rows, name);
    if (!purge.restoring(now) && !waiting(purge, pile_totals(db, purge.id))) return purge;
  }
  return std::nullopt;
}

/// One transaction of a reclaim: a part of one pile.
class ReclaimSlice {
 public:
  ReclaimSlice(Connection& db, const Writer& writer, std::string_view project, Time now,
               const Budget& left)
      : db_(db), slice_(writer, left), project_(project), now_(now) {}

  /// Frees jobs. Absent: there was nothing to free.
  std::optional<ReclaimResult> run() {
    const auto found = find_project(db_, project_);
    std::optional<PurgeRow> purge;
    if (found) purge = next_pile(db_, *found, project_, now_);
    if (!purge) return std::nullopt;
    ProjectChange project(db_, project_);
    purge->entry.state = PileState::gone;
    purge->has_pile = free_jobs(project, purge->id);
    update_purge(db_, *purge);
    project.finish();
    return result_;
  }

 private:
  /// False: the pile is empty.
  bool free_jobs(ProjectChange& project, std::int64_t purge) {
    std::int64_t emptied = 0;
    for (const Generation& known : trash_generations(db_, purge, {}, kGenerationsPerSlice)) {
      Generation& generation = project.trash_or_new(purge, known.group);
      const auto oldest = oldest_of(generation.id);
      // Counters that were damaged must not keep an empty generation for ever.
      if (oldest.empty()) generation.subtract(generation.totals);
      for (const auto& [id, totals] : oldest) {
        if (!slice_.may_go_on()) return true;
        erase_job(db_, id);
        generation.subtract(totals);
        slice_.did(totals.bytes);
        ++result_.jobs;
        result_.bytes += totals.bytes;
      }
      if (generation.totals.jobs > 0) return true;
      if (++emptied == kGenerationsPerSlice) return true;
    }
    return false;
  }

  std::vector<std::pair<std::int64_t, Totals>> oldest_of(std::int64_t generation) {
    Query rows(db_,
               "SELECT id, bytes, archive <> '' FROM job WHERE generation = ?1 ORDER BY failed_at, "
               "job_id LIMIT ?2",
               generation, Slice::kMost);
    std::vector<std::pair<std::int64_t, Totals>> oldest;
    while (rows.step()) {
      oldest.emplace_back(
          rows.integer(0),
          Totals{.jobs = 1, .bytes = rows.number(1), .archive_jobs = rows.number(2)});
    }
    return oldest;
  }

  Connection& db_;
  Slice slice_;
  std::string_view project_;
  Time now_;
  ReclaimResult result_;
};

}  // namespace

Page<Pile, std::string> FileRepository::piles(const Call& call, std::string_view project,
                                              const std::optional<std::string>& after) {
  return read(call, [&](Connection& db) {
    Page<Pile, std::string> page;
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    if (!found) return page;
    Query rows =
        purges_with_pile(db, found->id, after ? std::string_view(*after) : std::string_view());
    std::string last;
    for (std::int64_t looked_at = 0; rows.step(); ++looked_at) {
      if (looked_at == kPageItems) {
        page.next = last;
        break;
      }
      const PurgeRow purge = read_purge(rows, project);
      last = purge.entry.purge_id;
      if (purge.entry.state == PileState::gone) continue;
      const Totals totals = pile_totals(db, purge.id);
      page.items.push_back({.purge_id = last,
                            .state = purge.state(call.now),
                            .jobs = totals.jobs,
                            .bytes = totals.bytes,
                            .undo_until = purge.entry.undo_until,
                            .waiting = waiting(purge, totals)});
    }
    return page;
  });
}

Page<StoredJob, PileCursor> FileRepository::trash(const Call& call, std::string_view project,
                                                  std::string_view purge_id,
                                                  const std::optional<PileCursor>& after) {
  return read(call, [&](Connection& db) {
    Page<StoredJob, PileCursor> page;
    const Snapshot snapshot(db);
    const PurgeRow purge = find_pile(db, project, purge_id, "trash");
    std::uint64_t bytes = 0;
    page.next =
        walk_pile(db, purge.id, after, kPageItems, [&](const PileCursor& at, std::int64_t id) {
          Query query = job_by_id(db, id);
          query.step();
          const JobRow row(query, {project, at.group});
          const bool full = page.items.size() == static_cast<std::size_t>(kPageItems) ||
                            (!page.items.empty() && bytes + row.bytes() > kMaxBytesPerCall);
          const bool late =
              !page.items.empty() && std::chrono::steady_clock::now() >= call.deadline;
          if (full || late) return false;
          bytes += row.bytes();
          page.items.push_back(read_whole(db, row));
          return true;
        });
    return page;
  });
}

void FileRepository::seal(const Call& call, std::string_view project, std::string_view purge_id) {
  write(call, Grows::no, 1, [&](Connection& db) {
    PurgeRow purge = find_pile(db, project, purge_id, "seal");
    purge.entry.state = PileState::sealed;
    update_purge(db, purge);
  });
}

void FileRepository::mark_archived(const Call& call, std::string_view project,
                                   std::string_view purge_id) {
  write(call, Grows::no, 1, [&](Connection& db) {
    PurgeRow purge = find_pile(db, project, purge_id, "mark_archived");
    if (purge.entry.state == PileState::open) {
      fail(ErrorCode::conflict,
           "mark_archived: purge '{}' is open, so more may join it; seal it before it is archived",
           purge_id);
    }
    purge.archived = true;
    update_purge(db, purge);
  });
}

void FileRepository::expire(const Call& call, std::string_view project, std::string_view purge_id) {
  write(call, Grows::no, 1, [&](Connection& db) {
    PurgeRow purge = find_pile(db, project, purge_id, "expire");
    purge.entry.state = PileState::sealed;
    purge.entry.undo_until = std::min(purge.entry.undo_until, call.now);
    update_purge(db, purge);
  });
}

bool FileRepository::may_reclaim(const Call& call, std::string_view project) {
  return read(call, [&](Connection& db) {
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    return found && next_pile(db, *found, project, call.now).has_value();
  });
}

ReclaimResult FileRepository::reclaim(const Call& call, std::string_view project,
                                      const Budget& budget) {
  ReclaimResult result;
  const auto end = end_of(call, budget);
  result.more = may_reclaim(call, project);
  while (result.more) {
    const Budget left{.jobs = budget.jobs - result.jobs,
                      .bytes = budget.bytes - result.bytes,
                      .time = budget.time};
    std::optional<ReclaimResult> freed;
    files_->checkpointer.wait(end);
    try {
      freed = write(call, Grows::no, Slice::kMost, [&](Connection& db) {
        return ReclaimSlice(db, files_->writer, project, call.now, left).run();
      });
    } catch (const Error& error) {
      if (result.jobs == 0 || error.code() != ErrorCode::timeout) throw;
      return result;
    }
    result.more = freed.has_value();
    if (!freed) break;
    result.jobs += freed->jobs;
    result.bytes += freed->bytes;
    if (result.jobs >= budget.jobs || result.bytes >= budget.bytes ||
        std::chrono::steady_clock::now() >= end) {
      return result;
    }
  }
  result.more = give_pages_back(call, end, FreePages::keep_some);
  return result;
}

}  // namespace purgatory::file
