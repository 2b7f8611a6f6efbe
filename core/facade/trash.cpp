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

/// The groups of a purge's jobs. A page of trash behind the last thing a group could have is the
/// next group's first.
std::vector<std::string> groups_of(const FailedJobs& jobs, std::string_view project,
                                   std::string_view purge_id) {
  std::vector<std::string> groups;
  std::optional<PileCursor> after;
  do {
    const auto page = jobs.trash(project, purge_id, after);
    for (const StoredJob& stored : page.items) {
      if (groups.empty() || groups.back() != stored.job.group) groups.push_back(stored.job.group);
    }
    after = page.next;
    if (after && !groups.empty()) {
      after = PileCursor{.group = groups.back(), .failed_at = {}, .job_id = {}, .version = 0};
    }
  } while (after);
  return groups;
}

/// A restore of one purge in one project after the other.
class Restoration {
 public:
  Restoration(const FailedJobs& jobs, const retention::CompiledPolicy& policy,
              std::string_view purge_id, std::chrono::milliseconds undo_window)
      : jobs_(jobs), policy_(policy), purge_id_(purge_id), undo_window_(undo_window) {}

  /// What a step did is in the result also if a later one fails. `tell(jobs)` returns false to
  /// stop.
  template <typename Tell>
  void restore(std::string_view project, Tell tell) {
    result.next.reset();
    std::vector<std::string> groups;
    if (policy_.has_caps()) groups = groups_of(jobs_, project, purge_id_);
    std::vector<Bound> bounds;
    for (const std::string& group : groups) {
      if (const auto bound = policy_.bound(project, group)) bounds.push_back(*bound);
    }
    do {
      const Call call = jobs_.begin_call();
      add(result, jobs_.repository().restore(call, project, purge_id_, call.now + undo_window_,
                                             bounds, {}, result.next));
    } while (tell(result.restored) && result.next);
  }

  RestoreResult result;

 private:
  const FailedJobs& jobs_;
  const retention::CompiledPolicy& policy_;
  const std::string_view purge_id_;
  const std::chrono::milliseconds undo_window_;
};

}  // namespace

RestoreResult FailedJobs::restore(std::string_view project, std::string_view purge_id,
                                  const Progress& progress) {
  return or_exhausted([&] {
    const auto policy = state_->policy();
    Restoration restoration(*this, *policy, purge_id, state_->undo_window);
    restoration.restore(project, [&](std::uint64_t jobs) { return goes_on(progress, jobs); });
    return restoration.result;
  });
}

RestoreResult FailedJobs::restore(std::string_view purge_id, const Progress& progress) {
  return or_exhausted([&] {
    const auto policy = state_->policy();
    Restoration restoration(*this, *policy, purge_id, state_->undo_window);
    RestoreResult& sum = restoration.result;
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
        restoration.restore(project, tell);
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
  return or_exhausted([&] {
    ReclaimResult freed = repository().reclaim(begin_call(), project, budget);
    if (freed.more) return freed;
    try {
      freed.more = state_->archiver.step(project).more;
    } catch (const Error&) {
      if (freed.jobs == 0) throw;
      freed.more = true;  // the next call says it
    }
    return freed;
  });
}

}  // namespace purgatory
