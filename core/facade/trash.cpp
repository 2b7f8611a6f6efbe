// What lies in trash: restore, trash, expire, reclaim.

#include <fmt/format.h>

#include <utility>

#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"

namespace purgatory {
namespace {

void add(RestoreResult& sum, RestoreResult part) {
  sum.restored += part.restored;
  sum.bytes += part.bytes;
  sum.stale += part.stale;
  sum.refused += part.refused;
  sum.next = std::move(part.next);
}

/// Restores in one project. What a step did is in `sum` also if a later one fails.
template <typename Tell>
void restore_into(RestoreResult& sum, const FailedJobs& jobs, std::string_view project,
                  std::string_view purge_id, std::chrono::milliseconds undo_window, Tell tell) {
  sum.next.reset();
  do {
    const Call call = jobs.begin_call();
    add(sum, jobs.repository().restore(call, project, purge_id, call.now + undo_window, {}, {},
                                       sum.next));
  } while (tell(sum.restored) && sum.next);
}

}  // namespace

RestoreResult FailedJobs::restore(std::string_view project, std::string_view purge_id,
                                  const Progress& progress) {
  return or_exhausted([&] {
    RestoreResult sum;
    restore_into(sum, *this, project, purge_id, state_->undo_window,
                 [&](std::uint64_t jobs) { return goes_on(progress, jobs); });
    return sum;
  });
}

RestoreResult FailedJobs::restore(std::string_view purge_id, const Progress& progress) {
  return or_exhausted([&] {
    RestoreResult sum;
    bool found = false;
    bool stopped = false;
    const auto tell = [&](std::uint64_t jobs) {
      found = true;
      stopped = !goes_on(progress, jobs);
      return !stopped;
    };
    for (const std::string& project : projects()) {
      if (stopped) {
        if (!sum.next) sum.next.emplace();  // this project was not asked
        return sum;
      }
      try {
        restore_into(sum, *this, project, purge_id, state_->undo_window, tell);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
        sum.next.reset();
      }
    }
    if (found) return sum;
    throw Error(ErrorCode::not_found,
                fmt::format("restore: no project has a purge '{}' that can be undone; the journal "
                            "says what became of it",
                            purge_id));
  });
}

std::vector<Pile> FailedJobs::trash(std::string_view project) const {
  return or_exhausted([&] {
    std::vector<Pile> piles;
    walk<std::string>(
        [&](const auto& after) { return repository().piles(begin_call(), project, after); },
        [&](Pile& pile) {
          piles.push_back(std::move(pile));
          return true;
        });
    return piles;
  });
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
