#pragma once

#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "purgatory/error.hpp"
#include "purgatory/failed_job.hpp"
#include "purgatory/task_center.hpp"

/// What is sent back.
namespace purgatory::task_center {

/// The vendor's codes, and ours where it has none.
namespace codes {
inline constexpr std::string_view kProject = "SDRS.0001";
inline constexpr std::string_view kToken = "SDRS.0002";
inline constexpr std::string_view kPermission = "SDRS.0005";
inline constexpr std::string_view kTimeout = "SDRS.0008";
inline constexpr std::string_view kInternal = "SDRS.0013";
inline constexpr std::string_view kParameter = "SDRS.0201";
inline constexpr std::string_view kGroup = "SDRS.0207";
inline constexpr std::string_view kLimit = "SDRS.0221";
inline constexpr std::string_view kOffset = "SDRS.0222";
inline constexpr std::string_view kNotFound = "PURGATORY.0404";
inline constexpr std::string_view kMethod = "PURGATORY.0405";
inline constexpr std::string_view kNotAcceptable = "PURGATORY.0406";
inline constexpr std::string_view kConflict = "PURGATORY.0409";
inline constexpr std::string_view kUnsupported = "PURGATORY.0501";
inline constexpr std::string_view kCorrupt = "PURGATORY.0502";
inline constexpr std::string_view kUnavailable = "PURGATORY.0503";
}  // namespace codes

/// Ends a request with an answer that is an error.
class Refused : public std::exception {
 public:
  Refused(unsigned status, std::string_view code, std::string_view message)
      : response_(error_response(status, code, message)) {}
  explicit Refused(Response response) : response_(std::move(response)) {}

  [[nodiscard]] const char* what() const noexcept override { return response_.body.c_str(); }
  [[nodiscard]] const Response& response() const noexcept { return response_; }

 private:
  Response response_;
};

/// The answer to GET. `count` is how many match in all.
[[nodiscard]] Response page_response(std::uint64_t count, std::span<const StoredJob> jobs);

/// The answer to a purge that was done.
[[nodiscard]] Response purged_response(const Receipt& receipt);

/// What becomes of an error of the library.
[[nodiscard]] Response failure_response(const Error& error, std::string_view request_id);
/// What becomes of any other.
[[nodiscard]] Response defect_response(std::string_view what, std::string_view request_id);

}  // namespace purgatory::task_center
