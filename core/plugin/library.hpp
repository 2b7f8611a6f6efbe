#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "purgatory/plugin.hpp"

/// What only a shared core library can do. library.cpp does it; static.cpp takes its place where
/// the library is linked into the program.
namespace purgatory::plugin {

/// The directory that the core library is in; none: it is not known.
[[nodiscard]] std::optional<std::filesystem::path> core_directory();

/// Where plugins are looked for behind the configured directories: those of PURGATORY_PLUGIN_PATH
/// as they stand there, beside the core library, where they are installed.
[[nodiscard]] std::vector<std::filesystem::path> own_directories();

/// Loads a file that was checked, for good, and gives its descriptor. Throws Error{plugin}.
[[nodiscard]] const Descriptor& load_library(const std::filesystem::path& file);

}  // namespace purgatory::plugin
