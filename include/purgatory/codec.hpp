#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"
#include "purgatory/selection.hpp"

/// The record codec: how a backend keeps a job as bytes, and how damage is found.
///
/// A job is three parts: fields, retention, payload. Each begins with its own CRC32C (4 bytes,
/// little endian; polynomial of RFC 3720), so a read checks just what it returns, and a restamp
/// rewrites just the retention. The checksum also covers the identity, which is not stored in the
/// part: a part that ended up at another job is as corrupt as a flipped bit. docs/record-format.md
/// has the bytes.
///
/// Readers throw Error{corrupt} if the checksum or the form is wrong; no input makes them read out
/// of bounds or hang. Views borrow from the part.
namespace purgatory::codec {

/// The checksum seed of a job; pass it to every function below.
[[nodiscard]] std::uint32_t identity(std::string_view project, std::string_view group,
                                     std::string_view job_id) noexcept;

/// All of a job but identity and payload.
struct FieldsView {
  Time failed_at{};
  Time recorded_at{};
  std::uint32_t attempts = 0;
  std::string_view job_type;
  std::string_view resource_type;
  std::string_view resource_id;
  std::string_view resource_name;
  std::string_view failure_status;
  std::string_view error_code;
  std::string_view fail_reason;
  std::string_view labels;  ///< Encoded; `copy` decodes and checks them.
};

struct RetentionView {
  std::string_view rule;
  std::string_view archive;
  std::string_view rule_hold;
  std::string_view hold_actor;
  std::string_view hold_reason;
  std::optional<Time> purge_after;
  std::optional<Time> not_before;
  std::optional<Time> hold_until;
  std::optional<Time> resolved_at;
  bool has_hold = false;

  [[nodiscard]] bool held() const noexcept { return has_hold || !rule_hold.empty(); }
};

/// Append one part to `out`.
void append_fields(std::string& out, std::uint32_t identity, const FailedJob& job,
                   Time recorded_at);
void append_retention(std::string& out, std::uint32_t identity, const Retention& retention);
void append_payload(std::string& out, std::uint32_t identity, std::string_view payload);

/// Read one part, exactly as long as it was written.
[[nodiscard]] FieldsView read_fields(std::string_view part, std::uint32_t identity);
[[nodiscard]] RetentionView read_retention(std::string_view part, std::uint32_t identity);
[[nodiscard]] std::string_view read_payload(std::string_view part, std::uint32_t identity);

/// The length of the payload in a part, without reading it.
[[nodiscard]] std::size_t payload_bytes(std::string_view part) noexcept;

/// Writes everything the view holds over `job`; identity and payload stay. Throws Error{corrupt} if
/// the labels are malformed.
void copy(const FieldsView& fields, FailedJob& job);
[[nodiscard]] Retention copy(const RetentionView& view);

[[nodiscard]] FilterView filter_view(const FieldsView& fields,
                                     const RetentionView& retention) noexcept;

}  // namespace purgatory::codec
