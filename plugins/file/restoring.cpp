// R7: restore.

#include <map>

#include "plugins/file/fail.hpp"
#include "plugins/file/generation.hpp"
#include "plugins/file/pile_walk.hpp"
#include "plugins/file/purge_row.hpp"
#include "plugins/file/repository.hpp"
#include "plugins/file/slice.hpp"

namespace purgatory::file {
namespace {

/// Throws not_found if the purge cannot be undone.
PurgeRow restorable(Connection& db, std::string_view project, std::string_view purge_id, Time now) {
  const std::optional<ProjectRow> found = find_project(db, project);
  std::optional<PurgeRow> purge;
  if (found) purge = find_purge(db, found->id, project, purge_id);
  if (purge && purge->has_pile && purge->entry.state != PileState::gone &&
      purge->kind != PurgeRow::Kind::eviction && purge->entry.undo_until > now) {
    return *std::move(purge);
  }
  fail(ErrorCode::not_found,
       "restore: purge '{}' cannot be undone: it is unknown, was made by caps, or its undo window "
       "is over",
       purge_id);
}

/// One transaction of a restore: a part of its pile.
class RestoreSlice {
 public:
  RestoreSlice(Connection& db, const Writer& writer, std::string_view project, Time not_before,
               std::span<const Bound> bounds, const Budget& left)
      : slice_(writer, left), project_(db, project), not_before_(not_before) {
    for (const Bound& bound : bounds) bounds_.emplace(bound.group, bound);
  }

  /// Handles jobs behind the cursor.
  RestoreResult run(PurgeRow purge, Time now, const std::optional<PileCursor>& after) {
    purge_ = purge.id;
    const auto [candidates, all] = candidates_of(after);
    result_.next = after;
    std::size_t handled = 0;
    while (handled < candidates.size() && slice_.may_go_on()) {
      const Candidate& candidate = candidates[handled++];
      handle(candidate);
      result_.next = candidate.place;
    }
    if (all && handled == candidates.size()) result_.next.reset();

    purge.entry.state = PileState::sealed;
    purge.entry.restored += result_.restored;
    purge.restoring_until = result_.next ? now + kRestoringMark : Time{};
    update_purge(project_.db(), purge);
    project_.finish();
    return result_;
  }

 private:
  struct Candidate {
    PileCursor place;
    std::int64_t id;
  };

  /// Read before anything moves, and whether they are all that is left.
  [[nodiscard]] std::pair<std::vector<Candidate>, bool> candidates_of(
      const std::optional<PileCursor>& after) const {
    std::vector<Candidate> candidates;
    const bool more = walk_pile(project_.db(), purge_, after, Slice::kMost,
                                [&](const PileCursor& place, std::int64_t id) {
                                  if (candidates.size() == Slice::kMost) return false;
                                  candidates.push_back({place, id});
                                  return true;
                                })
                          .has_value();
    return {std::move(candidates), !more};
  }

  void handle(const Candidate& candidate) {
    const std::string& group = candidate.place.group;
    Query query = job_by_id(project_.db(), candidate.id);
    query.step();
    const JobRow trashed(query, {project_.name(), group});
    Retention retention = trashed.retention();
    retention.stamp.not_before = not_before_;

    std::optional<std::int64_t> twin;
    Totals twin_totals;
    Generation* twin_in = nullptr;
    bool stale = false;
    project_.with_job(group, candidate.place.job_id,
                      [&](const JobRow& row, Generation& generation) {
                        stale = row.failed_at() >= trashed.failed_at();
                        if (stale) return;
                        twin = row.id();
                        twin_totals = totals_of(row);
                        twin_in = &generation;
                        retention.hold = row.retention().hold;
                      });
    if (stale) {
      ++result_.stale;
      return slice_.looked();
    }
    const Totals totals = totals_of(trashed);
    const bool twin_counts = twin_in != nullptr && !twin_in->held;
    if (!held(retention) && over_bound(group, totals, twin_counts ? twin_totals : Totals{})) {
      ++result_.refused;
      return slice_.looked();
    }
    if (twin) {
      erase_job(project_.db(), *twin);
      twin_in->subtract(twin_totals);
    }
    Generation& from = project_.trash_or_new(purge_, group);
    Generation& to = project_.live_or_new(group, held(retention));
    restamp_job(project_.db(), trashed, {project_.name(), group}, retention, to.id,
                project_.next_version(), Renumber::yes);
    from.subtract(totals);
    to.add(totals);
    ++result_.restored;
    result_.bytes += totals.bytes;
    slice_.did(totals.bytes);
  }

  [[nodiscard]] bool over_bound(const std::string& group, const Totals& totals,
                                const Totals& twin) {
    const auto found = bounds_.find(group);
    if (found == bounds_.end()) return false;
    const Bound& bound = found->second;
    Totals after = totals;
    if (const Generation* open = project_.live(group, false)) after += open->totals;
    after -= twin;
    return after.jobs > bound.jobs.value_or(after.jobs) ||
           after.bytes > bound.bytes.value_or(after.bytes);
  }

  Slice slice_;
  ProjectChange project_;
  Time not_before_;
  std::map<std::string_view, Bound> bounds_;
  std::int64_t purge_ = 0;
  RestoreResult result_;
};

}  // namespace

RestoreResult FileRepository::restore(const Call& call, std::string_view project,
                                      std::string_view purge_id, Time not_before,
                                      std::span<const Bound> bounds, const Budget& budget,
                                      const std::optional<PileCursor>& after) {
  RestoreResult sum;
  sum.next = after;
  const auto end = end_of(call, budget);
  bool some = false;  // slices are done
  do {
    const Budget left{
        .jobs = budget.jobs - sum.restored, .bytes = budget.bytes - sum.bytes, .time = budget.time};
    RestoreResult slice;
    try {
      slice = write(call, Grows::no, Slice::kMost, [&](Connection& db) {
        PurgeRow purge = restorable(db, project, purge_id, call.now);
        return RestoreSlice(db, files_->writer, project, not_before, bounds, left)
            .run(std::move(purge), call.now, sum.next);
      });
    } catch (const Error& error) {
      if (!some || error.code() != ErrorCode::timeout) throw;
      return sum;
    }
    some = true;
    sum.restored += slice.restored;
    sum.bytes += slice.bytes;
    sum.stale += slice.stale;
    sum.refused += slice.refused;
    sum.next = std::move(slice.next);
  } while (sum.next && sum.restored < budget.jobs && sum.bytes < budget.bytes &&
           std::chrono::steady_clock::now() < end);
  return sum;
}

}  // namespace purgatory::file
