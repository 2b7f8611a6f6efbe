#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// How things are called in an archive's directory.
namespace purgatory::archive {

/// A project's or a purge's id, any bytes, as the name of a directory: all but A-Z, a-z, 0-9, '-',
/// '_' and '.' is written as %XX, and so is a '.' at its begin. Of a name that would be too long
/// for a file system there is the begin, with the hash of the id behind a '~'.
[[nodiscard]] std::string directory_name(std::string_view id);

/// Whether it may be one of these: else a directory is somebody else's.
[[nodiscard]] bool is_directory_name(std::string_view name);

/// 1: "000001". With ".json" behind it a sidecar, with ".jsonl" or ".jsonl.zst" a segment's text.
[[nodiscard]] std::string segment_name(std::uint64_t number);

inline constexpr std::string_view kSidecarSuffix = ".json";
inline constexpr std::string_view kPlainSuffix = ".jsonl";
inline constexpr std::string_view kZstdSuffix = ".jsonl.zst";

/// What a file is called until it is whole. No two drawings of `random` make the same name.
[[nodiscard]] std::string temporary_name(std::string_view name, std::uint64_t random);
[[nodiscard]] bool is_temporary(std::string_view name);

}  // namespace purgatory::archive
