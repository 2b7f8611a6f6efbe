#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/repository/store.hpp"
#include "purgatory/config.hpp"
#include "purgatory/results.hpp"

namespace purgatory::archive {

/// By name, as a stamp has it.
using Archives = std::map<std::string, Config::Retention::Archive>;

/// A range ends behind the job with which it reaches one of them. Processes that archive the same
/// purge have to agree on them.
struct RangeLimits {
  std::uint64_t jobs = 10'000;
  std::uint64_t bytes = 8'388'608;  ///< Of lines; of jobs that no archive is for, their own.
};

/// The jobs of a part of a pile, by archive. The same pile and begin give the same range.
struct Range {
  struct Lines {
    std::string text;
    std::uint64_t jobs = 0;
  };

  std::optional<PileCursor> begin{};     ///< Behind this job; absent: with the pile's first.
  std::optional<PileCursor> end{};       ///< The last job.
  std::map<std::string, Lines> lines{};  ///< By archive.
  bool last = false;                     ///< The pile ends here.

  /// Jobs that an archive is for.
  [[nodiscard]] std::uint64_t jobs() const;
};

/// Reads a range of a sealed pile. Throws what the store throws, and Error{config} if a job names
/// an archive that there is not.
[[nodiscard]] Range read_range(const Store& store, const Archives& archives,
                               const RangeLimits& limits, std::string_view project,
                               std::string_view purge_id, const std::optional<PileCursor>& begin);

}  // namespace purgatory::archive
