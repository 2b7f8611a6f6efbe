// How a server ends, and what becomes of the requests that it has.

#include <catch2/catch.hpp>
#include <csignal>
#include <system_error>

#include "tests/cli/run/write_lock.hpp"
#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

using cli_run::WriteLock;

const Settings& patient() {
  static const Settings settings{
      .repository = "{ backend: file, timeout: 1m, file: { path: store.db } }",
      .more = {"drain_timeout: 1h", "idle_timeout: 1h"}};
  return settings;
}

std::string deletion() { return request("DELETE", kBatch, an_operator().field()); }

/// A request that the server works on until the lock goes. It has read what came before an answer.
Client waiting(const Server& server) {
  Client client = server.connect();
  client.send(deletion());
  CHECK(server.ask(request("GET", kList, a_reader().field())).status == 200);
  return client;
}

bool refuses_connections(const Server& server) {
  try {
    (void)server.connect();
    return false;
  } catch (const std::system_error& error) {
    return error.code() == std::errc::connection_refused;
  }
}

}  // namespace

TEST_CASE("a server that is asked to stop answers what it has begun, and nothing else") {
  const Sandbox box;
  box.fill();
  Server server(box, patient());
  std::optional<WriteLock> lock(box / "store.db");
  Client begun = waiting(server);
  Client half = server.connect();
  half.send("GET /v1/shop/task-center/failure-jobs HTTP/1.1\r\n");
  CHECK(server.ask(request("GET", "/v1")).status == 404);  // so the half has been read

  server.signal(SIGTERM);
  (void)server.log().wait_for("draining");
  cli_run::wait_until("connections are refused", [&] { return refuses_connections(server); });
  half.send("Host: tasks.example\r\n\r\n");
  const Answer late = half.answer();
  CHECK(missing(late, false).empty());
  CHECK(shown(late) == "503 PURGATORY.0503: The server is shutting down: come again later.");
  CHECK(late.closes());
  CHECK(half.rest().empty());

  lock.reset();
  const Answer answer = begun.answer();
  CHECK(answer.status == 204);
  CHECK(answer.closes());
  CHECK(begun.rest().empty());
  CHECK(server.wait() == 0);
  CHECK(server.log().events("stopped").size() == 1);
  CHECK(box.count() == 4);
}

TEST_CASE("a server that is asked to stop closes the connections that nobody uses") {
  const Sandbox box;
  Server server(box, patient());
  Client fresh = server.connect();
  Client used = server.connect();
  CHECK(used.ask(request("GET", kList, a_reader().field())).status == 200);
  const int signal = GENERATE(SIGTERM, SIGINT);
  server.signal(signal);
  CHECK(fresh.rest().empty());
  CHECK(used.rest().empty());
  CHECK(server.wait() == 0);
}

TEST_CASE("a server that is asked to stop waits no longer than it is told to") {
  const Sandbox box;
  box.fill();
  Settings settings = patient();
  settings.more = {"drain_timeout: 100ms"};
  settings.repository = "{ backend: file, timeout: 2s, file: { path: store.db } }";
  Server server(box, settings);
  const WriteLock lock(box / "store.db");
  Client begun = waiting(server);
  CHECK(server.stop() == 0);
  CHECK(begun.rest().empty());
}

TEST_CASE("a server that is asked to stop twice waits for nobody") {
  const Sandbox box;
  box.fill();
  Settings settings = patient();
  settings.repository = "{ backend: file, timeout: 2s, file: { path: store.db } }";
  Server server(box, settings);
  const WriteLock lock(box / "store.db");
  Client begun = waiting(server);
  server.signal(SIGTERM);
  (void)server.log().wait_for("draining");
  CHECK(server.stop() == 0);
  CHECK(begun.rest().empty());
}

}  // namespace purgatory::server_test
