// auth.mode: gateway and none: who asks is what a proxy says, or does not matter.

#include <catch2/catch.hpp>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef";
const std::string kFromGateway = "X-Gateway-Secret: " + std::string(kSecret) + "\r\n";

Settings gateway() {
  return {.auth = "{ mode: gateway, gateway: { secret: \"" + std::string(kSecret) + "\" } }"};
}

}  // namespace

TEST_CASE("407: a request that does not come through the gateway") {
  const Sandbox box;
  box.fill();
  const Server server(box, gateway());
  const std::string sender = "X-Project-Id: shop\r\nX-User-Id: olga\r\nX-Roles: operator\r\n";
  for (const std::string secret :
       {"", "X-Gateway-Secret: 0123456789abcdeX\r\n", "X-Gateway-Secret: 0123456789abcdef0\r\n"}) {
    const Answer answer = server.ask(request("DELETE", kBatch, secret + sender));
    CHECK(answer.status == 407);
    CHECK(shown(answer).starts_with("407 PURGATORY.0407: "));
    CHECK(answer.field("Proxy-Authenticate") == "X-Gateway-Secret");
  }
  CHECK(box.count() == 6);
  CHECK(server.ask(request("DELETE", kBatch, kFromGateway + sender)).status == 204);
  CHECK(box.json("journal --project shop").at(0).at("actor") == "olga");
  CHECK_FALSE(cli_run::contains(server.log().text(), kSecret));
}

TEST_CASE("a gateway says who asks, and for which projects") {
  const Sandbox box;
  const Server server(box, gateway());
  const auto status = [&](std::string_view method, const std::string& fields) {
    const auto target = method == "GET" ? kList : kBatch;
    return server.ask(request(method, target, kFromGateway + fields)).status;
  };
  CHECK(status("GET", "X-Project-Id: media, shop\r\nX-User-Id: u\r\nX-Roles: x, reader\r\n") ==
        200);
  CHECK(status("DELETE", "X-Project-Id: shop\r\nX-User-Id: u\r\nX-Roles: reader\r\n") == 403);
  CHECK(status("GET", "X-Project-Id: media\r\nX-User-Id: u\r\nX-Roles: operator\r\n") == 403);
  CHECK(status("GET", "X-Project-Id: shop\r\nX-User-Id: u\r\nX-Roles: admin\r\n") == 401);
  CHECK(status("GET", "X-Project-Id: shop\r\nX-Roles: reader\r\n") == 401);
  CHECK(status("GET", "X-User-Id: u\r\nX-Roles: reader\r\n") == 401);
  CHECK(
      status("GET",
             "X-Project-Id: media\r\nX-Project-Id: shop\r\nX-User-Id: u\r\nX-Roles: reader\r\n") ==
      400);
  CHECK(status("GET", an_operator().field()) == 401);
}

TEST_CASE("without authentication everybody may do everything") {
  const Sandbox box;
  box.fill();
  const Server server(box, {.auth = "{ mode: none, insecure: true }"});
  CHECK(server.ask(request("DELETE", kBatch)).status == 204);
  CHECK(server.ask(request("GET", "/v1/media/task-center/failure-jobs")).status == 200);
  CHECK(box.json("journal --project shop").at(0).at("actor") == "anonymous");
}

}  // namespace purgatory::server_test
