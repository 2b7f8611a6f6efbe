// resolve, hold and release: what changes how long a job stays.

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"
#include "core/host/observe.hpp"
#include "core/repository/arguments.hpp"
#include "core/retention/stamping.hpp"

namespace purgatory {
namespace {

constexpr int kMostTries = 100;

/// Changes a job's retention. `change(stored, retention)` returns false if there is nothing to be
/// changed, and is asked again whenever somebody else writes the job meanwhile. False: it is as it
/// was.
template <typename Change>
bool update(FailedJobs& jobs, std::string_view project, std::string_view group,
            std::string_view job_id, Change change) {
  for (int i = 0; i < kMostTries; ++i) {
    const auto stored = jobs.find(project, group, job_id);
    if (!stored) return false;
    Retention retention = stored->retention;
    if (!change(*stored, retention)) return false;
    const Restamp restamp{ref_of(*stored), std::move(retention)};
    const RestampResult result =
        jobs.repository().restamp(jobs.begin_call(), project, {&restamp, 1});
    if (result.done > 0) return true;
    if (result.absent > 0) return false;
  }
  throw Error(ErrorCode::conflict,
              fmt::format("job '{}' is written all the time; try again later", job_id));
}

/// Marks failures that were seen as resolved now; those that failed again since are others.
class Resolution {
 public:
  Resolution(FailedJobs& jobs, const Store& store, const retention::CompiledPolicy& policy,
             std::string_view project)
      : jobs_(jobs),
        store_(store),
        policy_(policy),
        project_(project),
        now_(jobs.begin_call().now) {}

  /// Returns whether it is marked now, and was not.
  bool mark(std::string_view group, std::string_view job_id) {
    std::optional<Time> failed_at;
    return update(jobs_, project_, group, job_id,
                  [&](const StoredJob& stored, Retention& retention) {
                    if (!failed_at) failed_at = stored.job.failed_at;
                    return stored.job.failed_at == *failed_at && resolve(retention);
                  });
  }

  /// Returns how many.
  std::uint64_t mark(const std::vector<StoredJob>& jobs) {
    std::vector<Restamp> changes;
    for (const StoredJob& stored : jobs) {
      Retention retention = stored.retention;
      if (resolve(retention)) changes.push_back({ref_of(stored), std::move(retention)});
    }
    return retention::restamp(store_, project_, changes).done;
  }

 private:
  bool resolve(Retention& retention) const {
    if (retention.resolved_at) return false;
    retention.resolved_at = now_;
    policy_.resolve(retention.stamp, now_);
    return true;
  }

  FailedJobs& jobs_;
  const Store& store_;
  const retention::CompiledPolicy& policy_;
  const std::string_view project_;
  const Time now_;
};

}  // namespace

std::uint64_t FailedJobs::resolve(std::string_view project, std::string_view group,
                                  std::string_view job_id) {
  return or_exhausted([&]() -> std::uint64_t {
    const auto policy = state_->policy();
    return Resolution(*this, state_->store, *policy, project).mark(group, job_id) ? 1 : 0;
  });
}

std::uint64_t FailedJobs::resolve_resource(std::string_view project,
                                           std::optional<std::string_view> group,
                                           std::string_view resource_id) {
  return or_exhausted([&] {
    const auto policy = state_->policy();
    Resolution resolution(*this, state_->store, *policy, project);
    const auto found =
        repository().with_resource(begin_call(), project, group, resource_id, kMaxJobsPerCall);
    std::uint64_t marked = resolution.mark(found);
    if (found.size() < kMaxJobsPerCall) return marked;
    // The index gives no second page.
    Filter filter;
    filter.resource_id = resource_id;
    filter.resolved = false;
    const Scope scope = group ? Scope::group(std::string(project), std::string(*group))
                              : Scope::project(std::string(project));
    std::optional<ListCursor> after;
    do {
      auto page = list({scope, filter}, after, kMaxJobsPerCall);
      marked += resolution.mark(page.items);
      after = std::move(page.next);
    } while (after);
    return marked;
  });
}

bool FailedJobs::hold(std::string_view project, std::string_view group, std::string_view job_id,
                      const Hold& hold) {
  return or_exhausted([&] {
    arguments::check_actor(hold.actor);
    const Time now = begin_call().now;
    if (hold.until && *hold.until <= now) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("hold: until: {} is not in the future, it is {}",
                              format_time(*hold.until), format_time(now)));
    }
    const bool held = update(*this, project, group, job_id, [&](const StoredJob&, Retention& to) {
      to.hold = hold;
      return true;
    });
    if (held) {
      log(state_->host, LogEvent::Level::info, "job_held",
          {{"project", project},
           {"group", group},
           {"job_id", job_id},
           {"actor", hold.actor},
           {"reason", hold.reason}});
    }
    return held;
  });
}

bool FailedJobs::release(std::string_view project, std::string_view group, std::string_view job_id,
                         const Actor& actor) {
  return or_exhausted([&] {
    arguments::check_actor(actor.name);
    std::string reason;
    const bool released =
        update(*this, project, group, job_id, [&](const StoredJob& stored, Retention& retention) {
          if (!retention.hold && !retention.stamp.rule_hold.empty()) {
            throw Error(
                ErrorCode::conflict,
                fmt::format("release: rule '{}' holds job '{}' (\"{}\"): that ends by the "
                            "policy alone",
                            stored.retention.stamp.rule, job_id, stored.retention.stamp.rule_hold));
          }
          if (!retention.hold) return false;
          reason = std::exchange(retention.hold, std::nullopt)->reason;
          return true;
        });
    if (released) {
      log(state_->host, LogEvent::Level::info, "job_released",
          {{"project", project},
           {"group", group},
           {"job_id", job_id},
           {"actor", actor.name},
           {"reason", reason}});
    }
    return released;
  });
}

}  // namespace purgatory
