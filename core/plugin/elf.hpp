#pragma once

#include <filesystem>

namespace purgatory::plugin {

/// Throws Error{plugin} unless the file is a shared library for this machine that exports the
/// descriptor of this interface and no other. Runs none of its code.
void check_exports(const std::filesystem::path& file);

}  // namespace purgatory::plugin
