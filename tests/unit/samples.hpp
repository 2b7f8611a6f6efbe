#pragma once

#include <string>

#include "purgatory/purgatory.hpp"

namespace purgatory::unit {

inline Time at(std::int64_t millis) { return Time(std::chrono::milliseconds(millis)); }

/// A job with a value in every field, some of them awkward.
inline FailedJob sample_job() {
  FailedJob job;
  job.project = "project";
  job.group = "group";
  job.job_id = "job";
  job.job_type = "type";
  job.resource_type = std::string("\0{tag}", 6);
  job.resource_id = "r\xFF\xFE";
  job.resource_name = "name";
  job.failure_status = "failed";
  job.error_code = "E1";
  job.fail_reason = std::string(200, 'x') + "\n";
  job.attempts = 300;
  job.labels = {{"a", "b"}, {"zone", std::string("\0eu", 3)}};
  job.failed_at = at(1'700'000'000'123);
  job.payload = std::string("payload \0\x80", 10);
  return job;
}

inline Retention sample_retention() {
  return {.stamp = {.rule = "rule",
                    .purge_after = at(1),
                    .not_before = at(-2),
                    .archive = "tape",
                    .rule_hold = "law"},
          .hold = Hold{.actor = "ann", .reason = "audit", .until = at(3)},
          .resolved_at = at(4)};
}

/// Runs `action`; the code and text of its Error, or "no error".
template <typename Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + ": " + error.what();
  }
  return "no error";
}

}  // namespace purgatory::unit
