// purge, in its four forms.

#include <utility>

#include "core/facade/removal.hpp"
#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"
#include "core/repository/arguments.hpp"
#include "core/retention/cause.hpp"
#include "core/retention/planner.hpp"

namespace purgatory {
namespace {}  // namespace

PurgeNote FailedJobs::State::note(Time now, const Actor& actor, const PurgeOptions& options,
                                  std::string_view reason) const {
  const std::chrono::milliseconds window = options.undo_window.value_or(undo_window);
  arguments::check_actor(actor.name);
  arguments::check_undo_window(window);
  PurgeNote note{.purge_id = options.purge_id.empty() ? new_purge_id(host, now) : options.purge_id,
                 .actor = actor.name,
                 .reason = options.reason.empty() ? std::string(reason) : options.reason,
                 .rule = {},
                 .undo_until = now + window};
  arguments::check_note(note, limits);
  return note;
}

Receipt FailedJobs::purge(const Scope& scope, const Actor& actor, const PurgeOptions& options) {
  return or_exhausted([&] {
    const Call call = begin_call();
    Receipt receipt =
        repository().detach(call, scope, state_->note(call.now, actor, options, retention::kScope));
    retention::observe_purge(state_->host, receipt.jobs, {.reason = retention::kScope});
    (void)goes_on(options.progress, receipt.jobs);
    return receipt;
  });
}

Receipt FailedJobs::purge(const Selection& selection, const Actor& actor,
                          const PurgeOptions& options) {
  if (selection.filter.empty()) return purge(selection.scope, actor, options);
  return or_exhausted([&] {
    const std::string& project = selection.scope.project();
    const Time now = begin_call().now;
    Removal removal(*this, state_->store, project,
                    state_->note(now, actor, options, retention::kSelection), now, options);
    retention::judge_all(
        state_->store, selection.scope, partitions(project).watermark,
        retention::Predicate(selection.filter),
        [&](std::span<const retention::Judged> page) { return removal.remove(page); });
    return removal.receipt();
  });
}

Receipt FailedJobs::purge(std::string_view project, std::span<const JobRef> jobs,
                          const Actor& actor, const PurgeOptions& options) {
  return or_exhausted([&] {
    const Time now = begin_call().now;
    Removal removal(*this, state_->store, project,
                    state_->note(now, actor, options, retention::kSelection), now, options);
    (void)removal.remove(jobs, {.reason = retention::kSelection});
    return removal.receipt();
  });
}

Receipt FailedJobs::purge(const Everything& everything, const Actor& actor,
                          const PurgeOptions& options) {
  return or_exhausted([&] {
    PurgeOptions each = options;
    each.purge_id = state_->note(begin_call().now, actor, options, {}).purge_id;
    Receipt sum;
    sum.purge_id = each.purge_id;
    bool stopped = false;
    each.progress = [&](std::uint64_t jobs) {
      stopped = !goes_on(options.progress, sum.jobs + jobs);
      return !stopped;
    };
    for (std::string& project : projects()) {
      add(sum,
          purge(Selection{Scope::project(std::move(project)), everything.filter}, actor, each));
      if (stopped) break;
    }
    return sum;
  });
}

}  // namespace purgatory
