// Behind nginx: what it takes for one request is one here, too. A second one that only this server
// saw would be one that somebody smuggled past the proxy.

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <set>
#include <system_error>

#include "tests/server/nginx.hpp"
#include "tests/server/server.hpp"
#include "tests/server/vectors.hpp"

namespace purgatory::server_test {
namespace {

/// Sends a vector and waits until nginx is done with it, whatever it says.
void send_through(const Nginx& nginx, const Vector& vector) {
  Client client(nginx.address());
  client.send(vector.bytes);
  client.half_close();
  try {
    (void)client.rest();
  } catch (const std::system_error&) {  // it closed without reading all
  }
}

}  // namespace

TEST_CASE("nginx passes a request on, and its answer back") {
  const Sandbox box;
  box.fill();
  const Server server(box);
  Nginx nginx(box, server.api());
  Client client(nginx.address());
  for (int i = 0; i < 2; ++i) {
    client.send(request("GET", kList, a_reader().field()));
    const Answer answer = client.answer();
    CHECK(answer.status == 200);
    CHECK(count_of(answer) == 2);
  }
  CHECK(nginx.stop().size() == 2);
}

TEST_CASE("no request is smuggled past nginx") {
  const Sandbox box;
  box.fill();
  Server server(box);
  Nginx nginx(box, server.api());
  for (const Vector& vector : framing_vectors()) send_through(nginx, vector);

  std::set<std::string> ids;
  const auto passed = nginx.stop();
  for (const auto& [id, status] : passed) {
    ids.insert(id);
    CHECK(status != "502");  // closed without an answer
  }
  CHECK(server.stop() == 0);
  CHECK(server.log().events("log_dropped").empty());
  const auto seen = server.log().events("request");
  CHECK(seen.size() == passed.size());
  for (const auto& line : seen) {
    INFO(boost::json::serialize(line));
    // One whose head is malformed has no name of its own.
    if (line.contains("method")) CHECK(ids.erase(std::string(line.at("id").as_string())) == 1);
  }
  std::cout << passed.size() << " requests passed on\n";
  CHECK(box.count() == 6);
}

}  // namespace purgatory::server_test
