#pragma once

#include <filesystem>
#include <vector>

#include "apps/tokens/entry.hpp"

namespace purgatory::tokens {

/// What the file of tokens says. Throws Error{config} if it is not a regular file of at most
/// 1 MiB, others than its owner can write it, or lines are wrong.
[[nodiscard]] std::vector<Entry> read(const std::filesystem::path& file);

/// Adds a line, for good when it returns; makes the file, for its owner alone, if it is not there.
/// Several processes may do so at a time. Throws as `read` does, and Error{permission, exhausted,
/// unavailable} if the system refuses; then the file is as it was.
void append(const std::filesystem::path& file, const Entry& entry);

}  // namespace purgatory::tokens
