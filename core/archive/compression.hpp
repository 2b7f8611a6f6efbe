#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace purgatory::archive {

/// One zstd frame with its length and a checksum.
[[nodiscard]] std::string compress(std::string_view text);

/// The text of `size` bytes that was compressed; whatever the frame says, no more room is taken.
/// Throws Damage.
[[nodiscard]] std::string decompress(std::string_view compressed, std::uint64_t size);

/// The most bytes that a text of `size` bytes has once it is compressed.
[[nodiscard]] std::uint64_t compressed_bound(std::uint64_t size) noexcept;

}  // namespace purgatory::archive
