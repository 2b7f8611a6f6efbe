// Where a server listens, how many it listens to, and by TLS.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>

#include "tests/cli/process.hpp"
#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

bool has_ipv6() {
  std::ifstream addresses("/proc/net/if_inet6");
  for (std::string line; std::getline(addresses, line);) {
    if (line.starts_with("00000000000000000000000000000001 ")) return true;
  }
  std::cout << "not run: there is no ::1 here\n";
  return false;
}

/// What openssl's client gets for a request that asks to close.
std::string by_tls(const Sandbox& box, const std::string& api, const std::string& bytes) {
  box.write("request", bytes);
  return cli_test::output_of(fmt::format(
      "cd {} && openssl s_client -quiet -ign_eof -verify_return_error -verify_ip 127.0.0.1 -CAfile "
      "server.pem -connect {} < request 2> tls_errors",
      cli_test::quoted(box.path()), api.substr(api.find("//") + 2)));
}

}  // namespace

TEST_CASE("a server listens on an address of IPv6") {
  if (!has_ipv6()) return;
  const Sandbox box;
  const Server server(box, {.listen = "[::1]:0"});
  CHECK(server.api().starts_with("http://[::1]:"));
  CHECK(server.ask(request("GET", kList, a_reader().field())).status == 200);
  CHECK(cli_run::contains(server.log().wait_for("request").at("client").as_string(), "[::1]:"));
}

TEST_CASE("503: more connections than there may be, and fewer again") {
  const Sandbox box;
  const Server server(box, {.more = {"connections: 2"}});
  const std::string asked = request("GET", kList, a_reader().field());
  Client first = server.connect();
  CHECK(first.ask(asked).status == 200);
  {
    Client second = server.connect();
    CHECK(second.ask(asked).status == 200);
    Client third = server.connect();
    const Answer answer = third.answer();
    CHECK(missing(answer, false).empty());
    CHECK(shown(answer) == "503 PURGATORY.0503: There are too many connections: come again later.");
    CHECK(answer.closes());
    CHECK(third.rest().empty());
    CHECK(second.ask(asked).status == 200);
  }
  CHECK(first.ask(asked).status == 200);
  cli_run::wait_until("there is room again", [&] {
    Client client = server.connect();
    client.send(asked);
    return client.answer().status == 200;
  });
}

TEST_CASE("a server speaks TLS with its certificate, and nothing else on that port") {
  const Sandbox box;
  box.fill();
  CHECK(cli_test::output_of(fmt::format(
            "cd {} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 "
            "-subj /CN=tasks.example -addext subjectAltName=IP:127.0.0.1 -keyout server.key -out "
            "server.pem 2> /dev/null",
            cli_test::quoted(box.path()))) == "");
  const Server server(box, {.more = {"tls: { cert: server.pem, key: server.key }"}});
  CHECK(server.api().starts_with("https://127.0.0.1:"));

  std::string received = by_tls(
      box, server.api(), request("GET", kList, an_operator().field() + "Connection: close\r\n"));
  INFO(box.read("tls_errors"));
  const auto answer = take_answer(received, false);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(missing(*answer, false).empty());
  CHECK(count_of(*answer) == 2);
  CHECK(received.empty());

  Client plain = server.connect();
  plain.send(request("GET", kList, an_operator().field()));
  CHECK_FALSE(plain.rest().starts_with("HTTP/"));
}

}  // namespace purgatory::server_test
