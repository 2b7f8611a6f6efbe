#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/retention/matcher.hpp"
#include "purgatory/failed_job.hpp"
#include "purgatory/policy.hpp"
#include "purgatory/results.hpp"

namespace purgatory::retention {

/// A policy that is asked about each job. Nothing in it changes: any thread may ask.
class CompiledPolicy {
 public:
  /// Throws Error{config} naming what is wrong with it, behind "retention.".
  explicit CompiledPolicy(Policy policy);

  [[nodiscard]] const Policy& policy() const noexcept { return policy_; }
  [[nodiscard]] const std::string& hash() const noexcept { return hash_; }

  /// The first rule that matches; none: null.
  [[nodiscard]] const Rule* find_rule(const FailedJob& job) const noexcept;

  /// What the first matching rule writes on a job that is recorded at this time: never due before
  /// `min_age` has passed, nor later than keep_for after it was recorded.
  [[nodiscard]] Stamp stamp(const FailedJob& job, Time recorded_at) const;
  /// The same for a stored job, which may be resolved; what restore has written stays.
  [[nodiscard]] Stamp stamp(const StoredJob& stored) const;
  /// Lowers purge_after, if it is later, to what is written on a job that was resolved then.
  void resolve(Stamp& stamp, Time resolved_at) const;

  /// Why a job goes at this time, if this policy has written its stamp; absent: it does not, or is
  /// held.
  [[nodiscard]] std::optional<std::string_view> reason_to_go(const Retention& retention,
                                                             Time now) const;

  /// The first cap that matches a partition; absent: none does. Borrows `group`.
  [[nodiscard]] std::optional<Bound> bound(std::string_view project, std::string_view group) const;
  [[nodiscard]] bool has_caps() const noexcept { return !caps_.empty(); }

 private:
  struct CompiledCap {
    TextCondition project;
    TextCondition group;
  };

  Policy policy_;
  std::string hash_;
  std::vector<Matcher> rules_;
  std::vector<CompiledCap> caps_;
};

}  // namespace purgatory::retention
