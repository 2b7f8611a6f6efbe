#pragma once

#include <string>
#include <string_view>

namespace purgatory::archive {

/// XXH3, 128 bits, as 32 hex digits.
[[nodiscard]] std::string checksum(std::string_view bytes);

}  // namespace purgatory::archive
