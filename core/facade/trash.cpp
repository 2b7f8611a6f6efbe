// What lies in trash: restore, trash, expire, reclaim.

#include <fmt/format.h>

#include <utility>

#include "core/facade/state.hpp"
#include "purgatory/error.hpp"

namespace purgatory {
namespace {

void add(RestoreResult& sum, RestoreResult part) {
  sum.restored += part.restored;
  sum.bytes += part.bytes;
  sum.stale += part.stale;
  sum.refused += part.refused;
  sum.next = std::move(part.next);
}

}  // namespace

RestoreResult FailedJobs::restore(std::string_view project, std::string_view purge_id,
                                  const Progress& progress) {
  RestoreResult sum;
  do {
    const Call call = begin_call();
    add(sum, repository().restore(call, project, purge_id, call.now + state_->undo_window, {},
                                  Budget{}, sum.next));
  } while (sum.next && goes_on(progress, sum.restored));
  return sum;
}

RestoreResult FailedJobs::restore(std::string_view purge_id, const Progress& progress) {
  RestoreResult sum;
  bool found = false;
  for (const std::string& project : projects()) {
    try {
      add(sum, restore(project, purge_id,
                       [&](std::uint64_t jobs) { return goes_on(progress, sum.restored + jobs); }));
      found = true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
    }
    if (sum.next) return sum;
  }
  if (found) return sum;
  throw Error(ErrorCode::not_found,
              fmt::format("restore: no project has a purge '{}' that can be undone; the journal "
                          "says what became of it",
                          purge_id));
}

std::vector<Pile> FailedJobs::trash(std::string_view project) const {
  std::vector<Pile> piles;
  walk<std::string>(
      [&](const auto& after) { return repository().piles(begin_call(), project, after); },
      [&](Pile& pile) {
        piles.push_back(std::move(pile));
        return true;
      });
  return piles;
}

Page<StoredJob, PileCursor> FailedJobs::trash(std::string_view project, std::string_view purge_id,
                                              const std::optional<PileCursor>& after) const {
  return repository().trash(begin_call(), project, purge_id, after);
}

void FailedJobs::expire(std::string_view project, std::string_view purge_id) {
  repository().expire(begin_call(), project, purge_id);
}

ReclaimResult FailedJobs::reclaim(std::string_view project, const Budget& budget) {
  return repository().reclaim(begin_call(), project, budget);
}

}  // namespace purgatory
