#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "purgatory/error.hpp"
#include "purgatory/failed_job.hpp"

namespace purgatory {

/// Patterns for one text of a job; none: any text will do. A pattern is a glob: `*` is any run of
/// bytes, `?` any one byte, nothing else is special. One that begins with `!` refuses what the rest
/// of it matches. A text matches if some pattern without `!` does, or there is none such, and none
/// with `!` refuses it. {"EVS.*", "!EVS.0204"}: all of EVS but one. At most 1000 bytes each.
using Patterns = std::vector<std::string>;

/// Which jobs a rule is for: those that match in every member that is not empty.
struct Match {
  Patterns project{};
  Patterns group{};  ///< {""}: the project level.
  Patterns job_type{};
  Patterns resource_type{};
  Patterns resource_name{};
  Patterns failure_status{};
  Patterns error_code{};
  Patterns fail_reason{};
  /// "3", "!=3", "<3", "<=3", ">3", ">=3": any of them.
  std::vector<std::string> attempts{};
  /// By key, of 1 to 255 bytes. A label that a job does not have matches patterns with `!` alone.
  std::map<std::string, Patterns> labels{};

  friend bool operator==(const Match&, const Match&) = default;
};

/// One entry of a policy: how long the jobs that match stay.
struct Rule {
  std::string name;  ///< 1..64 of A-Z, a-z, 0-9, '.', '_' and '-'; no two rules share one.
  Match match{};     ///< Empty: every job.
  /// From failed_at on, or from when it was recorded if that is earlier; 0 to 36,500 days. Absent:
  /// for ever.
  std::optional<std::chrono::milliseconds> keep_for{};
  /// Why nobody may purge what matches, at most 255 bytes; empty: it is not held. A rule that holds
  /// has no keep_for.
  std::string hold{};
  /// Which of `Config::Retention::archives` a purged job is written to before it is freed; empty:
  /// none.
  std::string archive{};

  friend bool operator==(const Rule&, const Rule&) = default;
};

/// A bound on each partition that matches; the oldest jobs over it are evicted by the very call
/// that records another one. Held jobs are neither counted nor taken.
struct Cap {
  Patterns project{};
  Patterns group{};
  std::optional<std::uint64_t> keep_last{};  ///< Jobs, 1 or more.
  std::optional<std::uint64_t> max_bytes{};  ///< Logical bytes, 1 KiB or more.

  friend bool operator==(const Cap&, const Cap&) = default;
};

/// Which failed jobs go, and when. The first rule that matches decides about a job, the first cap
/// about a partition; what no rule matches is kept for ever. At most 1000 of each.
struct Policy {
  /// No rule takes a job sooner than this after it was recorded: 0 to 3650 days.
  std::chrono::milliseconds min_age = std::chrono::minutes(10);
  std::vector<Rule> rules{};
  std::vector<Cap> caps{};
  /// How long a job stays at most once it is resolved (`FailedJobs::resolve`), whatever its rule
  /// says: 0 to 36,500 days. Absent: as long as if it were not.
  std::optional<std::chrono::milliseconds> resolved_keep_for{};

  /// True if there is nothing to apply.
  [[nodiscard]] bool empty() const noexcept {
    return rules.empty() && caps.empty() && !resolved_keep_for;
  }

  /// 32 hex digits: two policies have the same ones if and only if they are equal (xxHash of what
  /// `Config::to_yaml` prints of them). Throws Error{config} if a member is out of its limits.
  [[nodiscard]] std::string hash() const;

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// The policy that purgers of a store apply: one at a time, whoever activated theirs last.
struct ActivePolicy {
  std::string hash;
  Time activated_at{};
  std::string actor;
  bool guard_overridden = false;  ///< It may purge whatever it makes due.

  friend bool operator==(const ActivePolicy&, const ActivePolicy&) = default;
};

/// How to activate a policy; the defaults are careful.
struct ActivateOptions {
  /// Lets the policy purge whatever it makes due, also if the guard refuses that
  /// (`Config::Retention::Guard`), and confirms the clock after a jump.
  bool override_guard = false;
};

/// How to run the purger once; the defaults are those of a service.
struct RunOptions {
  /// Absent: the configuration's `purger.time_budget`. A run does at least one slice.
  std::optional<std::chrono::milliseconds> time_budget{};
  /// Whether the first run of this object activates its policy, as `start` does. If not, it purges
  /// only where the same policy is active.
  bool activate = true;
};

/// How a run of the purger ended, and what it did.
struct RunResult {
  enum class State {
    done,        ///< Nothing is left to do now.
    more,        ///< The time was over first, or `stop` came: run again.
    not_leader,  ///< Another process, or another run of this object, is the purger now.
    superseded,  ///< Another policy, or none, is active: only trash was freed from then on.
    failed,      ///< The store failed: `error` says how. What was done stays done.
  };

  State state = State::done;
  std::uint64_t purged = 0;     ///< By rules, into trash.
  std::uint64_t evicted = 0;    ///< By a cap that was lowered, or that something let be exceeded.
  std::uint64_t released = 0;   ///< Holds of persons that ran out.
  std::uint64_t restamped = 0;  ///< Jobs that another rule, or another date, applies to now.
  std::uint64_t changed = 0;    ///< Written meanwhile: left for the next run.
  std::uint64_t archived = 0;   ///< Written to an archive, on the way out of trash.
  std::uint64_t freed = 0;      ///< From trash.
  /// ErrorCode::guard: what a change of the policy was not allowed to do, with numbers, and how to
  /// allow it. All else was done; if the clock jumped nothing was, and `error` says the same.
  std::optional<Error> guard{};
  std::optional<Error> error{};  ///< The last; that of one project also if the state is `more`.
};

}  // namespace purgatory
