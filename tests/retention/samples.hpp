#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "purgatory/policy.hpp"

namespace purgatory::retention_test {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

/// 2026-11-01T00:00:00Z
inline const Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};

inline FailedJob a_job() {
  FailedJob job;
  job.project = "shop";
  job.group = "payments";
  job.job_id = "capture-1";
  job.job_type = "payment.capture";
  job.resource_type = "order";
  job.resource_name = "order 4711";
  job.failure_status = "captureFail";
  job.error_code = "EVS.0204";
  job.fail_reason = "the bank said no";
  job.attempts = 3;
  job.labels = {{"host", "web1"}};
  job.failed_at = kNow;
  return job;
}

/// The text of the Error{config} that `action` throws.
template <typename Action>
std::string config_error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::config);
    return error.what();
  }
  return "no error";
}

}  // namespace purgatory::retention_test
