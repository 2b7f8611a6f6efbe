#pragma once

#include <chrono>
#include <filesystem>

namespace purgatory::crash {

/// Records, lists, purges, restores and reclaims for that long in this process. Returns 0 if
/// memory, descriptors and the file stay flat: in the last quarter of the time none is over 1.25
/// times its greatest in the second quarter plus a small constant.
int soak(const std::filesystem::path& directory, std::chrono::seconds time);

}  // namespace purgatory::crash
