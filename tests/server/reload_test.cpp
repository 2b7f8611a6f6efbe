// SIGHUP: tokens come and go while the server runs.

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

const Token& newcomer() {
  static const Token token("project=media role=reader name=new");
  return token;
}

unsigned status_of(Client& client, std::string_view project, const Token& token) {
  return client
      .ask(request("GET", "/v1/" + std::string(project) + "/task-center/failure-jobs",
                   token.field()))
      .status;
}

}  // namespace

TEST_CASE("SIGHUP reads the tokens again, for connections that are open, too") {
  const Sandbox box;
  const Server server(box);
  Client client = server.connect();
  CHECK(status_of(client, "shop", a_reader()) == 200);
  CHECK(status_of(client, "media", newcomer()) == 401);

  write_tokens(box, {newcomer(), an_operator()});
  server.signal(SIGHUP);
  CHECK(server.log().wait_for("tokens_reloaded").at("tokens") == 2);
  CHECK(status_of(client, "shop", a_reader()) == 401);
  CHECK(status_of(client, "media", newcomer()) == 200);
  CHECK(status_of(client, "shop", an_operator()) == 200);
}

TEST_CASE("a file that cannot be understood leaves the tokens as they were") {
  const Sandbox box;
  const Server server(box);
  Client client = server.connect();
  box.write("tokens", newcomer().line() + "sha256=nonsense project=shop role=operator\n");
  server.signal(SIGHUP);
  const auto event = server.log().wait_for("tokens_not_reloaded");
  INFO(event.at("why").as_string());
  CHECK(cli_run::contains(event.at("why").as_string(), "tokens:2:1: "));
  CHECK(status_of(client, "shop", a_reader()) == 200);
  CHECK(status_of(client, "media", newcomer()) == 401);

  write_tokens(box, {newcomer()});
  server.signal(SIGHUP);
  CHECK(server.log().wait_for("tokens_reloaded").at("tokens") == 1);
  CHECK(status_of(client, "media", newcomer()) == 200);
}

}  // namespace purgatory::server_test
