// Behind a gateway, and without authentication.

#include <catch2/catch.hpp>

#include "tests/server_auth/fixture.hpp"

namespace purgatory::server_auth_test {

using Auth = Config::Server::Auth;

namespace {

const Host kHost;
const std::string kSecret = "hunter2hunter2hunter2";

std::string sent(Fields fields) {
  const auto gateway =
      server::make_authenticator({.mode = Auth::Mode::gateway, .gateway_secret = kSecret}, kHost);
  return sender_of(*gateway, fields);
}

/// The same with the secret.
std::string passed_on(Fields fields) {
  fields.emplace_back("x-gateway-secret", kSecret);
  return sent(fields);
}

}  // namespace

TEST_CASE("who comes through the gateway is who it says") {
  CHECK(passed_on({{"X-User-Id", "ann"}, {"X-Project-Id", "media"}, {"X-Roles", "operator"}}) ==
        "ann of media may delete");
  CHECK(passed_on({{"x-user-id", "ann"}, {"X-PROJECT-ID", "media"}, {"x-Roles", "reader"}}) ==
        "ann of media may read");
}

TEST_CASE("projects and roles are lists, unknown roles and empty items mean nothing") {
  CHECK(passed_on({{"X-User-Id", "ann"},
                   {"X-Project-Id", "media, web ,,\tshop"},
                   {"X-Roles", "admin,reader , operator,"}}) == "ann of media,web,shop may delete");
  CHECK(passed_on({{"X-User-Id", "ann"}, {"X-Project-Id", "media"}, {"X-Roles", "x, reader"}}) ==
        "ann of media may read");
}

TEST_CASE("no project stands for all of them") {
  const auto gateway =
      server::make_authenticator({.mode = Auth::Mode::gateway, .gateway_secret = kSecret}, kHost);
  const Fields fields{{"X-Gateway-Secret", kSecret},
                      {"X-User-Id", "ann"},
                      {"X-Project-Id", "*"},
                      {"X-Roles", "reader"}};
  CHECK_FALSE(gateway->authenticate(headers_of(fields)).identity.value().every_project);
}

TEST_CASE("without a user, a project or a known role there is nobody") {
  const std::string nobody = "nobody";
  CHECK(passed_on({}) == nobody);
  CHECK(passed_on({{"X-Project-Id", "media"}, {"X-Roles", "operator"}}) == nobody);
  CHECK(passed_on({{"X-User-Id", ""}, {"X-Project-Id", "media"}, {"X-Roles", "operator"}}) ==
        nobody);
  CHECK(passed_on({{"X-User-Id", "ann"}, {"X-Roles", "operator"}}) == nobody);
  CHECK(passed_on({{"X-User-Id", "ann"}, {"X-Project-Id", " , "}, {"X-Roles", "operator"}}) ==
        nobody);
  CHECK(passed_on({{"X-User-Id", "ann"}, {"X-Project-Id", "media"}}) == nobody);
  for (const std::string role : {"", "admin", "Operator", "operators", "oper ator"}) {
    CHECK(passed_on({{"X-User-Id", "ann"}, {"X-Project-Id", "media"}, {"X-Roles", role}}) ==
          nobody);
  }
}

TEST_CASE("the user's name has 255 bytes at most, as the journal's actors have") {
  const auto named = [](std::size_t size) {
    return passed_on(
        {{"X-User-Id", std::string(size, 'a')}, {"X-Project-Id", "p"}, {"X-Roles", "reader"}});
  };
  CHECK(named(255) == std::string(255, 'a') + " of p may read");
  CHECK(named(256) ==
        R"(400 {"error":{"code":"SDRS.0201","message":"X-User-Id has more than 255 bytes."}})");
}

TEST_CASE("who does not come through the gateway is refused, and told what is missing") {
  const std::string refused =
      R"(407 {"error":{"code":"PURGATORY.0407","message":"This server is reached through its gateway alone."}})";
  const Fields ann{{"X-User-Id", "ann"}, {"X-Project-Id", "media"}, {"X-Roles", "operator"}};
  const auto with = [&](std::initializer_list<std::string> secrets) {
    Fields fields = ann;
    for (const std::string& secret : secrets) fields.emplace_back("X-Gateway-Secret", secret);
    return sent(fields);
  };
  CHECK(with({}) == refused);
  CHECK(with({""}) == refused);
  CHECK(with({kSecret.substr(1)}) == refused);
  CHECK(with({kSecret + "x"}) == refused);
  CHECK(with({"Hunter2hunter2hunter2"}) == refused);
  CHECK(with({kSecret, kSecret}) == refused);
  CHECK(with({kSecret}) == "ann of media may delete");

  const auto gateway =
      server::make_authenticator({.mode = Auth::Mode::gateway, .gateway_secret = kSecret}, kHost);
  const auto headers = gateway->authenticate(headers_of(ann)).refusal.value().headers;
  CHECK(std::ranges::find(headers, std::pair<std::string, std::string>(
                                       "Proxy-Authenticate", "X-Gateway-Secret")) != headers.end());
}

TEST_CASE("a header that the gateway passes on twice is refused") {
  for (const std::string header : {"X-User-Id", "X-Project-Id", "X-Roles"}) {
    CHECK(passed_on({{"X-User-Id", "ann"},
                     {"X-Project-Id", "media"},
                     {"X-Roles", "operator"},
                     {header, "operator"}}) == R"(400 {"error":{"code":"SDRS.0201","message":")" +
                                                   header + R"( is given more than once."}})");
  }
}

TEST_CASE("without authentication everybody may do everything") {
  const auto none = server::make_authenticator({.mode = Auth::Mode::none, .insecure = true}, kHost);
  CHECK(sender_of(*none, {}) == "anonymous of * may delete");
  CHECK(sender_of(*none, {{"X-Auth-Token", "a"}, {"X-Auth-Token", "b"}}) ==
        "anonymous of * may delete");
  CHECK(none->reload() == 0);
}

}  // namespace purgatory::server_auth_test
