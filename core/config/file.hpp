#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace purgatory::config {

/// Why a file could not be read, to be put behind its name: "does not exist".
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The bytes of a regular file of at most `most` bytes. Throws Unreadable.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, std::size_t most);

}  // namespace purgatory::config
