#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/failed_job.hpp"
#include "purgatory/purge.hpp"
#include "purgatory/selection.hpp"

namespace purgatory {

/// What a plan would purge by one rule, for one reason.
struct PlannedPurge {
  /// One of its jobs.
  struct Sample {
    std::string project;
    std::string group;
    std::string job_id;
    Time failed_at{};

    friend bool operator==(const Sample&, const Sample&) = default;
  };

  std::string rule;    ///< Empty: no rule asks for it.
  std::string reason;  ///< "age", "resolved", "scope" or "selection".
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  Time oldest{};                  ///< The smallest failed_at.
  Time newest{};                  ///< The greatest failed_at.
  std::vector<Sample> samples{};  ///< Up to 5, those that were met first.

  friend bool operator==(const PlannedPurge&, const PlannedPurge&) = default;
};

/// What a purge would do: a predicate and its totals, no list of jobs, so it is small at any size.
/// `FailedJobs::apply` purges what the predicate still says about.
struct Plan {
  /// Up to which version of a project jobs are meant; what is written later has a greater one.
  struct Watermark {
    std::string project;
    Version version = 0;

    friend bool operator==(const Watermark&, const Watermark&) = default;
  };

  /// Of the policy that asks for it; empty: a selection does.
  std::string policy{};
  /// What has become due by then goes.
  Time cutoff{};
  /// Of which partitions; absent: of all projects.
  std::optional<Scope> scope{};
  Filter filter{};
  /// False: it was stopped before all was looked at, and cannot be applied.
  bool complete = true;
  std::vector<Watermark> watermarks{};  ///< By project, ascending.

  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t held = 0;              ///< Jobs that stay only because they are held.
  std::vector<PlannedPurge> purges{};  ///< In the order of the policy.

  /// Of a policy's: jobs that no rule is for, which stay for ever.
  std::uint64_t unmatched = 0;
  /// Of a policy's: jobs beyond its caps, which the purger evicts; `apply` does not.
  std::uint64_t over_caps = 0;
  /// Of a policy's: why the guard refuses it; empty: it does not.
  std::string guard{};

  friend bool operator==(const Plan&, const Plan&) = default;
};

/// What became of a plan.
struct ApplyResult {
  Receipt receipt;
  /// Jobs of the plan that stayed, or were gone: written, held or purged since. 0 if it was
  /// stopped.
  std::uint64_t changed = 0;
};

/// The plan as a JSON object (docs/retention.md, "Plan and apply"); what `read_plan` takes.
[[nodiscard]] std::string to_json(const Plan& plan);
/// Throws Error{invalid_argument} naming the member and what is wrong with it.
[[nodiscard]] Plan read_plan(std::string_view json);

}  // namespace purgatory
