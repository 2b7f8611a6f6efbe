// SIGHUP: tokens come and go, and the policy changes, while the server runs.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/server/purging.hpp"

namespace purgatory::server_test {
namespace {

using cli_run::contains;
using cli_run::wait_until;

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
  CHECK(contains(event.at("why").as_string(), "tokens:2:1: "));
  CHECK(status_of(client, "shop", a_reader()) == 200);
  CHECK(status_of(client, "media", newcomer()) == 401);

  write_tokens(box, {newcomer()});
  server.signal(SIGHUP);
  CHECK(server.log().wait_for("tokens_reloaded").at("tokens") == 1);
  CHECK(status_of(client, "media", newcomer()) == 200);
}

TEST_CASE("SIGHUP takes the policy of the configuration, which is activated at once") {
  const Sandbox box;
  box.fill();
  const Server server(box, with_purger());
  configure(box, with_purger(kTimeouts));
  server.signal(SIGHUP);
  const auto reloaded = server.log().wait_for("policy_reloaded");
  CHECK(reloaded.at("changed") == true);
  CHECK(server.log().wait_for("policy_activated").at("hash") == reloaded.at("hash"));
  wait_until("the jobs that timed out are purged", [&] { return box.count() == 4; });
}

TEST_CASE("SIGHUP does not wait for the end of a purger's run, which ends for the new policy") {
  const Sandbox box;
  const Server server(box, failing_store("endless"));
  configure(box, failing_store("endless", kTimeouts));
  server.signal(SIGHUP);
  (void)server.log().wait_for("policy_reloaded");
  // It cannot be activated here: that it is tried shows that another run began.
  CHECK(text(server.log().wait_for("purger_failed"), "code") == "unavailable");
}

TEST_CASE("a configuration that cannot be understood leaves the policy as it was") {
  const Sandbox box;
  const Settings settings = with_purger(kTimeouts);
  const Server server(box, settings);
  const auto activated = server.log().wait_for("policy_activated");
  Settings broken = settings;
  broken.sections += "    - { name: late, keep_for: soon }\n";
  configure(box, broken);
  server.signal(SIGHUP);
  const auto event = server.log().wait_for("policy_not_reloaded");
  INFO(text(event, "why"));
  CHECK(text(event, "level") == "error");
  CHECK(contains(text(event, "why"), "server.yaml:14:31: retention.rules[2].keep_for: "));
  (void)server.log().wait_for("tokens_reloaded");  // those are a file of their own

  configure(box, settings);
  server.signal(SIGHUP);
  const auto reloaded = server.log().wait_for("policy_reloaded");
  CHECK(reloaded.at("hash") == activated.at("hash"));
  CHECK(reloaded.at("changed") == false);
}

TEST_CASE("SIGHUP passes on what a configuration allows and surely does not mean") {
  const Sandbox box;
  const Server server(box, with_purger());
  configure(box, with_purger(fmt::format("{}    - {{ name: never, keep_for: 1d }}\n", kTimeouts)));
  server.signal(SIGHUP);
  const auto warning = server.log().wait_for("config_warning");
  CHECK(text(warning, "level") == "warning");
  CHECK(contains(text(warning, "warning"), "retention.rules[2]"));
  CHECK(server.log().wait_for("policy_reloaded").at("changed") == true);
}

TEST_CASE("SIGHUP with the policy that a server has takes nobody's turn") {
  const Sandbox box;
  const Server server(box, with_purger(kTimeouts));
  (void)server.log().wait_for("policy_activated");
  (void)activate_another(box);
  (void)server.log().wait_for("policy_superseded");
  server.signal(SIGHUP);
  CHECK(server.log().wait_for("policy_reloaded").at("changed") == false);
  wait_for_a_run(server);
  CHECK(server.metric("purgatory_policy_superseded") == 1);
  CHECK(server.log().events("policy_activated").size() == 1);
}

}  // namespace purgatory::server_test
