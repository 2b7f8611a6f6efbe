// The admin port: whether the server lives and can serve, what it has done, what its API is.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <optional>

#include "tests/cli/run/write_lock.hpp"
#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

Answer ask_admin(const Server& server, std::string_view method, std::string_view target) {
  Client client(server.admin());
  client.send(request(method, target));
  return client.answer(method == "HEAD");
}

std::string requests_total(std::string_view method, std::string_view call, unsigned status) {
  return fmt::format("purgatory_http_requests_total{{call=\"{}\",method=\"{}\",status=\"{}\"}}",
                     call, method, status);
}

}  // namespace

TEST_CASE("a server that works says so") {
  const Sandbox box;
  const Server server(box);
  CHECK(server.admin_page("/healthz") == "ok\n");
  CHECK(server.admin_page("/readyz") == "ready\n");
  CHECK(ask_admin(server, "HEAD", "/healthz").status == 200);
  CHECK(ask_admin(server, "GET", "/healthz?verbose").status == 200);
  CHECK(ask_admin(server, "POST", "/readyz").status == 405);
  CHECK(ask_admin(server, "GET", "/").status == 404);
  CHECK(ask_admin(server, "GET", kList).status == 404);
}

TEST_CASE("a server whose store is away lives, and is not ready") {
  const Sandbox box;
  const Server server(box, {.repository = "{ backend: failing, failing: { way: unavailable } }",
                            .sections = "plugins: { path: [" PURGATORY_SERVER_PLUGINS "] }\n"});
  CHECK(server.admin_page("/healthz") == "ok\n");
  const Answer answer = ask_admin(server, "GET", "/readyz");
  CHECK(answer.status == 503);
  INFO(answer.body);
  CHECK(answer.body.starts_with("the store does not answer: "));
  CHECK(cli_run::contains(answer.body, "db.example is down"));
}

TEST_CASE("a server that drains lives, and is not ready") {
  const Sandbox box;
  box.fill();
  Server server(box, {.repository = "{ backend: file, timeout: 1m, file: { path: store.db } }"});
  std::optional<cli_run::WriteLock> lock(box / "store.db");
  Client begun = server.connect();
  begun.send(request("DELETE", kBatch, an_operator().field()));
  CHECK(server.ask(request("GET", "/v1")).status == 404);  // so the deletion has begun
  server.signal(SIGTERM);
  (void)server.log().wait_for("draining");
  CHECK(server.admin_page("/healthz") == "ok\n");
  const Answer answer = ask_admin(server, "GET", "/readyz");
  CHECK(answer.status == 503);
  CHECK(answer.body == "draining\n");
  lock.reset();
  CHECK(begun.answer().status == 204);
  CHECK(server.wait() == 0);
}

TEST_CASE("metrics count requests by method, call and status, and name nobody") {
  const Sandbox box;
  box.fill();
  const Server server(box);
  Client client = server.connect();
  for (int i = 0; i < 3; ++i) (void)client.ask(request("GET", kList, a_reader().field()));
  (void)client.ask(request("DELETE", kBatch, an_operator().field()));
  (void)client.ask(request("DELETE", kBatch, a_reader().field()));
  (void)client.ask(request("GET", "/v1/shop/secret-place"));
  (void)client.ask(request("BREW", kList, a_reader().field()));

  CHECK(server.metric(requests_total("GET", "list", 200)) == 3);
  CHECK(server.metric(requests_total("DELETE", "purge_level", 204)) == 1);
  CHECK(server.metric(requests_total("DELETE", "purge_level", 403)) == 1);
  CHECK(server.metric("purgatory_http_request_duration_seconds_count{call=\"list\"}") == 3);
  CHECK(server.metric("purgatory_http_connections") == 1);
  CHECK(server.metric("purgatory_http_refused_connections_total") == 0);
  const std::string page = server.admin_page("/metrics");
  for (const char* word : {"shop", "secret-place", "olga", "rita", "BREW"}) {
    INFO(word);
    CHECK_FALSE(cli_run::contains(page, word));
  }
}

TEST_CASE("metrics count connections that were refused") {
  const Sandbox box;
  const Server server(box, {.more = {"connections: 1"}});
  Client first = server.connect();
  CHECK(first.ask(request("GET", kList, a_reader().field())).status == 200);
  Client second = server.connect();
  CHECK(second.answer().status == 503);
  CHECK(second.rest().empty());
  CHECK(server.metric("purgatory_http_refused_connections_total") == 1);
}

TEST_CASE("the description of the API has all of its calls") {
  const Sandbox box;
  const Server server(box);
  const auto description = boost::json::parse(server.admin_page("/openapi.json")).as_object();
  CHECK(description.at("openapi").as_string().starts_with("3."));
  const auto& paths = description.at("paths").as_object();
  const std::string base = "/v1/{project_id}/task-center/";
  CHECK(paths.at(base + "failure-jobs").as_object().contains("get"));
  CHECK(paths.at(base + "failure-jobs/batch").as_object().contains("delete"));
  CHECK(paths.at(base + "{server_group_id}/failure-jobs/batch").as_object().contains("delete"));
  CHECK(paths.at(base + "failure-jobs/{failure_job_id}").as_object().contains("delete"));
}

}  // namespace purgatory::server_test
