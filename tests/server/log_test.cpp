// The log: a line of JSON for each request, which says everything but secrets.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>

#include "purgatory/failed_job.hpp"
#include "tests/server/server.hpp"

namespace purgatory::server_test {

TEST_CASE("each line of the log is an object with a time, a level and an event") {
  const Sandbox box;
  Server server(box);
  CHECK(server.ask(request("GET", kList, a_reader().field())).status == 200);
  CHECK(server.stop() == 0);
  for (const std::string& line : cli_run::lines_of(server.log().text())) {
    INFO(line);
    const auto object = boost::json::parse(line).as_object();
    CHECK(parse_time(text(object, "time")));
    CHECK(text(object, "time").ends_with("Z"));
    CHECK(text(object, "level") == "info");
    CHECK_FALSE(text(object, "event").empty());
  }
  for (const char* event : {"listening", "request", "draining", "stopped"}) {
    INFO(event);
    CHECK(server.log().events(event).size() == 1);
  }
}

TEST_CASE("a request's line has all that is known about it") {
  const Sandbox box;
  box.fill();
  const Server server(box);
  const Answer answer = server.ask(
      request("GET", fmt::format("{}?resource_name=private", kList), an_operator().field()));
  const auto line = server.log().wait_for("request");
  CHECK(text(line, "id") == answer.field("X-Request-Id").value());
  CHECK(text(line, "client").starts_with("127.0.0.1:"));
  CHECK(text(line, "user") == "olga");
  CHECK(text(line, "method") == "GET");
  CHECK(text(line, "path") == kList);
  CHECK(line.at("status") == 200);
  CHECK(line.at("bytes") == answer.body.size());
  CHECK(line.at("duration_us").to_number<std::int64_t>() >= 0);
  CHECK_FALSE(cli_run::contains(server.log().text(), "private"));
}

TEST_CASE("a request's line leaves out what nobody knows") {
  const Sandbox box;
  const Server server(box);
  Client client = server.connect();
  client.send("\x16\x03\x01 no request\r\n");
  const Answer answer = client.answer();
  CHECK(answer.status == 400);
  const auto line = server.log().wait_for("request");
  CHECK(text(line, "id") == answer.field("X-Request-Id").value());
  CHECK(line.at("status") == 400);
  for (const char* name : {"user", "method", "path"}) CHECK_FALSE(line.contains(name));
}

TEST_CASE("a request is called as its client calls it, if that is a name") {
  const Sandbox box;
  const Server server(box);
  const auto id_for = [&](const std::string& fields) {
    return server.ask(request("GET", kList, fields)).field("X-Request-Id").value();
  };
  const std::string long_name(64, 'x');
  CHECK(id_for("X-Request-Id: a.B_c-9\r\n") == "a.B_c-9");
  CHECK(id_for("x-request-id: " + long_name + "\r\n") == long_name);
  for (const std::string& fields :
       {std::string(), std::string("X-Request-Id:\r\n"), "X-Request-Id: " + long_name + "x\r\n",
        std::string("X-Request-Id: a b\r\n"), std::string("X-Request-Id: a\"b\r\n"),
        std::string("X-Request-Id: one\r\nX-Request-Id: one\r\n")}) {
    const std::string id = id_for(fields);
    INFO(fields << " -> " << id);
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
  CHECK(id_for("") != id_for(""));
}

TEST_CASE("a failed request has a line, and the fault that its answer names") {
  const Sandbox box;
  box.fill();
  std::string store = box.read("store.db");
  store.at(store.find("the disk is full")) = 'T';
  box.write("store.db", store);
  const Server server(box);
  const Answer answer = server.ask(request("GET", kList, a_reader().field()));
  CHECK(answer.status == 502);
  const auto fault = server.log().wait_for("fault");
  CHECK(text(fault, "id") == answer.field("X-Request-Id").value());
  CHECK(cli_run::contains(answer.body, text(fault, "id")));
  CHECK_FALSE(cli_run::contains(answer.body, text(fault, "what")));
}

TEST_CASE("a log that nobody reads keeps no request waiting, and not the end") {
  const Sandbox box;
  configure(box, {});
  const cli_run::Pipe err;
  cli_run::Start start = box.start("--config server.yaml");
  start.err = err.write_end.number();
  cli_run::Process process(PURGATORYD_PROGRAM, start);
  std::string first(1, '\0');
  std::string line;
  while (first != "\n" && ::read(err.read_end.number(), first.data(), 1) == 1) line += first;
  Client client(text(boost::json::parse(line).as_object(), "api"));
  for (int i = 0; i < 200; ++i) {  // many times what the pipe holds
    CHECK(client.ask(request("GET", kList, a_reader().field())).status == 200);
  }
  process.signal(SIGTERM);
  CHECK(process.wait() == 0);
}

}  // namespace purgatory::server_test
