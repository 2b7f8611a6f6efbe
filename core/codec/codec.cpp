#include "purgatory/codec.hpp"

#include <algorithm>
#include <array>

#include "core/codec/bytes.hpp"

namespace purgatory::codec {
namespace {

// Which optional members a retention part has, as bits of its first byte.
enum Present : std::uint8_t {
  kPurgeAfter = 1,
  kNotBefore = 2,
  kHold = 4,
  kHoldUntil = 8,
  kResolved = 16,
};
constexpr std::uint8_t kAllPresent = 31;

template <typename Value>
constexpr unsigned bit(const std::optional<Value>& value, Present present) noexcept {
  return value ? unsigned{present} : 0U;
}

}  // namespace

std::uint32_t identity(std::string_view project, std::string_view group,
                       std::string_view job_id) noexcept {
  // The lengths keep ("a", "bc") and ("ab", "c") apart; ids are shorter than 256 bytes.
  const std::array<char, 2> lengths{static_cast<char>(project.size()),
                                    static_cast<char>(group.size())};
  std::uint32_t crc = crc32c(0, {lengths.data(), lengths.size()});
  crc = crc32c(crc, project);
  crc = crc32c(crc, group);
  return crc32c(crc, job_id);
}

void append_fields(std::string& out, std::uint32_t identity, const FailedJob& job,
                   Time recorded_at) {
  PartWriter part(out, identity);
  part.time(job.failed_at);
  part.time(recorded_at);
  part.varint(job.attempts);
  part.text(job.job_type);
  part.text(job.resource_type);
  part.text(job.resource_id);
  part.text(job.resource_name);
  part.text(job.failure_status);
  part.text(job.error_code);
  part.text(job.fail_reason);
  part.varint(job.labels.size());
  for (const auto& [key, value] : job.labels) {
    part.text(key);
    part.text(value);
  }
  part.finish();
}

void append_retention(std::string& out, std::uint32_t identity, const Retention& retention) {
  const Stamp& stamp = retention.stamp;
  const std::optional<Hold>& hold = retention.hold;
  PartWriter part(out, identity);
  part.byte(static_cast<std::uint8_t>(
      bit(stamp.purge_after, kPurgeAfter) | bit(stamp.not_before, kNotBefore) | bit(hold, kHold) |
      (hold ? bit(hold->until, kHoldUntil) : 0U) | bit(retention.resolved_at, kResolved)));
  part.text(stamp.rule);
  part.text(stamp.archive);
  part.text(stamp.rule_hold);
  if (stamp.purge_after) part.time(*stamp.purge_after);
  if (stamp.not_before) part.time(*stamp.not_before);
  if (hold) {
    part.text(hold->actor);
    part.text(hold->reason);
    if (hold->until) part.time(*hold->until);
  }
  if (retention.resolved_at) part.time(*retention.resolved_at);
  part.finish();
}

void append_payload(std::string& out, std::uint32_t identity, std::string_view payload) {
  PartWriter part(out, identity);
  part.raw(payload);
  part.finish();
}

FieldsView read_fields(std::string_view part, std::uint32_t identity) {
  Reader reader(verified_body(part, identity));
  FieldsView fields;
  fields.failed_at = reader.time();
  fields.recorded_at = reader.time();
  fields.attempts = reader.varint32();
  fields.job_type = reader.text();
  fields.resource_type = reader.text();
  fields.resource_id = reader.text();
  fields.resource_name = reader.text();
  fields.failure_status = reader.text();
  fields.error_code = reader.text();
  fields.fail_reason = reader.text();
  fields.labels = reader.rest();
  return fields;
}

RetentionView read_retention(std::string_view part, std::uint32_t identity) {
  Reader reader(verified_body(part, identity));
  const std::uint8_t present = reader.byte();
  if (present > kAllPresent || ((present & kHoldUntil) != 0 && (present & kHold) == 0)) {
    throw_corrupt("a retention has unknown members");
  }
  RetentionView retention;
  retention.rule = reader.text();
  retention.archive = reader.text();
  retention.rule_hold = reader.text();
  if ((present & kPurgeAfter) != 0) retention.purge_after = reader.time();
  if ((present & kNotBefore) != 0) retention.not_before = reader.time();
  if ((present & kHold) != 0) {
    retention.has_hold = true;
    retention.hold_actor = reader.text();
    retention.hold_reason = reader.text();
    if ((present & kHoldUntil) != 0) retention.hold_until = reader.time();
  }
  if ((present & kResolved) != 0) retention.resolved_at = reader.time();
  reader.finish();
  return retention;
}

std::string_view read_payload(std::string_view part, std::uint32_t identity) {
  return verified_body(part, identity);
}

std::size_t payload_bytes(std::string_view part) noexcept {
  return part.size() - std::min(part.size(), kChecksumBytes);
}

void copy(const FieldsView& fields, FailedJob& job) {
  job.failed_at = fields.failed_at;
  job.attempts = fields.attempts;
  job.job_type = fields.job_type;
  job.resource_type = fields.resource_type;
  job.resource_id = fields.resource_id;
  job.resource_name = fields.resource_name;
  job.failure_status = fields.failure_status;
  job.error_code = fields.error_code;
  job.fail_reason = fields.fail_reason;
  job.labels.clear();
  Reader reader(fields.labels);
  for (auto left = reader.varint(); left > 0; --left) {
    const std::string_view key = reader.text();
    job.labels.emplace_hint(job.labels.end(), key, reader.text());
  }
  reader.finish();
}

Retention copy(const RetentionView& view) {
  Retention retention;
  retention.stamp = {.rule = std::string(view.rule),
                     .purge_after = view.purge_after,
                     .not_before = view.not_before,
                     .archive = std::string(view.archive),
                     .rule_hold = std::string(view.rule_hold)};
  if (view.has_hold) {
    retention.hold = Hold{.actor = std::string(view.hold_actor),
                          .reason = std::string(view.hold_reason),
                          .until = view.hold_until};
  }
  retention.resolved_at = view.resolved_at;
  return retention;
}

FilterView filter_view(const FieldsView& fields, const RetentionView& retention) noexcept {
  return {.failure_status = fields.failure_status,
          .resource_type = fields.resource_type,
          .resource_id = fields.resource_id,
          .job_type = fields.job_type,
          .error_code = fields.error_code,
          .resource_name = fields.resource_name,
          .rule = retention.rule,
          .failed_at = fields.failed_at,
          .held = retention.held(),
          .resolved = retention.resolved_at.has_value()};
}

}  // namespace purgatory::codec
