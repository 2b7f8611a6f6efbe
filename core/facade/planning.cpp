// plan and apply.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/facade/removal.hpp"
#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"
#include "core/retention/activation.hpp"
#include "core/retention/planner.hpp"
#include "core/retention/restamping.hpp"

namespace purgatory {
namespace {

constexpr std::string_view kReason = "plan";

/// Throws conflict unless the plan's policy is the one that is active.
ActivePolicy require_active(const Store& store, const Plan& plan) {
  auto active = retention::active_policy(store);
  if (active && active->hash == plan.policy) return *std::move(active);
  throw Error(ErrorCode::conflict,
              fmt::format("the plan is of policy {}, and {}: plan again", plan.policy,
                          active ? fmt::format("{} is active, since {}, by {}", active->hash,
                                               format_time(active->activated_at), active->actor)
                                 : "none is active (purgatory policy activate)"));
}

/// Throws invalid_argument if it is no plan to be applied.
void check_plan(const Plan& plan, Time now) {
  if (!plan.complete) {
    throw Error(ErrorCode::invalid_argument,
                "the plan was stopped before all was looked at: plan again");
  }
  if (plan.cutoff > now) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the plan is of {}, and it is {}: what is due by then is not due yet",
                            format_time(plan.cutoff), format_time(now)));
  }
  if (!plan.policy.empty() && !plan.filter.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "plan: filter: a policy's plan has none; plan a selection instead");
  }
  for (const auto& [project, version] : plan.watermarks) {
    if (!plan.scope || plan.scope->project() == project) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("plan: watermarks: project '{}' is not the one of its scope, '{}'",
                            project, plan.scope->project()));
  }
}

void check_policy(const Store& store, const Plan& plan, const retention::CompiledPolicy& policy,
                  bool override_guard) {
  if (plan.policy != policy.hash()) {
    throw Error(ErrorCode::conflict,
                fmt::format("the plan is of policy {}, and the configuration's is {}: plan again",
                            plan.policy, policy.hash()));
  }
  const ActivePolicy active = require_active(store, plan);
  if (plan.guard.empty() || active.guard_overridden || override_guard) return;
  throw Error(ErrorCode::guard,
              fmt::format("{}; or for this once: purgatory apply --override-guard, or "
                          "ApplyOptions::override_guard",
                          plan.guard));
}

}  // namespace

Plan FailedJobs::plan(const Progress& progress) const {
  return or_exhausted([&] {
    const auto policy = state_->policy();
    const Time cutoff = begin_call().now;
    retention::Planner planner(state_->store, progress);
    bool complete = true;
    for (const std::string& project : projects()) {
      complete = planner.add(*policy, state_->guard, project, cutoff);
      if (!complete) break;
    }
    Plan plan = planner.finish(*policy, state_->guard, cutoff);
    plan.complete = complete;
    // What is stamped by it already is no change of the policy.
    const auto active = active_policy();
    const bool overridden = active && active->hash == plan.policy && active->guard_overridden;
    if (overridden || retention::Restamping::finished(state_->store, *policy)) plan.guard.clear();
    return plan;
  });
}

Plan FailedJobs::plan(const Selection& selection, const Progress& progress) const {
  return or_exhausted([&] {
    const Time cutoff = begin_call().now;
    retention::Planner planner(state_->store, progress);
    const bool complete = planner.add(selection.scope, selection.filter);
    Plan plan = planner.finish(cutoff);
    plan.complete = complete;
    plan.scope = selection.scope;
    plan.filter = selection.filter;
    return plan;
  });
}

Plan FailedJobs::plan(const Everything& everything, const Progress& progress) const {
  return or_exhausted([&] {
    const Time cutoff = begin_call().now;
    retention::Planner planner(state_->store, progress);
    bool complete = true;
    for (std::string& project : projects()) {
      complete = planner.add(Scope::project(std::move(project)), everything.filter);
      if (!complete) break;
    }
    Plan plan = planner.finish(cutoff);
    plan.complete = complete;
    plan.filter = everything.filter;
    return plan;
  });
}

ApplyResult FailedJobs::apply(const Plan& plan, const Actor& actor, const ApplyOptions& options) {
  return or_exhausted([&] {
    const auto policy = state_->policy();
    const Time now = begin_call().now;
    check_plan(plan, now);
    const bool by_policy = !plan.policy.empty();
    if (by_policy) check_policy(state_->store, plan, *policy, options.override_guard);
    const auto predicate =
        by_policy ? retention::Predicate(*policy, plan.cutoff) : retention::Predicate(plan.filter);
    const PurgeNote note = state_->note(now, actor, options.purge, kReason);
    ApplyResult result;
    result.receipt.purge_id = note.purge_id;
    PurgeOptions each = options.purge;
    bool stopped = false;
    each.progress = [&](std::uint64_t jobs) {
      stopped = !goes_on(options.purge.progress, result.receipt.jobs + jobs);
      return !stopped;
    };
    try {
      for (const auto& [project, version] : plan.watermarks) {
        if (stopped) break;
        Removal removal(*this, state_->store, project, note, now, each);
        retention::judge_all(state_->store, plan.scope.value_or(Scope::project(project)), version,
                             predicate, [&](std::span<const retention::Judged> page) {
                               if (by_policy) (void)require_active(state_->store, plan);
                               return removal.remove(page);
                             });
        add(result.receipt, removal.receipt());
      }
    } catch (const Error& error) {
      throw Error(
          error.code(),
          fmt::format("apply: {}; what went before is purge '{}'", error.what(), note.purge_id),
          error.backend());
    }
    if (!stopped) result.changed = plan.jobs - std::min(plan.jobs, result.receipt.jobs);
    return result;
  });
}

}  // namespace purgatory
