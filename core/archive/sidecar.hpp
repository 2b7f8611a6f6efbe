#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "purgatory/results.hpp"

namespace purgatory::archive {

/// What lies beside a segment and says what is in it. Its presence is the commit of the segment.
struct Sidecar {
  std::string project;
  std::string purge_id;
  std::uint64_t number = 0;
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;            ///< Of the text.
  std::string checksum;               ///< Of the text.
  std::string file;                   ///< The segment's name; it lies beside.
  std::optional<PileCursor> begin{};  ///< Behind which job of the pile its range begins.
  std::optional<PileCursor> end{};    ///< The last job of its range.

  /// Whether it is of the same jobs; how they are compressed does not matter.
  [[nodiscard]] bool same_content(const Sidecar& other) const;
};

/// No text of a segment is longer.
inline constexpr std::uint64_t kMostTextBytes = std::uint64_t{64} << 20U;
/// No sidecar is longer.
inline constexpr std::uint64_t kMostSidecarBytes = 65'536;

/// As a line of JSON, newline included.
[[nodiscard]] std::string to_json(const Sidecar& sidecar);

/// Reads what `to_json` wrote. Throws Damage; also if `number` or `file` is not what belongs to a
/// sidecar of this name (without its suffix): a file elsewhere is nobody's to name.
[[nodiscard]] Sidecar parse_sidecar(std::string_view text, std::string_view name);

}  // namespace purgatory::archive
