// Texts in a zstd frame, and frames that lie.

#include <catch2/catch.hpp>

#include "core/archive/compression.hpp"
#include "core/archive/damage.hpp"

namespace purgatory::archive {
namespace {

std::string damage_of(std::string_view compressed, std::uint64_t size) {
  try {
    static_cast<void>(decompress(compressed, size));
  } catch (const Damage& damage) {
    return damage.what();
  }
  return "no damage";
}

TEST_CASE("a text comes back out of its frame, and is smaller there") {
  for (const std::string& text : {std::string(), std::string("x"), std::string(100'000, 'x')}) {
    const std::string frame = compress(text);
    CHECK(decompress(frame, text.size()) == text);
    CHECK(frame.size() <= compressed_bound(text.size()));
  }
  CHECK(compress(std::string(100'000, 'x')).size() < 100);
}

TEST_CASE("a frame that is larger than its sidecar says is not decompressed") {
  const std::string frame = compress(std::string(1000, 'x'));
  CHECK(damage_of(frame, 999) == "has 1000 bytes of text, its sidecar says 999");
  // Two frames in one file: the first says too little.
  CHECK(damage_of(frame + frame, 1000) ==
        "cannot be decompressed: Destination buffer is too small");
}

TEST_CASE("a frame is refused if it was cut or changed") {
  const std::string frame = compress("some text that is not too short");
  CHECK(damage_of(frame.substr(0, frame.size() - 1), 31) ==
        "cannot be decompressed: Restored data doesn't match checksum");
  CHECK(damage_of(frame.substr(0, frame.size() / 2), 31) ==
        "cannot be decompressed: Src size is incorrect");
  CHECK(damage_of("this is no frame", 31) == "cannot be decompressed: Unknown frame descriptor");
  for (std::size_t place = 0; place < frame.size(); ++place) {
    std::string changed = frame;
    changed[place] = static_cast<char>(changed[place] ^ 0x01);
    CAPTURE(place);
    CHECK(damage_of(changed, 31) != "no damage");
  }
}

}  // namespace
}  // namespace purgatory::archive
