// What the store does to an answer: it is being restored, broken, damaged, locked.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "purgatory/failed_jobs.hpp"
#include "tests/cli/run/write_lock.hpp"
#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

using cli_run::WriteLock;

/// A request of an operator that has an id.
std::string named(std::string_view method, std::string_view target) {
  return request(method, target, an_operator().field() + "X-Request-Id: r-1\r\n");
}

/// Restores one job of a purge, and leaves the rest to another time.
void restore_one(const Sandbox& box, std::string_view purge_id) {
  const FailedJobs jobs = FailedJobs::open(box / "purgatory.yaml");
  const Call call = jobs.begin_call();
  const RestoreResult result =
      jobs.repository().restore(call, "shop", purge_id, call.now, {}, {.jobs = 1}, {});
  REQUIRE(result.restored == 1);
  REQUIRE(result.next);
}

/// A server whose store fails each call in this way.
Settings failing(std::string_view way) {
  Settings settings;
  settings.repository = fmt::format("{{ backend: failing, failing: {{ way: {} }} }}", way);
  settings.sections = "plugins: { path: [" PURGATORY_SERVER_PLUGINS "] }\n";
  return settings;
}

/// "list" and "purge" give this answer, and the log has the cause, which the client does not see.
void check_fault(const Settings& settings, const std::string& answer, std::string_view cause) {
  const Sandbox box;
  const Server server(box, settings);
  CHECK(shown(server.ask(named("GET", kList))) == answer);
  CHECK(shown(server.ask(named("DELETE", kBatch))) == answer);
  const auto fault = server.log().wait_for("fault");
  CHECK(fault.at("id") == "r-1");
  CHECK(fault.at("level") == "error");
  INFO(fault.at("what").as_string());
  CHECK(cli_run::contains(fault.at("what").as_string(), cause));
}

}  // namespace

TEST_CASE("409: another process restores the scope") {
  const Sandbox box;
  box.fill();
  const Server server(box);
  const auto purge_id = server.ask(named("DELETE", kBatch)).field("X-Purge-Id").value();
  restore_one(box, purge_id);
  CHECK(shown(server.ask(named("DELETE", kBatch))) ==
        fmt::format("409 PURGATORY.0409: detach: purge '{}' of an overlapping scope is being "
                    "restored; try again when that is done",
                    purge_id));
  CHECK(server.ask(named("GET", kList)).status == 200);
  box.out("restore --project shop " + purge_id);
  CHECK(server.ask(named("DELETE", kBatch)).status == 204);
}

TEST_CASE("500: a backend has a defect") {
  check_fault(failing("defect"),
              "500 SDRS.0013: An internal fault: tell whoever runs this service. (request r-1)",
              "the plugin has a defect");
}

TEST_CASE("501: a backend cannot do it") {
  check_fault(failing("unsupported"), "501 PURGATORY.0501: The store cannot do this. (request r-1)",
              "it was never written");
}

TEST_CASE("503: a backend cannot be reached") {
  check_fault(failing("unavailable"),
              "503 PURGATORY.0503: The store cannot be reached or has no room: repeat it later. "
              "(request r-1)",
              "db.example is down");
}

TEST_CASE("502: the store is damaged") {
  const Sandbox box;
  box.fill();
  std::string store = box.read("store.db");
  store.at(store.find("the disk is full")) = 'T';
  box.write("store.db", store);
  const Server server(box);
  CHECK(shown(server.ask(named("GET", kList))) ==
        "502 PURGATORY.0502: The store is damaged: tell whoever runs it. (request r-1)");
  CHECK(server.ask(named("GET", "/v1/shop/task-center/failure-jobs?server_group_id=payments"))
            .status == 200);
  CHECK(cli_run::contains(server.log().wait_for("fault").at("what").as_string(), "weekly"));
}

TEST_CASE("504: another process keeps the store locked, and repeating works later") {
  const Sandbox box;
  box.fill();
  const Server server(
      box, {.repository = "{ backend: file, timeout: 300ms, file: { path: store.db } }"});
  {
    const WriteLock lock(box / "store.db");
    CHECK(
        shown(server.ask(named("DELETE", kBatch))) ==
        "504 SDRS.0008: The store did not answer in time; repeating the request is safe. (request "
        "r-1)");
    CHECK(server.ask(named("GET", kList)).status == 200);
  }
  CHECK(server.ask(named("DELETE", kBatch)).status == 204);
  CHECK(box.count() == 4);
}

TEST_CASE("503: a request that waits for others longer than the store may take") {
  const Sandbox box;
  box.fill();
  const Server server(box,
                      {.repository = "{ backend: file, timeout: 200ms, file: { path: store.db } }",
                       .more = {"threads: 1"}});
  const WriteLock lock(box / "store.db");
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    clients.back().send(named("DELETE", kBatch));
  }
  std::set<std::string> answers;
  for (Client& client : clients) answers.insert(shown(client.answer()));
  CHECK(answers ==
        std::set<std::string>{
            "503 PURGATORY.0503: The server has too much to do: come again later.",
            "504 SDRS.0008: The store did not answer in time; repeating the request is safe. "
            "(request r-1)"});
}

}  // namespace purgatory::server_test
