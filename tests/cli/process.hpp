#pragma once

#include <filesystem>
#include <string>

#include "tests/processes/temporary_directory.hpp"

namespace purgatory::cli_test {

using processes::TemporaryDirectory;

/// Writes a file into a directory and returns where it is.
std::filesystem::path write(const TemporaryDirectory& directory, const std::string& name,
                            const std::string& text);

[[nodiscard]] std::string text_of(const std::filesystem::path& file);

/// What a command line of sh prints, on stdout and stderr.
[[nodiscard]] std::string output_of(const std::string& command);

/// One word of sh.
[[nodiscard]] std::string quoted(const std::string& text);

}  // namespace purgatory::cli_test
