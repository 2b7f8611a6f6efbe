#include "core/retention/compiled_policy.hpp"

#include <algorithm>
#include <utility>

#include "core/retention/cause.hpp"
#include "core/retention/review.hpp"

namespace purgatory::retention {
namespace {

TextCondition condition_of(const Patterns& patterns) {
  return TextCondition(patterns.empty() ? Patterns{"*"} : patterns);
}

}  // namespace

CompiledPolicy::CompiledPolicy(Policy policy) : policy_(std::move(policy)) {
  check(policy_, "retention");
  hash_ = policy_.hash();
  rules_.reserve(policy_.rules.size());
  for (const Rule& rule : policy_.rules) rules_.emplace_back(rule.match);
  caps_.reserve(policy_.caps.size());
  for (const Cap& cap : policy_.caps) {
    caps_.push_back({condition_of(cap.project), condition_of(cap.group)});
  }
}

const Rule* CompiledPolicy::find_rule(const FailedJob& job) const noexcept {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (rules_[i].matches(job)) return &policy_.rules[i];
  }
  return nullptr;
}

Stamp CompiledPolicy::stamp(const FailedJob& job, Time recorded_at) const {
  Stamp stamp;
  const Rule* rule = find_rule(job);
  if (rule == nullptr) return stamp;
  stamp.rule = rule->name;
  stamp.rule_hold = rule->hold;
  stamp.archive = rule->archive;
  if (rule->keep_for) {
    stamp.purge_after = std::max(std::min(job.failed_at, recorded_at) + *rule->keep_for,
                                 recorded_at + policy_.min_age);
  }
  return stamp;
}

Stamp CompiledPolicy::stamp(const StoredJob& stored) const {
  Stamp fresh = stamp(stored.job, stored.recorded_at);
  fresh.not_before = stored.retention.stamp.not_before;
  if (stored.retention.resolved_at) resolve(fresh, *stored.retention.resolved_at);
  return fresh;
}

void CompiledPolicy::resolve(Stamp& stamp, Time resolved_at) const {
  if (!policy_.resolved_keep_for) return;
  const Time latest = resolved_at + *policy_.resolved_keep_for;
  stamp.purge_after = std::min(stamp.purge_after.value_or(latest), latest);
}

std::optional<std::string_view> CompiledPolicy::reason_to_go(const Retention& retention,
                                                             Time now) const {
  const auto due = due_at(retention.stamp);
  if (held(retention) || !due || *due > now) return std::nullopt;
  const bool is_resolved =
      retention.resolved_at && policy_.resolved_keep_for &&
      retention.stamp.purge_after == *retention.resolved_at + *policy_.resolved_keep_for;
  return is_resolved ? kResolved : kAge;
}

std::optional<Bound> CompiledPolicy::bound(std::string_view project, std::string_view group) const {
  for (std::size_t i = 0; i < caps_.size(); ++i) {
    if (!caps_[i].project.matches(project) || !caps_[i].group.matches(group)) continue;
    return Bound{
        .group = group, .jobs = policy_.caps[i].keep_last, .bytes = policy_.caps[i].max_bytes};
  }
  return std::nullopt;
}

}  // namespace purgatory::retention
