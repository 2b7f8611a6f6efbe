#pragma once

#include <array>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

namespace purgatory::json_lines {

/// A text of a job, and its name in a line.
struct TextField {
  std::string_view name;
  std::string FailedJob::*member;
  bool required = false;
};

inline constexpr std::array kTextFields{
    TextField{"project_id", &FailedJob::project, true},
    TextField{"group_id", &FailedJob::group},
    TextField{"job_id", &FailedJob::job_id, true},
    TextField{"job_type", &FailedJob::job_type},
    TextField{"resource_type", &FailedJob::resource_type},
    TextField{"resource_id", &FailedJob::resource_id},
    TextField{"resource_name", &FailedJob::resource_name},
    TextField{"failure_status", &FailedJob::failure_status},
    TextField{"error_code", &FailedJob::error_code},
    TextField{"fail_reason", &FailedJob::fail_reason},
    TextField{"payload", &FailedJob::payload},
};

inline constexpr std::string_view kFailedAt = "failed_at";
inline constexpr std::string_view kAttempts = "attempts";
inline constexpr std::string_view kLabels = "labels";
inline constexpr std::string_view kBase64 = "_base64";

}  // namespace purgatory::json_lines
