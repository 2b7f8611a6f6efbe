// TLS: a certificate that clients can check, which can be replaced while the server runs.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/cli/process.hpp"
#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

std::string shell(const Sandbox& box, const std::string& line) {
  return cli_test::output_of(fmt::format("cd {} && {}", cli_test::quoted(box.path()), line));
}

/// Makes a certificate NAME.pem for 127.0.0.1 that signs itself, and its NAME.key.
void make_certificate(const Sandbox& box, const std::string& name) {
  const std::string said = shell(
      box, fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "
                       "1 -subj /CN=tasks.example -addext subjectAltName=IP:127.0.0.1 -keyout "
                       "{0}.key -out {0}.pem 2> /dev/null || echo failed",
                       name));
  REQUIRE(said.empty());
}

/// What openssl's client receives that trusts one certificate; nothing if the server has another.
std::string received(const Sandbox& box, const Server& server, const std::string& trusted) {
  box.write("request", request("GET", kList, an_operator().field() + "Connection: close\r\n"));
  return shell(box, fmt::format("openssl s_client -quiet -ign_eof -verify_return_error -verify_ip "
                                "127.0.0.1 -CAfile {}.pem -connect {} < request 2> tls_errors",
                                trusted, server.api().substr(server.api().find("//") + 2)));
}

Settings with_tls() {
  return {.more = {"tls: { cert: server.pem, key: server.key }", "header_timeout: 200ms"}};
}

}  // namespace

TEST_CASE("a server speaks TLS, and the same over it") {
  const Sandbox box;
  box.fill();
  make_certificate(box, "server");
  const Server server(box, with_tls());
  CHECK(server.api().starts_with("https://127.0.0.1:"));
  std::string bytes = received(box, server, "server");
  INFO(box.read("tls_errors"));
  const auto answer = take_answer(bytes, false);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(missing(*answer, false).empty());
  CHECK(count_of(*answer) == 2);
  CHECK(bytes.empty());
}

TEST_CASE("a port for TLS answers nothing without it, and does not wait for it for ever") {
  const Sandbox box;
  make_certificate(box, "server");
  const Server server(box, with_tls());
  Client plain = server.connect();
  plain.send(request("GET", kList, an_operator().field()));
  CHECK_FALSE(cli_run::contains(plain.rest(), "HTTP/"));
  CHECK(server.connect().rest().empty());
  CHECK(server.log().events("request").empty());
}

TEST_CASE("SIGHUP reads the certificate again, unless it is none") {
  const Sandbox box;
  make_certificate(box, "server");
  make_certificate(box, "next");
  shell(box, "cp server.pem first.pem");
  const Server server(box, with_tls());
  CHECK(received(box, server, "next").empty());

  box.write("server.pem", "no certificate\n");
  server.signal(SIGHUP);
  const auto event = server.log().wait_for("certificates_not_reloaded");
  CHECK(cli_run::contains(event.at("why").as_string(), "server.pem"));
  CHECK(received(box, server, "first").starts_with("HTTP/1.1 200 "));

  shell(box, "cp next.pem server.pem && cp next.key server.key");
  server.signal(SIGHUP);
  (void)server.log().wait_for("certificates_reloaded");
  CHECK(received(box, server, "next").starts_with("HTTP/1.1 200 "));
  CHECK(received(box, server, "first").empty());
}

}  // namespace purgatory::server_test
