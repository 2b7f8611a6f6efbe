#include <catch2/catch.hpp>
#include <string>

#include "core/codec/bytes.hpp"

namespace purgatory {
namespace {

using codec::crc32c;

TEST_CASE("crc32c gives the check value of the polynomial's catalogue") {
  CHECK(crc32c(0, "123456789") == 0xE3069283U);
}

// RFC 3720, B.4, which prints the bytes of each CRC in the order they are sent: lowest first.
TEST_CASE("crc32c gives the vectors of RFC 3720") {
  std::string ascending;
  std::string descending;
  for (char c = 0; c < 32; ++c) {
    ascending.push_back(c);
    descending.insert(descending.begin(), c);
  }
  const std::string read_command(
      "\x01\xC0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
      "\x14\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x14\x00\x00\x00\x18"
      "\x28\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00",
      48);

  CHECK(crc32c(0, std::string(32, '\0')) == 0x8A9136AAU);
  CHECK(crc32c(0, std::string(32, '\xFF')) == 0x62A8AB43U);
  CHECK(crc32c(0, ascending) == 0x46DD794EU);
  CHECK(crc32c(0, descending) == 0x113FDB5CU);
  CHECK(crc32c(0, read_command) == 0xD9963A56U);
}

TEST_CASE("crc32c of nothing changes nothing") {
  CHECK(crc32c(0, "") == 0);
  CHECK(crc32c(0xE3069283U, "") == 0xE3069283U);
}

TEST_CASE("crc32c extends: two pieces give what the whole gives") {
  const std::string whole = "123456789";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    CHECK(crc32c(crc32c(0, whole.substr(0, cut)), whole.substr(cut)) == 0xE3069283U);
  }
}

}  // namespace
}  // namespace purgatory
