// RFC 3339, as it is read and written.

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;

constexpr std::int64_t kLastMilli = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

/// Reads a time and writes it again in UTC; "none" if it is none.
std::string in_utc(const std::string& text) {
  const auto time = parse_time(text);
  return time ? format_time(*time) : "none";
}

TEST_CASE("a time is written in UTC, with milliseconds") {
  CHECK(format_time(at(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(format_time(at(1)) == "1970-01-01T00:00:00.001Z");
  CHECK(format_time(at(1'795'441'914'108)) == "2026-11-23T13:51:54.108Z");
  CHECK(format_time(at(1'709'251'199'999)) == "2024-02-29T23:59:59.999Z");
  CHECK(format_time(at(9'223'372'036'855)) == "2262-04-11T23:47:16.855Z");  // 2^63 ns
  CHECK(format_time(at(kLastMilli)) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("a time before 1970 can be written, too") {
  CHECK(format_time(at(-1)) == "1969-12-31T23:59:59.999Z");
  CHECK(format_time(at(-62'135'596'800'000)) == "0001-01-01T00:00:00.000Z");
}

TEST_CASE("every millisecond of 1970 to 9999 comes back as it was written") {
  rc::prop("time", [] {
    const Time time =
        at(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(0, kLastMilli + 1)));
    const std::string text = format_time(time);
    RC_ASSERT(text.size() == 24);
    RC_ASSERT(parse_time(text) == time);
  });
}

TEST_CASE("a time is read with any letter and separator that RFC 3339 has") {
  for (const char* text : {"2026-11-23T13:51:54Z", "2026-11-23t13:51:54z", "2026-11-23 13:51:54Z",
                           "2026-11-23T13:51:54.0Z"}) {
    INFO(text);
    CHECK(in_utc(text) == "2026-11-23T13:51:54.000Z");
  }
}

TEST_CASE("a fraction of up to 9 digits is cut to milliseconds") {
  CHECK(in_utc("2026-11-23T13:51:54.1Z") == "2026-11-23T13:51:54.100Z");
  CHECK(in_utc("2026-11-23T13:51:54.12Z") == "2026-11-23T13:51:54.120Z");
  CHECK(in_utc("2026-11-23T13:51:54.1239Z") == "2026-11-23T13:51:54.123Z");
  CHECK(in_utc("2026-11-23T13:51:54.999999999Z") == "2026-11-23T13:51:54.999Z");
  CHECK(in_utc("2026-11-23T13:51:54.000000001Z") == "2026-11-23T13:51:54.000Z");
  CHECK(in_utc("2026-11-23T13:51:54.1234567890Z") == "none");
  CHECK(in_utc("2026-11-23T13:51:54.Z") == "none");
  CHECK(in_utc("2026-11-23T13:51:54,5Z") == "none");
}

TEST_CASE("an offset is taken off") {
  CHECK(in_utc("2026-11-23T13:51:54+00:00") == "2026-11-23T13:51:54.000Z");
  CHECK(in_utc("2026-11-23T13:51:54-00:00") == "2026-11-23T13:51:54.000Z");
  CHECK(in_utc("2026-11-23T13:51:54.5+05:30") == "2026-11-23T08:21:54.500Z");
  CHECK(in_utc("2026-12-31T23:00:00-02:00") == "2027-01-01T01:00:00.000Z");
  CHECK(in_utc("2024-03-01T00:00:00+23:59") == "2024-02-29T00:01:00.000Z");
}

TEST_CASE("a day has to be in its month") {
  CHECK(in_utc("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00.000Z");
  CHECK(in_utc("2000-02-29T00:00:00Z") == "2000-02-29T00:00:00.000Z");
  for (const char* text :
       {"2023-02-29", "2100-02-29", "2024-02-30", "2026-04-31", "2026-06-31", "2026-09-31",
        "2026-11-31", "2026-01-32", "2026-01-00", "2026-00-01", "2026-13-01"}) {
    INFO(text);
    CHECK(in_utc(std::string(text) + "T00:00:00Z") == "none");
  }
}

TEST_CASE("a leap second is the next one's begin") {
  CHECK(in_utc("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00.000Z");
  CHECK(in_utc("2016-12-31T23:59:60.25Z") == "2017-01-01T00:00:00.250Z");
  CHECK(in_utc("2016-12-31T23:59:61Z") == "none");
}

TEST_CASE("the moments of 1970 to 9999 are read, whatever the year that their offset gives them") {
  CHECK(in_utc("1970-01-01T00:00:00Z") == "1970-01-01T00:00:00.000Z");
  CHECK(in_utc("1969-12-31T23:00:00-01:00") == "1970-01-01T00:00:00.000Z");
  CHECK(in_utc("1969-12-31T23:59:59.999Z") == "none");
  CHECK(in_utc("1970-01-01T00:00:00+00:01") == "none");
  CHECK(in_utc("9999-12-31T23:59:59.999Z") == "9999-12-31T23:59:59.999Z");
  CHECK(in_utc("9999-12-31T23:59:60Z") == "none");
  CHECK(in_utc("9999-12-31T23:59:00-00:01") == "none");
  CHECK(in_utc("0000-01-01T00:00:00Z") == "none");
}

TEST_CASE("what is no time is none") {
  for (const char* text : {"",
                           " ",
                           "Z",
                           "now",
                           "1795441914108",
                           "2026-11-23",
                           "2026-11-23T13:51:54",
                           "2026-11-23T13:51Z",
                           "2026-11-23T24:00:00Z",
                           "2026-11-23T13:60:00Z",
                           "2026-11-23T13:51:5Z",
                           "26-11-23T13:51:54Z",
                           "02026-11-23T13:51:54Z",
                           "2026-1-23T13:51:54Z",
                           "2026/11/23T13:51:54Z",
                           "2026-11-23_13:51:54Z",
                           "20261123T135154Z",
                           "+026-11-23T13:51:54Z",
                           "2026-11-23T13:51:+4Z",
                           "2026-11-23T13:51:54 Z",
                           " 2026-11-23T13:51:54Z",
                           "2026-11-23T13:51:54Z ",
                           "2026-11-23T13:51:54ZZ",
                           "2026-11-23T13:51:54+0100",
                           "2026-11-23T13:51:54+01",
                           "2026-11-23T13:51:54+24:00",
                           "2026-11-23T13:51:54+01:60",
                           "2026-11-23T13:51:54+1:00",
                           "2026-11-23T13:51:54\xE2\x88\x92"
                           "01:00"}) {
    INFO(text);
    CHECK(in_utc(text) == "none");
  }
  CHECK(in_utc(std::string("2026-11-23T13:51:54Z\0", 21)) == "none");
  CHECK(in_utc(std::string("2026-11-23T13:51:5\0Z", 20)) == "none");
}

TEST_CASE("each beginning of a time is none") {
  const std::string text = "2026-11-23T13:51:54.108+01:00";
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO(text.substr(0, size));
    CHECK(in_utc(text.substr(0, size)) == "none");
  }
}

TEST_CASE("whatever the bytes are, what is read can be written and read again") {
  rc::prop("bytes like those of a time", [] {
    std::string text = "2026-11-23T13:51:54.108+01:00";
    const auto changes = *rc::gen::container<std::vector<std::pair<std::size_t, char>>>(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, text.size()),
                      rc::gen::elementOf(std::string("0123456789-:.+TtZz \0\xFF", 22))));
    for (const auto& [place, byte] : changes) text[place] = byte;
    if (const auto time = parse_time(text)) RC_ASSERT(parse_time(format_time(*time)) == time);
  });
}

}  // namespace
}  // namespace purgatory
