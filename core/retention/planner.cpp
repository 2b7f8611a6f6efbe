#include "core/retention/planner.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "core/retention/impact.hpp"
#include "core/retention/stamping.hpp"
#include "purgatory/limits.hpp"

namespace purgatory::retention {
namespace {

constexpr std::size_t kSamples = 5;

PlannedPurge::Sample sample_of(const FailedJob& job) {
  return {
      .project = job.project, .group = job.group, .job_id = job.job_id, .failed_at = job.failed_at};
}

void add(PlannedPurge& purge, const StoredJob& stored) {
  const FailedJob& job = stored.job;
  purge.oldest = purge.jobs == 0 ? job.failed_at : std::min(purge.oldest, job.failed_at);
  purge.newest = purge.jobs == 0 ? job.failed_at : std::max(purge.newest, job.failed_at);
  ++purge.jobs;
  purge.bytes += stored.bytes;
  if (purge.samples.size() < kSamples) purge.samples.push_back(sample_of(job));
}

void add(Occupied& occupied, const StoredJob& stored) {
  ++occupied.jobs;
  occupied.bytes += stored.bytes;
}

/// Where a rule stands in the policy; what no rule asks for comes last.
std::size_t place_of(const Policy& policy, const std::string& rule) {
  return static_cast<std::size_t>(
      std::distance(policy.rules.begin(), std::ranges::find(policy.rules, rule, &Rule::name)));
}

}  // namespace

Verdict Predicate::judge(const StoredJob& stored) const {
  using Kind = Verdict::Kind;
  if (policy_ == nullptr) {
    return {.kind = held(stored.retention) ? Kind::held : Kind::goes,
            .cause = {.reason = filter_.empty() ? kScope : kSelection},
            .stamp = stored.retention.stamp};
  }
  const bool is_held = stored.retention.hold.has_value();
  Retention wanted{.stamp = policy_->stamp(stored),
                   .hold = std::nullopt,
                   .resolved_at = stored.retention.resolved_at};
  const auto reason = policy_->reason_to_go(wanted, cutoff_);
  const Kind kind = !reason ? Kind::stays : (is_held ? Kind::held : Kind::goes);
  return {.kind = kind,
          .cause = {.reason = reason.value_or(std::string_view()), .rule = wanted.stamp.rule},
          .stamp = std::move(wanted.stamp)};
}

void judge_all(const Store& store, const Scope& scope, Version watermark,
               const Predicate& predicate, const VisitJudged& visit) {
  std::optional<ListCursor> after;
  bool more = true;
  while (more) {
    auto page = store.repository.list(store.begin_call(), {scope, predicate.filter()}, after,
                                      kMaxJobsPerCall);
    std::vector<Judged> judged;
    judged.reserve(page.items.size());
    for (StoredJob& stored : page.items) {
      if (stored.version > watermark) continue;  // it came, or changed, since
      Verdict verdict = predicate.judge(stored);
      judged.push_back({std::move(stored), std::move(verdict)});
    }
    after = std::move(page.next);
    more = visit(judged) && after;
  }
}

bool Planner::add(const CompiledPolicy& policy, const GuardSettings& guard,
                  const std::string& project, Time cutoff) {
  const auto counted = store_.repository.partitions(store_.begin_call(), project);
  plan_.watermarks.push_back({project, counted.watermark});
  // What caps count once the policy holds what it holds: before rules take theirs, and after.
  struct Group {
    Occupied before;
    Occupied after;
  };
  std::map<std::string, Group, std::less<>> groups;
  AtOnce at_once;
  const auto count = [&](const Judged& judged) {
    const auto& [stored, verdict] = judged;
    at_once.add(change_of(stored, verdict.stamp, cutoff));
    const bool stays = verdict.kind == Verdict::Kind::stays;
    if (stays && verdict.stamp.rule.empty()) ++plan_.unmatched;
    if (stored.retention.hold || !verdict.stamp.rule_hold.empty()) return;
    Group& group = groups[stored.job.group];
    retention::add(group.before, stored);
    if (stays) retention::add(group.after, stored);
  };
  const bool all = walk(Scope::project(project), counted.watermark, {policy, cutoff}, count);
  Impact impact{.project = project, .jobs = at_once.due};
  for (const PartitionInfo& partition : counted.partitions) impact.of += partition.jobs;
  for (auto& [name, group] : groups) {
    group.before.group = group.after.group = name;
    impact.jobs += over_cap(policy, project, group.before);
    plan_.over_caps += over_cap(policy, project, group.after);
  }
  impact.jobs = std::min(impact.jobs, impact.of);
  at_once_ += impact.jobs;
  if (plan_.guard.empty() && exceeds(guard, impact)) plan_.guard = text_of(guard, impact);
  return all;
}

bool Planner::add(const Scope& scope, const Filter& filter) {
  const auto counted = store_.repository.partitions(store_.begin_call(), scope.project());
  plan_.watermarks.push_back({scope.project(), counted.watermark});
  if (!filter.empty()) {
    return walk(scope, counted.watermark, Predicate(filter), [](const Judged&) {});
  }
  add_scope(scope, counted);
  return count_seen(purges_[{.reason = kScope}].jobs);
}

void Planner::add_scope(const Scope& scope, const Partitions& counted) {
  PlannedPurge& purge = purges_[{.reason = kScope}];
  for (const PartitionInfo& partition : counted.partitions) {
    plan_.held += scope.covers(partition.group) ? partition.held : 0;
    const std::uint64_t jobs = partition.jobs - partition.held;
    if (!scope.covers(partition.group) || jobs == 0) continue;
    purge.oldest = purge.jobs == 0 ? partition.oldest : std::min(purge.oldest, partition.oldest);
    purge.newest = purge.jobs == 0 ? partition.newest : std::max(purge.newest, partition.newest);
    purge.jobs += jobs;
    purge.bytes += partition.bytes - partition.held_bytes;
  }
  const auto page =
      store_.repository.list(store_.begin_call(), {scope, {}}, std::nullopt, kMaxJobsPerCall);
  for (const StoredJob& stored : page.items) {
    if (purge.samples.size() == kSamples) break;
    if (!held(stored.retention)) purge.samples.push_back(sample_of(stored.job));
  }
}

bool Planner::walk(const Scope& scope, Version watermark, const Predicate& predicate,
                   const std::function<void(const Judged&)>& also) {
  bool goes_on = true;
  judge_all(store_, scope, watermark, predicate, [&](std::span<const Judged> page) {
    for (const Judged& judged : page) {
      if (judged.verdict.kind == Verdict::Kind::held) ++plan_.held;
      if (judged.verdict.kind == Verdict::Kind::goes) {
        retention::add(purges_[judged.verdict.cause], judged.stored);
      }
      also(judged);
    }
    goes_on = count_seen(page.size());
    return goes_on;
  });
  return goes_on;
}

bool Planner::count_seen(std::uint64_t jobs) {
  seen_ += jobs;
  return !goes_on_ || goes_on_(seen_);
}

Plan Planner::finish(Time cutoff) {
  plan_.cutoff = cutoff;
  for (auto& [cause, purge] : purges_) {
    if (purge.jobs == 0) continue;
    purge.rule = cause.rule;
    purge.reason = cause.reason;
    plan_.jobs += purge.jobs;
    plan_.bytes += purge.bytes;
    plan_.purges.push_back(std::move(purge));
  }
  return std::move(plan_);
}

Plan Planner::finish(const CompiledPolicy& policy, const GuardSettings& guard, Time cutoff) {
  Plan plan = finish(cutoff);
  plan.policy = policy.hash();
  const Impact all{.project = {}, .jobs = at_once_};
  if (plan.guard.empty() && exceeds(guard, all)) plan.guard = text_of(guard, all);
  std::ranges::stable_sort(plan.purges, {}, [&](const PlannedPurge& purge) {
    return place_of(policy.policy(), purge.rule);
  });
  return plan;
}

}  // namespace purgatory::retention
