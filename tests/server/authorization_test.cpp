// Who sees and deletes what: each token with each method on each call, by each way to write its
// path. Whatever the answers are, nothing of a project is read or deleted that is not the token's.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

/// A sender, and what it may do.
struct Sender {
  std::string name;
  std::string fields;  ///< Of its requests.
  std::vector<std::string> reads{};
  std::vector<std::string> deletes{};
  bool known = true;
};

const Token kExpired("project=* role=operator expires=2026-01-01T00:00:00Z");
const Token kForeign("project=media role=operator");
const Token kAlmighty("project=* role=operator");

std::vector<Sender> senders() {
  const std::vector<std::string> both{"shop", "media"};
  return {
      {.name = "nobody", .fields = "", .known = false},
      {.name = "unknown", .fields = Token("project=*").field(), .known = false},
      {.name = "expired", .fields = kExpired.field(), .known = false},
      {.name = "reader of shop", .fields = a_reader().field(), .reads = {"shop"}},
      {.name = "operator of shop",
       .fields = an_operator().field(),
       .reads = {"shop"},
       .deletes = {"shop"}},
      {.name = "operator of media",
       .fields = kForeign.field(),
       .reads = {"media"},
       .deletes = {"media"}},
      {.name = "operator of all", .fields = kAlmighty.field(), .reads = both, .deletes = both},
  };
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

/// The path of each call in a project, as it should be written.
std::vector<std::string> calls(const std::string& project) {
  std::vector<std::string> paths;
  for (const char* call : {"failure-jobs", "failure-jobs/batch", "g/failure-jobs/batch"}) {
    paths.push_back(fmt::format("/v1/{}/task-center/{}", project, call));
  }
  paths.push_back(fmt::format("/v1/{0}/task-center/failure-jobs/{0}-1", project));
  return paths;
}

std::string replaced(std::string text, std::string_view from, std::string_view by) {
  const std::size_t place = text.find(from);
  return place == std::string::npos ? text : text.replace(place, from.size(), by);
}

/// Each byte of a text, encoded.
std::string encoded(std::string_view text) {
  std::string all;
  for (const char byte : text) all += fmt::format("%{:02x}", byte);
  return all;
}

/// The ways to write the path of a call in `project`; `other` is the project that there is besides.
std::vector<std::string> ways(const std::string& path, const std::string& project,
                              const std::string& other) {
  const std::string place = "/" + project + "/";
  const auto in_place_of_project = [&](std::string_view text) {
    return replaced(path, place, fmt::format("/{}/", text));
  };
  return {
      path,
      in_place_of_project(encoded(project)),
      in_place_of_project(replaced(encoded(project), "%", "%25")),
      in_place_of_project(other + "/../" + project),
      in_place_of_project(other + "/%2e%2e/" + project),
      in_place_of_project(other + "/.%2E/" + project),
      in_place_of_project(other + "/%252e%252e/" + project),
      in_place_of_project(other + "%2f..%2f" + project),
      in_place_of_project(other + "%2F%2e%2e%2F" + project),
      in_place_of_project(other + "%252f..%252f" + project),
      in_place_of_project(other + "%5c..%5c" + project),
      in_place_of_project(other + ";/../" + project),
      in_place_of_project(other + "," + project),
      in_place_of_project(project + "%00"),
      in_place_of_project(project + "%20"),
      in_place_of_project(project + "."),
      in_place_of_project("./" + project),
      in_place_of_project("/" + project),
      in_place_of_project(project + "/"),
      in_place_of_project(""),
      in_place_of_project("*"),
      in_place_of_project("%2a"),
      in_place_of_project(replaced(project, project.substr(0, 1), project == "shop" ? "S" : "M")),
      in_place_of_project("%c1%9c" + project),
      path + "/",
      path + "/.",
      path + "/../",
      path + "%2f",
      path + "%00",
      path + ";x=y",
      "/" + path,
      "//" + other + path,
      "/." + path,
      "/" + other + "/.." + path,
      replaced(path, "/v1/", "/V1/"),
      replaced(path, "/v1/", "/v1//"),
      replaced(path, "/v1/", "/v1%2f"),
      replaced(path, "failure-jobs", "Failure-Jobs"),
      replaced(path, "failure-jobs", encoded("failure-jobs")),
      replaced(path, "batch", encoded("batch")),
      replaced(path, "batch", "batch%2fbatch"),
      replaced(path, "/g/", "/../" + other + "/g/"),
      path + "?project_id=" + other,
      path + "?server_group_id=g",
      path + "?server_group_id=..%2f..%2f" + other,
      path + "?X-Auth-Token=" + kAlmighty.secret(),
      path + "?x=/../../" + other,
      "http://tasks.example" + path,
      "http://" + other + "/.." + path,
      "https://tasks.example:1/" + path,
  };
}

/// One job at the level of each project, one more for a single deletion, and one in a group. All
/// that they hold says whose they are.
std::string content() {
  std::string lines;
  for (const std::string project : {"shop", "media"}) {
    for (const auto& [group, id] : {std::pair("", "1"), std::pair("", "2"), std::pair("g", "3")}) {
      lines += fmt::format(
          R"({{"project_id":"{0}","group_id":"{1}","job_id":"{0}-{2}","resource_name":"of-{0}","error_code":"E","failed_at":"2026-11-01T00:00:00Z"}})"
          "\n",
          project, group, id);
    }
  }
  return lines;
}

/// A store with the same content whenever it is asked for.
class Store {
 public:
  void fill() const { box.out("import -", content()); }
  [[nodiscard]] std::uint64_t jobs_of(const std::string& project) const {
    return box.count("--project " + project);
  }

  Sandbox box;
};

/// What a sender must never get to see.
bool shows(const Answer& answer, const std::string& project) {
  return cli_run::contains(answer.body, "of-" + project);
}

constexpr std::uint64_t kJobsPerProject = 3;
constexpr std::array kMethods{"GET", "HEAD", "DELETE", "POST", "PUT", "PATCH", "OPTIONS", "TRACE"};

/// All cells of one sender.
class Sweep {
 public:
  Sweep(const Server& server, const Sender& sender) : server_(server), sender_(sender) {}

  void run() {
    for (const auto& [project, other] : {std::pair("shop", "media"), std::pair("media", "shop")}) {
      for (const std::string& path : calls(project)) {
        for (const std::string& way : ways(path, project, other)) {
          for (const char* method : kMethods) cell(method, way);
        }
      }
    }
  }

  std::size_t cells = 0;
  std::size_t read = 0;     ///< Lists that were given.
  std::size_t deleted = 0;  ///< Deletions that were done.

 private:
  void cell(const std::string& method, const std::string& target) {
    INFO(fmt::format("{}: {} {}", sender_.name, method, target));
    const Answer answer = client_.ask(request(method, target, sender_.fields));
    ++cells;
    if (answer.closes()) client_ = server_.connect();
    for (const std::string project : {"shop", "media"}) {
      if (shows(answer, project)) REQUIRE(has(sender_.reads, project));
    }
    if (!sender_.known) REQUIRE(answer.status >= 400);
    if (answer.status == 200) ++read;
    if (answer.status == 204) ++deleted;
    if (answer.status == 200) REQUIRE((method == "GET" || method == "HEAD"));
    if (answer.status == 204) REQUIRE((method == "DELETE" && !sender_.deletes.empty()));
    REQUIRE_FALSE(cli_run::contains(answer.body, "purgatory_"));  // as each token begins
  }

  const Server& server_;
  const Sender& sender_;
  Client client_ = server_.connect();
};

}  // namespace

TEST_CASE("no token reads or deletes what is not its own, however the path is written") {
  const Store store;
  Server server(store.box, {.tokens = {an_operator(), a_reader(), kExpired, kForeign, kAlmighty}});
  std::size_t cells = 0;
  for (const Sender& sender : senders()) {
    INFO(sender.name);
    store.fill();
    Sweep sweep(server, sender);
    sweep.run();
    cells += sweep.cells;
    CHECK((sweep.read > 0) == !sender.reads.empty());
    CHECK((sweep.deleted > 0) == !sender.deletes.empty());
    for (const std::string project : {"shop", "media"}) {
      CHECK(store.jobs_of(project) == (has(sender.deletes, project) ? 0 : kJobsPerProject));
    }
  }
  std::cout << cells << " cells\n";

  const std::string metrics = server.admin_page("/metrics");
  CHECK(server.stop() == 0);
  CHECK(server.log().events("log_dropped").empty());
  for (const Token& token : {an_operator(), a_reader(), kExpired, kForeign, kAlmighty}) {
    CHECK_FALSE(cli_run::contains(server.log().text(), token.secret()));
    CHECK_FALSE(cli_run::contains(metrics, token.secret()));
  }
  for (const char* name : {"shop", "media"}) CHECK_FALSE(cli_run::contains(metrics, name));
}

TEST_CASE("each sender's plain requests have the status of its rights") {
  const Store store;
  const Server server(store.box,
                      {.tokens = {an_operator(), a_reader(), kExpired, kForeign, kAlmighty}});
  store.fill();
  for (const Sender& sender : senders()) {
    for (const std::string project : {"shop", "media"}) {
      const auto status = [&](std::string_view method, std::string_view call) {
        const auto target = fmt::format("/v1/{}/task-center/{}", project, call);
        return server.ask(request(method, target, sender.fields)).status;
      };
      const unsigned refused = sender.known ? 403 : 401;
      const bool reads = has(sender.reads, project);
      const bool deletes = has(sender.deletes, project);
      INFO(sender.name << " in " << project);
      CHECK(status("GET", "failure-jobs") == (reads ? 200 : refused));
      CHECK(status("HEAD", "failure-jobs") == (reads ? 200 : refused));
      CHECK(status("DELETE", "none/failure-jobs/batch") == (deletes ? 204 : refused));
      CHECK(status("DELETE", "failure-jobs/none") == (deletes ? 404 : refused));
      CHECK(status("DELETE", "g/failure-jobs/batch?x") == (deletes ? 204 : refused));
    }
  }
}

}  // namespace purgatory::server_test
