#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "purgatory/failed_job.hpp"

/// The bytes below the record codec: CRC32C, varints, texts with their length in front.
namespace purgatory::codec {

/// In front of every part.
inline constexpr std::size_t kChecksumBytes = 4;

/// Extends a CRC32C by `bytes`; begin with 0.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes) noexcept;

[[noreturn]] void throw_corrupt(const char* what);

/// Writes one part behind what `out` holds: leaves room for the checksum, fills it in at the end.
class PartWriter {
 public:
  PartWriter(std::string& out, std::uint32_t seed);

  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void varint(std::uint64_t value);
  void time(Time value);
  void text(std::string_view value);
  void raw(std::string_view value) { out_.append(value); }
  void finish();

 private:
  std::string& out_;
  std::size_t begin_;
  std::uint32_t seed_;
};

/// Returns what follows the checksum of a part, or throws Error{corrupt}.
[[nodiscard]] std::string_view verified_body(std::string_view part, std::uint32_t seed);

/// Reads a part's body from front to end; every step throws Error{corrupt} rather than pass the
/// end.
class Reader {
 public:
  explicit Reader(std::string_view body) noexcept : left_(body) {}

  std::uint8_t byte();
  std::uint64_t varint();
  std::uint32_t varint32();
  Time time();
  std::string_view text();
  std::string_view rest() noexcept;
  /// Throws if anything is left.
  void finish() const;

 private:
  std::string_view take(std::uint64_t size);

  std::string_view left_;
};

}  // namespace purgatory::codec
