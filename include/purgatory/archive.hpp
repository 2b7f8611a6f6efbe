#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "purgatory/failed_job.hpp"

/// What archives hold: segments, files of JSON lines (json_lines.hpp), compressed by zstd or not.
/// Beside each lies a small JSON file, the *sidecar*: it names the purge that the jobs come from
/// and how many they are, and has a checksum of the lines. A segment counts once its sidecar is
/// there; one without is what a crash left, and is written anew. docs/retention.md, "Archives", has
/// the layout of the directory, the names in it and the members of a sidecar.
namespace purgatory::archive {

/// A segment, as its sidecar describes it.
struct Segment {
  std::filesystem::path file;
  std::string project;
  std::string purge_id;
  std::uint64_t number = 0;  ///< Of this purge: 1, 2 ...
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;  ///< Of the lines, before they are compressed.
  /// Why it cannot be read, or is not what was written; empty: it is all right, as far as was
  /// looked at. A segment whose sidecar is damaged has only this and the sidecar's name as file, a
  /// directory that cannot be read this and its own name.
  std::string damage{};
};

/// The segments in a directory of an archive, by project, purge and number. Reads sidecars alone.
/// What has a name that no archive gives is skipped. Throws Error{not_found} if there is no such
/// directory, {permission}, {unavailable}.
[[nodiscard]] std::vector<Segment> list(const std::filesystem::path& directory);

/// Reads the whole segment. Returns its damage; empty: all its jobs are there, as they were
/// written.
[[nodiscard]] std::string verify(const Segment& segment);

/// Calls `visit` with each job of a segment, once all of it was verified. Throws Error{corrupt}
/// naming the file and its damage, and what `visit` throws.
void read(const Segment& segment, const std::function<void(const FailedJob&)>& visit);

}  // namespace purgatory::archive
