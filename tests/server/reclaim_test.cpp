// What is past its undo window is freed by the server, without anybody's asking.

#include <catch2/catch.hpp>

#include "tests/server/server.hpp"

namespace purgatory::server_test {

TEST_CASE("a server frees what can be undone no longer") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --group payments --yes --undo-window 0s");
  box.out("purge --project shop --project-level --yes");
  Server server(box);
  const auto reclaimed = server.log().wait_for("reclaimed");
  CHECK(reclaimed.at("project") == "shop");
  CHECK(reclaimed.at("jobs") == 3);
  CHECK(server.stop() == 0);
  CHECK(box.json("trash list --project shop").as_array().size() == 1);
}

TEST_CASE("a server says why it could free nothing, and serves all the same") {
  const Sandbox box;
  const Server server(box, {.repository = "{ backend: failing, failing: { way: unavailable } }",
                            .sections = "plugins: { path: [" PURGATORY_SERVER_PLUGINS "] }\n"});
  const auto failed = server.log().wait_for("not_reclaimed");
  CHECK(cli_run::contains(failed.at("why").as_string(), "db.example is down"));
  CHECK(server.admin_page("/healthz") == "ok\n");
}

}  // namespace purgatory::server_test
