#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/archive.hpp"

/// What lies in the directory of an archive, and how tests put something there.
namespace purgatory::archive_test {

namespace fs = std::filesystem;

/// All jobs of an archive in its order. Throws std::runtime_error if a segment is damaged.
[[nodiscard]] std::vector<FailedJob> jobs_in(const fs::path& directory);
/// Their ids.
[[nodiscard]] std::vector<std::string> ids_in(const fs::path& directory);
/// How many jobs each segment has.
[[nodiscard]] std::vector<std::uint64_t> sizes_in(const fs::path& directory);

/// All files below a directory, as paths from there, sorted.
[[nodiscard]] std::vector<std::string> files_in(const fs::path& directory);

[[nodiscard]] std::string bytes_of(const fs::path& file);
void put(const fs::path& file, std::string_view bytes);

}  // namespace purgatory::archive_test
