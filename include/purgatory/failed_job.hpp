#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace purgatory {

/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 in UTC with milliseconds: "2026-11-23T13:51:54.108Z".
[[nodiscard]] std::string format_time(Time time);
/// Reads RFC 3339, with any offset and 0..9 digits of a fraction (cut to milliseconds); a leap
/// second is the next one's begin. Absent: it is none, or not of the years 1970..9999 in UTC.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text) noexcept;

/// The number a repository gives each write of a job (record, restamp, hold, restore). It grows
/// within a project and never restarts. 0 is never given.
using Version = std::uint64_t;

/// What a host reports: one job that failed. All strings may hold any byte (NUL, newline, invalid
/// UTF-8). Sizes are limited by `Limits` (limits.hpp).
struct FailedJob {
  /// Who: the identity is (project, group, job_id); two groups may both have a job "1".
  std::string project;  ///< The tenant, 1..255 bytes.
  std::string group;    ///< A queue, a protection group; empty is the project level.
  std::string job_id;   ///< 1..255 bytes.

  /// What. Empty where it does not apply.
  std::string job_type;
  std::string resource_type;
  std::string resource_id;  ///< Indexed, so that a later success can resolve its failures.
  std::string resource_name;

  /// How it failed.
  std::string failure_status;
  std::string error_code;
  std::string fail_reason;
  std::uint32_t attempts = 0;
  std::map<std::string, std::string> labels;

  /// When: 1970-01-01 .. 9999-12-31. The greater failed_at of one identity wins.
  Time failed_at{};

  /// Whatever a retry needs; opaque to the library. Lists leave it out.
  std::string payload;

  friend bool operator==(const FailedJob&, const FailedJob&) = default;
};

/// What core wrote on a job by the first matching rule of the policy.
struct Stamp {
  std::string rule;                 ///< The rule's name; empty: no rule matched, kept for ever.
  std::optional<Time> purge_after;  ///< Absent: for ever.
  std::optional<Time> not_before;   ///< Set by restore: due no earlier than this.
  std::string archive;              ///< Where it is written before it is freed; empty: nowhere.
  std::string rule_hold;            ///< Why the rule holds it; empty: the rule does not.

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// A person's hold: the job is purged by nothing until it is released.
struct Hold {
  std::string actor;
  std::string reason;
  std::optional<Time> until;  ///< Absent: until released. Past: the purger releases it.

  friend bool operator==(const Hold&, const Hold&) = default;
};

/// Everything that decides how long a job stays; the part of it that `restamp` replaces.
struct Retention {
  Stamp stamp;
  std::optional<Hold> hold;
  std::optional<Time> resolved_at;  ///< When the same logical job later succeeded.

  friend bool operator==(const Retention&, const Retention&) = default;
};

/// True if a person or a rule holds the job.
[[nodiscard]] inline bool held(const Retention& retention) noexcept {
  return retention.hold.has_value() || !retention.stamp.rule_hold.empty();
}

/// When a job becomes due: purge_after, but not before not_before. Absent: never.
[[nodiscard]] std::optional<Time> due_at(const Stamp& stamp) noexcept;

/// When something is to be done about a job: a held one when its person's hold runs out, any other
/// when it becomes due. Absent: never. `FailedJobRepository::due` goes by it.
[[nodiscard]] std::optional<Time> next_action_at(const Retention& retention) noexcept;

/// What a job has once it is recorded again, with a new stamp (R1): a person's hold always; if it
/// is the same failure told again, not a later one, also what restore has written and the
/// resolution, whose date stands if it is the earlier one.
[[nodiscard]] Retention recorded_again(Stamp stamp, Retention kept, bool same_failure);

/// A failed job as a repository gives it back.
struct StoredJob {
  FailedJob job;  ///< `payload` is empty where a call leaves it out.
  Retention retention;
  Time recorded_at{};
  Version version = 0;
  std::uint64_t bytes = 0;          ///< Logical size, see `logical_bytes`.
  std::uint64_t payload_bytes = 0;  ///< The payload's length, also where it is left out.

  friend bool operator==(const StoredJob&, const StoredJob&) = default;
};

/// One listed job, by identity and version, as `remove` and `restamp` take it. It borrows: the
/// strings must outlive the call it is passed to.
struct JobRef {
  std::string_view group;
  std::string_view job_id;
  Version version = 0;
  std::uint64_t bytes = 0;  ///< Logical size, as listed: calls are limited by its sum.
};

/// The reference of a listed job. Borrows from `stored`.
[[nodiscard]] inline JobRef ref_of(const StoredJob& stored) noexcept {
  return {stored.job.group, stored.job.job_id, stored.version, stored.bytes};
}
JobRef ref_of(StoredJob&& stored) = delete;

/// The size that caps, counters and journals use: the sum of the lengths of all texts (project,
/// group, ids, labels' keys and values, payload ...) plus 64. The same on every backend.
[[nodiscard]] std::uint64_t logical_bytes(const FailedJob& job) noexcept;

}  // namespace purgatory
