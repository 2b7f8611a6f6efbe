#include "core/codec/bytes.hpp"

#include <isa-l/crc.h>

#include <limits>
#include <utility>

#include "purgatory/error.hpp"

namespace purgatory::codec {
namespace {

constexpr std::size_t kTimeBytes = 8;

template <std::size_t kSize>
void put_fixed(char* out, std::uint64_t value) noexcept {
  for (std::size_t i = 0; i < kSize; ++i) out[i] = static_cast<char>(value >> (8 * i));
}

template <std::size_t kSize>
std::uint64_t get_fixed(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kSize; ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  }
  return value;
}

}  // namespace

std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes) noexcept {
  // The library reads only, but its C signature says otherwise; parts are far below 2 GiB.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~crc);
}

void throw_corrupt(const char* what) {
  throw Error(ErrorCode::corrupt,
              std::string("a stored job cannot be read: ") + what + "; run the store's check");
}

PartWriter::PartWriter(std::string& out, std::uint32_t seed)
    : out_(out), begin_(out.size()), seed_(seed) {
  out_.append(kChecksumBytes, '\0');
}

void PartWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    byte(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7U;
  }
  byte(static_cast<std::uint8_t>(value));
}

void PartWriter::time(Time value) {
  std::array<char, kTimeBytes> bytes{};
  put_fixed<kTimeBytes>(bytes.data(), static_cast<std::uint64_t>(value.time_since_epoch().count()));
  out_.append(bytes.data(), bytes.size());
}

void PartWriter::text(std::string_view value) {
  varint(value.size());
  out_.append(value);
}

void PartWriter::finish() {
  const std::string_view body = std::string_view(out_).substr(begin_ + kChecksumBytes);
  put_fixed<kChecksumBytes>(out_.data() + begin_, crc32c(seed_, body));
}

std::string_view verified_body(std::string_view part, std::uint32_t seed) {
  if (part.size() < kChecksumBytes) throw_corrupt("a part is cut short");
  const std::string_view body = part.substr(kChecksumBytes);
  if (get_fixed<kChecksumBytes>(part) != crc32c(seed, body)) {
    throw_corrupt("a checksum does not match");
  }
  return body;
}

std::string_view Reader::take(std::uint64_t size) {
  if (size > left_.size()) throw_corrupt("a part ends in the middle of a value");
  const std::string_view taken = left_.substr(0, size);
  left_.remove_prefix(size);
  return taken;
}

std::uint8_t Reader::byte() { return static_cast<std::uint8_t>(take(1).front()); }

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    value |= std::uint64_t{next & 0x7FU} << shift;
    if (next < 0x80) return value;
  }
  throw_corrupt("a number is too long");
}

std::uint32_t Reader::varint32() {
  const std::uint64_t value = varint();
  if (value > std::numeric_limits<std::uint32_t>::max()) throw_corrupt("a number is too large");
  return static_cast<std::uint32_t>(value);
}

Time Reader::time() {
  return Time(std::chrono::milliseconds(
      static_cast<std::int64_t>(get_fixed<kTimeBytes>(take(kTimeBytes)))));
}

std::string_view Reader::text() { return take(varint()); }

std::string_view Reader::rest() noexcept { return std::exchange(left_, {}); }

void Reader::finish() const {
  if (!left_.empty()) throw_corrupt("a part is longer than its values");
}

}  // namespace purgatory::codec
