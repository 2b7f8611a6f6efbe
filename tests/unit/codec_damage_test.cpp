// What is not what was written is `corrupt`.

#include <catch2/catch.hpp>
#include <functional>

#include "core/codec/bytes.hpp"
#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::error_of;

const std::string kMismatch =
    "corrupt: a stored job cannot be read: a checksum does not match; run the store's check";

struct Part {
  std::string name;
  std::string bytes;
  std::function<void(std::string_view part, std::uint32_t identity)> read;
};

const std::uint32_t kIdentity = codec::identity("project", "group", "job");

/// Labels are looked at when they are copied.
void read_fields(std::string_view part, std::uint32_t identity) {
  FailedJob job;
  codec::copy(codec::read_fields(part, identity), job);
}

std::vector<Part> parts() {
  std::vector<Part> parts{
      {"fields", "", read_fields},
      {"retention", "", [](auto part, auto id) { (void)codec::read_retention(part, id); }},
      {"payload", "", [](auto part, auto id) { (void)codec::read_payload(part, id); }}};
  codec::append_fields(parts[0].bytes, kIdentity, unit::sample_job(), unit::at(5));
  codec::append_retention(parts[1].bytes, kIdentity, unit::sample_retention());
  codec::append_payload(parts[2].bytes, kIdentity, unit::sample_job().payload);
  return parts;
}

/// A part with this body and the checksum that fits it.
std::string sealed(std::string_view body) {
  std::string part;
  codec::PartWriter writer(part, kIdentity);
  writer.raw(body);
  writer.finish();
  return part;
}

TEST_CASE("every flipped bit of every part is found") {
  for (const Part& part : parts()) {
    INFO(part.name);
    REQUIRE(error_of([&] { part.read(part.bytes, kIdentity); }) == "no error");
    for (std::size_t i = 0; i < part.bytes.size(); ++i) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        std::string damaged = part.bytes;
        damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1U << bit));
        INFO("byte " << i << ", bit " << bit);
        REQUIRE(error_of([&] { part.read(damaged, kIdentity); }) == kMismatch);
      }
    }
  }
}

TEST_CASE("every other value of every byte is found") {
  for (const Part& part : parts()) {
    INFO(part.name);
    for (std::size_t i = 0; i < part.bytes.size(); ++i) {
      std::string damaged = part.bytes;
      for (int value = 0; value < 256; ++value) {
        damaged[i] = static_cast<char>(value);
        const bool same = damaged[i] == part.bytes[i];
        if ((error_of([&] { part.read(damaged, kIdentity); }) == "no error") != same) {
          FAIL("byte " << i << " as " << value);
        }
      }
    }
  }
}

TEST_CASE("a part cut short anywhere is corrupt") {
  for (const Part& part : parts()) {
    INFO(part.name);
    for (std::size_t size = 0; size < part.bytes.size(); ++size) {
      INFO("size " << size);
      const std::string error =
          error_of([&] { part.read(std::string_view(part.bytes).substr(0, size), kIdentity); });
      REQUIRE(error == (size < 4
                            ? "corrupt: a stored job cannot be read: a part is cut short; run the "
                              "store's check"
                            : kMismatch));
    }
  }
}

TEST_CASE("a part with anything behind it is corrupt") {
  for (const Part& part : parts()) {
    for (int value = 0; value < 256; ++value) {
      const std::string longer = part.bytes + static_cast<char>(value);
      REQUIRE(error_of([&] { part.read(longer, kIdentity); }) == kMismatch);
    }
    REQUIRE(error_of([&] { part.read(part.bytes + part.bytes, kIdentity); }) == kMismatch);
  }
}

TEST_CASE("a part of another identity is corrupt") {
  const std::vector<std::uint32_t> others{
      codec::identity("project", "group", "jo"),  codec::identity("project", "group", "job2"),
      codec::identity("project", "grou", "pjob"), codec::identity("projectg", "roup", "job"),
      codec::identity("project", "", "groupjob"), codec::identity("other", "group", "job"),
      codec::identity("project", "other", "job"), codec::identity("group", "project", "job")};
  for (const Part& part : parts()) {
    for (const std::uint32_t other : others) {
      REQUIRE(error_of([&] { part.read(part.bytes, other); }) == kMismatch);
    }
  }
}

TEST_CASE("the identity keeps the borders of its three texts apart") {
  CHECK(codec::identity("a", "bc", "d") != codec::identity("ab", "c", "d"));
  CHECK(codec::identity("a", "b", "cd") != codec::identity("a", "bc", "d"));
  CHECK(codec::identity("a", "", "b") != codec::identity("a", "b", ""));
  CHECK(codec::identity("a", "b", "c") == codec::identity("a", "b", "c"));
}

TEST_CASE("a part with a right checksum and a wrong form is corrupt") {
  struct Row {
    std::size_t part;  // 0 fields, 1 retention
    std::string body;
    const char* text;
  };
  const std::string times(16, '\0');
  const std::string texts(7, '\0');
  const std::vector<Row> rows{
      {0, "", "a part ends in the middle of a value"},
      {0, times, "a part ends in the middle of a value"},
      {0, times + std::string(10, '\xFF'), "a number is too long"},
      {0, times + "\xFF\xFF\xFF\xFF\x10" + texts + '\0', "a number is too large"},
      {0, times + '\0' + "\x05" + "abc", "a part ends in the middle of a value"},
      {0, times + '\0' + std::string(9, '\xFF') + "\x01", "a part ends in the middle of a value"},
      {0, times + '\0' + texts, "a part ends in the middle of a value"},
      {0, times + '\0' + texts + "\x01", "a part ends in the middle of a value"},
      {0, times + '\0' + texts + std::string(9, '\xFF') + "\x01",
       "a part ends in the middle of a value"},
      {0, times + '\0' + texts + '\0' + "x", "a part is longer than its values"},
      {1, "", "a part ends in the middle of a value"},
      {1, std::string("\x20\0\0\0", 4), "a retention has unknown members"},
      {1, std::string("\x08\0\0\0", 4), "a retention has unknown members"},
      {1, std::string("\x01\0\0\0", 4), "a part ends in the middle of a value"},
      {1, std::string("\0\0\0\0x", 5), "a part is longer than its values"},
  };
  const std::vector<Part> all = parts();
  for (const Row& row : rows) {
    INFO(all[row.part].name << ": " << row.text);
    CHECK(error_of([&] { all[row.part].read(sealed(row.body), kIdentity); }) ==
          std::string("corrupt: a stored job cannot be read: ") + row.text +
              "; run the store's check");
  }
  CHECK(error_of([&] { all[0].read(sealed(times + '\0' + texts + '\0'), kIdentity); }) ==
        "no error");
  CHECK(error_of([&] { all[1].read(sealed(std::string(4, '\0')), kIdentity); }) == "no error");
}

}  // namespace
}  // namespace purgatory
