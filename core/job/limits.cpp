#include "purgatory/limits.hpp"

#include <fmt/format.h>

#include <string_view>

#include "purgatory/error.hpp"

namespace purgatory {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;

constexpr Time kFirstMoment{};
constexpr Time kEndOfTime = sys_days{year{10000} / 1 / 1};

void at_most(std::string_view field, std::size_t size, std::size_t limit) {
  if (size <= limit) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: {} bytes are over the limit of {}; shorten it", field, size, limit));
}

void check_id(std::string_view field, std::string_view id) {
  if (id.empty()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: is empty; give 1 to {} bytes", field, Limits::kMaxIdBytes));
  }
  at_most(field, id.size(), Limits::kMaxIdBytes);
}

void check_labels(const std::map<std::string, std::string>& labels, const Limits& limits) {
  if (labels.size() > Limits::kMaxLabels) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("labels: {} labels are over the limit of {}; drop some", labels.size(),
                            Limits::kMaxLabels));
  }
  std::size_t bytes = 0;
  for (const auto& [key, value] : labels) {
    if (key.empty()) {
      throw Error(ErrorCode::invalid_argument, "labels: a key is empty; give it a name");
    }
    bytes += key.size() + value.size();
  }
  at_most("labels", bytes, limits.max_text_bytes);
}

}  // namespace

void check_limits(const FailedJob& job, const Limits& limits) {
  check_id("project", job.project);
  at_most("group", job.group.size(), Limits::kMaxIdBytes);
  check_id("job_id", job.job_id);
  at_most("job_type", job.job_type.size(), limits.max_text_bytes);
  at_most("resource_type", job.resource_type.size(), limits.max_text_bytes);
  at_most("resource_id", job.resource_id.size(), limits.max_text_bytes);
  at_most("resource_name", job.resource_name.size(), limits.max_text_bytes);
  at_most("failure_status", job.failure_status.size(), limits.max_text_bytes);
  at_most("error_code", job.error_code.size(), limits.max_text_bytes);
  at_most("fail_reason", job.fail_reason.size(), limits.max_text_bytes);
  check_labels(job.labels, limits);
  at_most("payload", job.payload.size(), limits.max_payload_bytes);
  if (job.failed_at < kFirstMoment || job.failed_at >= kEndOfTime) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("failed_at: {} ms since 1970 is outside of 1970-01-01 .. 9999-12-31; is "
                    "its unit milliseconds?",
                    job.failed_at.time_since_epoch().count()));
  }
}

void check(const Limits& limits) {
  at_most("max_text_bytes", limits.max_text_bytes, Limits::kMostTextBytes);
  at_most("max_payload_bytes", limits.max_payload_bytes, Limits::kMostPayloadBytes);
}

}  // namespace purgatory
