// Each status by a cause of it, to the text. Those that the store or a slow client brings about
// have their own files: store_test.cpp, slow_clients_test.cpp, drain_test.cpp.

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

constexpr std::string_view kOtherList = "/v1/media/task-center/failure-jobs";

/// A filled store and its server.
struct Service {
  Service() { box.fill(); }

  [[nodiscard]] Answer ask(std::string_view method, std::string_view target,
                           const std::string& fields = an_operator().field()) const {
    return server.ask(request(method, target, fields));
  }
  [[nodiscard]] std::string status(std::string_view method, std::string_view target,
                                   const std::string& fields = an_operator().field()) const {
    return shown(ask(method, target, fields));
  }

  Sandbox box;
  Server server{box};
};

}  // namespace

TEST_CASE("200: a list, newest first") {
  const Service service;
  const Answer answer = service.ask("GET", kList);
  CHECK(answer.status == 200);
  CHECK(ids_of(answer) == std::vector<std::string>{"weekly", "nightly"});
  CHECK(count_of(answer) == 2);
}

TEST_CASE("200: HEAD has the fields of GET") {
  const Service service;
  const Answer get = service.ask("GET", kList);
  const Answer head = service.ask("HEAD", kList);
  CHECK(head.status == 200);
  for (const char* field : {"Content-Type", "Content-Length", "Connection"}) {
    CHECK(head.field(field) == get.field(field));
  }
  CHECK(head.body.empty());
}

TEST_CASE("204: a purge, which its answer names and which can be undone") {
  const Service service;
  const Answer batch = service.ask("DELETE", kBatch);
  CHECK(batch.status == 204);
  CHECK(service.box.count() == 4);
  service.box.out("restore --project shop " + batch.field("X-Purge-Id").value());
  CHECK(service.box.count() == 6);

  CHECK(service.status("DELETE", "/v1/shop/task-center/payments/failure-jobs/batch") == "204");
  CHECK(service.status("DELETE", fmt::format("{}/weekly", kList)) == "204");
  CHECK(ids_of(service.ask("GET", kList)) == std::vector<std::string>{"nightly"});
  CHECK(service.box.count() == 2);
}

TEST_CASE("204: a purge is the sender's in the journal") {
  const Service service;
  CHECK(service.status("DELETE", kBatch) == "204");
  const auto journal = service.box.json("journal --project shop");
  CHECK(journal.at(0).at("actor") == "olga");
  CHECK(journal.at(0).at("reason") == "task center");
}

TEST_CASE("400: what is malformed") {
  const Service service;
  CHECK(service.status("GET", "/v1/sh%20op/task-center/failure-jobs") ==
        "400 SDRS.0001: project_id: 'sh op' is no id: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' "
        "and '-'.");
  CHECK(service.status("GET", fmt::format("{}?limit=1001", kList)) ==
        "400 SDRS.0221: limit: '1001' is no number from 0 to 1000.");
  CHECK(service.status("GET", kList, an_operator().field() + "Content-Length: 2\r\n") ==
        "400 SDRS.0201: No call here takes a body: send no Content-Length, or one of 0.");
  CHECK(service.status("GET", kList, an_operator().field() + a_reader().field()) ==
        "400 SDRS.0201: X-Auth-Token is given more than once.");
}

TEST_CASE("401: nobody, and how to become somebody") {
  const Service service;
  const std::string nobody =
      "401 SDRS.0002: Nobody is authenticated: it takes a valid X-Auth-Token, or a gateway that "
      "names the sender.";
  CHECK(service.status("GET", kList, "") == nobody);
  CHECK(service.status("DELETE", kBatch, "X-Auth-Token: guessed\r\n") == nobody);
  CHECK(service.ask("GET", kList, "").field("WWW-Authenticate") == "X-Auth-Token");
  CHECK(service.box.count() == 6);
}

TEST_CASE("401: a token that has expired, or is none of this server") {
  const Token expired("project=shop role=operator expires=2026-01-01T00:00:00Z");
  const Token elsewhere("project=shop role=operator name=elsewhere");
  const Token lasting("project=shop role=operator expires=2999-01-01T00:00:00Z");
  const Sandbox box;
  const Server server(box, {.tokens = {expired, lasting}});
  CHECK(server.ask(request("GET", kList, expired.field())).status == 401);
  CHECK(server.ask(request("GET", kList, elsewhere.field())).status == 401);
  CHECK(server.ask(request("GET", kList, lasting.field())).status == 200);
}

TEST_CASE("403: another project, or a reader that deletes") {
  const Service service;
  CHECK(service.status("GET", kOtherList) ==
        "403 SDRS.0005: The sender is not of project 'media'.");
  CHECK(service.status("DELETE", kBatch, a_reader().field()) ==
        "403 SDRS.0005: The sender may read, not delete.");
  CHECK(service.box.count() == 6);
}

TEST_CASE("404: no such call, no such task") {
  const Service service;
  CHECK(service.status("GET", "/v1/shop/tasks") ==
        "404 PURGATORY.0404: There is no such call; docs/task-center.md lists them.");
  CHECK(service.status("DELETE", fmt::format("{}/none", kList)) ==
        "404 PURGATORY.0404: Project 'shop' has no failed job 'none'.");
}

TEST_CASE("405: the call has other methods") {
  const Service service;
  const Answer answer = service.ask("POST", kList);
  CHECK(shown(answer) == "405 PURGATORY.0405: 'POST' is not what can be done here: use GET, HEAD.");
  CHECK(answer.field("Allow") == "GET, HEAD");
  CHECK(service.ask("GET", kBatch).field("Allow") == "DELETE");
}

TEST_CASE("406: the client refuses the only form there is") {
  const Service service;
  CHECK(service.status("GET", kList, an_operator().field() + "Accept: text/html\r\n") ==
        "406 PURGATORY.0406: The answer is application/json, which Accept refuses.");
}

TEST_CASE("409: one held task, and an id that several groups have") {
  const Service service;
  service.box.hold("shop", "weekly");
  CHECK(service.status("DELETE", fmt::format("{}/weekly", kList)) ==
        "409 PURGATORY.0409: Job 'weekly' is held: release it first.");
  service.box.out("record --project shop --group payments --job-id nightly");
  CHECK(service.status("DELETE", fmt::format("{}/nightly", kList)) ==
        "409 PURGATORY.0409: Several groups have a job 'nightly': , payments; delete those of a "
        "group.");
}

TEST_CASE("501: no such method") {
  const Service service;
  CHECK(service.status("BREW", kList) == "501 PURGATORY.0501: There is no method 'BREW'.");
}

}  // namespace purgatory::server_test
