// Where a server listens, and to how many.

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

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

#ifndef __SANITIZE_ADDRESS__  // UBSan, which comes with it, opens pipes to look at objects
TEST_CASE("a server that has no descriptors left for a connection goes on when it has some again") {
  constexpr ::rlimit kFew{.rlim_cur = 100, .rlim_max = 100};
  constexpr std::size_t kMany = 150;
  const Sandbox box;
  const Server server(box);
  const std::string asked = request("GET", kList, a_reader().field());
  {
    std::vector<Client> clients;
    clients.push_back(server.connect());
    CHECK(clients[0].ask(asked).status == 200);
    REQUIRE(::prlimit(server.process(), RLIMIT_NOFILE, &kFew, nullptr) == 0);
    while (clients.size() < kMany) clients.push_back(server.connect());
    const auto event = server.log().wait_for("port_trouble");
    CHECK(event.at("what") == "cannot accept a connection: Too many open files");
    CHECK(clients[0].ask(asked).status == 200);
  }
  CHECK(server.ask(asked).status == 200);
}
#endif

}  // namespace purgatory::server_test
