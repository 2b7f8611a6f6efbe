#pragma once

#include <cstdint>

/// What the first byte of an input of the codec says; the rest is the part.
namespace purgatory::fuzz {

enum class Part : std::uint8_t { fields, retention, payload };

constexpr std::uint8_t kParts = 3;

/// Raw: the rest is the part with its checksum, right or wrong. Sealed: the rest is the part's
/// body, and its checksum is made right, so that the parser behind the check is reached.
enum class Mode : std::uint8_t { raw, sealed };

constexpr std::uint8_t first_byte(Part part, Mode mode) noexcept {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(part) +
                                   kParts * static_cast<std::uint8_t>(mode));
}
constexpr Part part_of(std::uint8_t first) noexcept { return static_cast<Part>(first % kParts); }
constexpr Mode mode_of(std::uint8_t first) noexcept {
  return static_cast<Mode>(first / kParts % 2U);
}

}  // namespace purgatory::fuzz
