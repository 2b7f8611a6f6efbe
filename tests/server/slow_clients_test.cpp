// Clients that take their time: each has as much as the configuration gives it, and costs nobody
// else anything.

#include <poll.h>

#include <catch2/catch.hpp>
#include <vector>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

constexpr std::string_view kLate =
    "408 SDRS.0008: The request took too long to arrive: send it at once.";

/// Of someone who may read in the project of `Sandbox::fill_with`.
const Token kReader("project=many role=reader");
const std::string kLongList = request("GET", "/v1/many/task-center/failure-jobs", kReader.field());

/// The answer that ends a connection, and nothing after it.
std::string last_answer(Client& client) {
  const Answer answer = client.answer();
  CHECK(missing(answer, false).empty());
  CHECK(answer.closes());
  CHECK(client.rest().empty());
  return shown(answer);
}

/// Clients of whom each sends its request byte by byte, and never ends.
class Dribblers {
 public:
  Dribblers(const Server& server, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.push_back(server.connect());
      clients_.back().send("GET /v1 HTTP/1.1\r\nX-Slow: ");
    }
  }

  [[nodiscard]] bool any() const { return !clients_.empty(); }

  /// A byte more of each; then takes the answers that came. What each ended with is in `ends`.
  void go_on(std::vector<std::string>& ends) {
    constexpr int kPace = 20;  // milliseconds
    std::vector<::pollfd> events;
    for (const Client& client : clients_) {
      client.send("a");
      events.push_back({.fd = client.number(), .events = POLLIN, .revents = 0});
    }
    ::poll(events.data(), events.size(), kPace);
    std::vector<Client> left;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (events[i].revents == 0) {
        left.push_back(std::move(clients_[i]));
      } else {
        ends.push_back(last_answer(clients_[i]));
      }
    }
    clients_ = std::move(left);
  }

 private:
  std::vector<Client> clients_;
};

}  // namespace

TEST_CASE("408: a request that does not end") {
  const Sandbox box;
  const Server server(box, {.more = {"header_timeout: 100ms"}});
  Client client = server.connect();
  client.send("GET ");
  CHECK(last_answer(client) == kLate);
}

TEST_CASE("408: a second request that does not end") {
  const Sandbox box;
  const Server server(box, {.more = {"header_timeout: 100ms"}});
  Client client = server.connect();
  CHECK(client.ask(request("GET", kList, a_reader().field())).status == 200);
  client.send("\r\nG");
  CHECK(last_answer(client) == kLate);
}

TEST_CASE("a client that never sends anything is closed silently") {
  const Sandbox box;
  const Server server(box, {.more = {"header_timeout: 100ms"}});
  CHECK(server.connect().rest().empty());
}

TEST_CASE("a connection that nobody uses any more is closed silently") {
  const Sandbox box;
  const Server server(box, {.more = {"idle_timeout: 100ms", "header_timeout: 1h"}});
  Client client = server.connect();
  CHECK(client.ask(request("GET", kList, a_reader().field())).status == 200);
  CHECK(client.rest().empty());
}

TEST_CASE("clients that leave before their answer take nothing with them") {
  constexpr int kClients = 100;
  const Sandbox box;
  box.fill_with(1000);
  const Server server(box,
                      {.repository = "{ backend: file, timeout: 1m, file: { path: store.db } }",
                       .tokens = {kReader}});
  for (int i = 0; i < kClients; ++i) server.connect().send(kLongList);
  CHECK(server.ask(kLongList).status == 200);
}

TEST_CASE("a client that does not read its answers is closed, and its requests wait") {
  constexpr std::size_t kRequests = 200;  // whose answers fill the buffers of both ends many times
  const Sandbox box;
  box.fill_with(1000);
  const Server server(box, {.more = {"idle_timeout: 200ms"}, .tokens = {kReader}});
  const Client client = server.connect();
  for (std::size_t i = 0; i < kRequests; ++i) client.send(kLongList);
  cli_run::wait_until("the connection is closed",
                      [&] { return server.metric("purgatory_http_connections") == 0; });
  CHECK(server.log().events("request").size() < kRequests);
}

TEST_CASE("a thousand clients that dribble keep nobody from being answered, and all end") {
  constexpr std::size_t kClients = 1000;
  const Sandbox box;
  const Server server(box, {.more = {"header_timeout: 1s", "connections: 1010"}});
  Dribblers dribblers(server, kClients);
  std::vector<std::string> ends;
  std::size_t answered = 0;
  while (dribblers.any()) {
    dribblers.go_on(ends);
    REQUIRE(server.ask(request("GET", kList, a_reader().field())).status == 200);
    ++answered;
  }
  CHECK(answered > 1);
  CHECK(ends == std::vector<std::string>(kClients, std::string(kLate)));
}

}  // namespace purgatory::server_test
