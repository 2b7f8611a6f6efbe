#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "core/repository/store.hpp"
#include "core/retention/cause.hpp"
#include "core/retention/compiled_policy.hpp"
#include "core/retention/guard.hpp"
#include "purgatory/plan.hpp"

/// What a purge takes, whether that is only looked at or done: both ask here.
namespace purgatory::retention {

/// What becomes of a job, and by which rule.
struct Verdict {
  enum class Kind : std::uint8_t { stays, held, goes };

  Kind kind = Kind::stays;
  Cause cause{};
  Stamp stamp{};  ///< As it has to be when it goes.
};

/// What is purged: what a policy has made due by the cutoff or, without one, what a filter selects.
class Predicate {
 public:
  /// The policy must outlive it.
  Predicate(const CompiledPolicy& policy, Time cutoff) : policy_(&policy), cutoff_(cutoff) {}
  explicit Predicate(Filter filter) : filter_(std::move(filter)) {}

  /// Of a job that its filter selects. A person's hold ends by release, also if it ran out.
  [[nodiscard]] Verdict judge(const StoredJob& stored) const;

  /// Which jobs it is about at all.
  [[nodiscard]] const Filter& filter() const noexcept { return filter_; }

 private:
  const CompiledPolicy* policy_ = nullptr;
  Time cutoff_{};
  Filter filter_{};
};

struct Judged {
  StoredJob stored;
  Verdict verdict;
};

/// A page of them; false ends the walk.
using VisitJudged = std::function<bool(std::span<const Judged> page)>;

/// Judges the jobs of a scope that were not written since the watermark.
void judge_all(const Store& store, const Scope& scope, Version watermark,
               const Predicate& predicate, const VisitJudged& visit);

/// Fills a plan, part by part.
class Planner {
 public:
  /// Told how many jobs were looked at; false: stop here.
  using GoesOn = std::function<bool(std::uint64_t jobs)>;

  Planner(const Store& store, GoesOn goes_on) : store_(store), goes_on_(std::move(goes_on)) {}

  /// What the policy would purge in a project by then. False: it was stopped.
  bool add(const CompiledPolicy& policy, const GuardSettings& guard, const std::string& project,
           Time cutoff);
  /// What a purge of a scope would take, or of what a filter selects in it.
  bool add(const Scope& scope, const Filter& filter);

  /// The plan; a policy's names it.
  [[nodiscard]] Plan finish(Time cutoff);
  [[nodiscard]] Plan finish(const CompiledPolicy& policy, const GuardSettings& guard, Time cutoff);

 private:
  void add_scope(const Scope& scope, const Partitions& counted);
  bool walk(const Scope& scope, Version watermark, const Predicate& predicate,
            const std::function<void(const Judged&)>& also);
  bool count_seen(std::uint64_t jobs);

  const Store& store_;
  const GoesOn goes_on_;
  Plan plan_;
  std::map<Cause, PlannedPurge> purges_;
  std::uint64_t seen_ = 0;
  std::uint64_t at_once_ = 0;  ///< What goes only since the policy changed.
};

}  // namespace purgatory::retention
