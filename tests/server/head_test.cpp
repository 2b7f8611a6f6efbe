// What is no request, to the text. (What else decides about a request's bytes: framing_test.cpp.)

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "apps/purgatoryd/http/head.hpp"

namespace purgatory::server_test {
namespace {

using server::http::HeadReader;
using server::http::Malformed;

/// Why the bytes are no request; empty: they are one, or more has to come.
std::string refused(std::string bytes) {
  try {
    (void)HeadReader().read(bytes);
    return {};
  } catch (const Malformed& malformed) {
    return malformed.what();
  }
}

std::string with(std::string_view fields) {
  return fmt::format("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", fields);
}

}  // namespace

TEST_CASE("a client is told why its bytes are no request") {
  struct Row {
    std::string bytes;
    std::string text;
  };
  const auto row = GENERATE(values<Row>({
      {"GET / HTTP/1.1\n",
       "A line ends with CR and LF, and neither stands elsewhere (RFC 9112, 2.2)."},
      {with(" b\r\n"), "A line begins with a space: folded lines are refused (RFC 9112, 5.2)."},
      {with(std::string("B: \0\r\n", 6)),
       "There is a control character in the head of the request."},
      {with("B : c\r\n"), "This is no request of HTTP/1.1: bad field."},
      {"GET / HTTP/1.2\r\n\r\n", "This is no request of HTTP/1.1: bad version."},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
       "The target of the request is neither a path nor an http address (RFC 9112, 3.2)."},
      {"GET / HTTP/1.1\r\n\r\n", "A request has exactly one Host (RFC 9112, 3.2)."},
      {with("Host: b\r\n"), "A request has exactly one Host (RFC 9112, 3.2)."},
      {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
       "Host is no host with an optional port (RFC 9110, 7.2)."},
      {with("Transfer-Encoding: chunked\r\n"),
       "No call here takes a body: send no Transfer-Encoding."},
      {with("Content-Length: 1\r\n"),
       "No call here takes a body: send no Content-Length, or one of 0."},
      {with("B: " + std::string(8192, 'b')), "The head of a request has at most 8192 bytes."},
  }));
  CAPTURE(row.bytes);
  CHECK(refused(row.bytes) == row.text);
}

TEST_CASE("a request has at most 64 fields") {
  std::string fields;
  for (int i = 1; i < 64; ++i) fields += "B: c\r\n";
  CHECK(refused(with(fields)).empty());
  CHECK(refused(with(fields + "B: c\r\n")) == "A request has at most 64 fields.");
}

TEST_CASE("an empty line before a request is none of it") {
  HeadReader reader;
  std::string bytes = "\r\n";
  CHECK_FALSE(reader.read(bytes));
  CHECK(bytes.empty());
  bytes = with("");
  CHECK(reader.read(bytes));
  CHECK(refused("\r\n\r\n") == "This is no request of HTTP/1.1: bad method.");
}

}  // namespace purgatory::server_test
