#pragma once

#include <cstdint>
#include <string_view>

namespace purgatory::file {

/// The number that stands for a text in an index: 48 bits of XXH3. Part of the file's format, so it
/// never changes.
[[nodiscard]] std::int64_t hash_of(std::string_view text) noexcept;

}  // namespace purgatory::file
