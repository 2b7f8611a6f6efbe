#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "purgatory/failed_job.hpp"

namespace purgatory {

/// What one job may be. A host can lower or raise the two sizes; ids are fixed by the contract.
struct Limits {
  static constexpr std::size_t kMaxIdBytes = 255;  ///< project, group, job_id
  static constexpr std::size_t kMaxLabels = 64;

  std::size_t max_text_bytes = 65'536;  ///< Each other text, and all labels together.
  std::size_t max_payload_bytes = 1'048'576;

  /// No limit may be set above these: a job must fit in one call.
  static constexpr std::size_t kMostTextBytes = 100'000;
  static constexpr std::size_t kMostPayloadBytes = 3'145'728;
};

/// What one call may carry. Core splits what is larger; a repository refuses it.
inline constexpr std::size_t kMaxJobsPerCall = 1000;
inline constexpr std::uint64_t kMaxBytesPerCall = 4'194'304;  ///< Logical bytes.
inline constexpr std::size_t kMaxPartitionsPerCall = 64;
inline constexpr std::size_t kMaxSettingBytes = 4096;
inline constexpr std::chrono::hours kMaxLease{24 * 30};
/// No purge can be undone for longer.
inline constexpr std::chrono::hours kMaxUndoWindow{24 * 3650};

/// Throws Error{invalid_argument} naming the field, its size and the limit, if `job` breaks one.
void check_limits(const FailedJob& job, const Limits& limits = {});

/// Throws Error{invalid_argument} if the limits themselves are too large.
void check(const Limits& limits);

}  // namespace purgatory
