// A long list, page by page and filtered.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

constexpr std::size_t kTasks = 2500;

/// Every fifth and every seventh task is of another kind.
std::string task(std::size_t number) {
  return fmt::format(
      R"({{"project_id":"shop","group_id":"{}","job_id":"t{:04}","resource_id":"r{}","resource_name":"{}","resource_type":"{}","failure_status":"{}","error_code":"E","failed_at":"2026-11-01T00:{:02}:00Z"}})"
      "\n",
      number % 2 == 0 ? "" : "g", number, number, number % 7 == 0 ? "Web 1/a" : "Web 2",
      number % 5 == 0 ? "server_groups" : "replications",
      number % 7 == 0 ? "stopFail" : "createFail", number % 60);
}

/// Tasks of which this holds, of those with an even number or with an odd one.
std::size_t how_many(std::size_t parity, const std::function<bool(std::size_t)>& holds) {
  std::size_t count = 0;
  for (std::size_t i = parity; i < kTasks; i += 2) count += holds(i) ? 1 : 0;
  return count;
}

/// A server with all the tasks; of them half are at the project's level.
class Tasks {
 public:
  Tasks() {
    std::string lines;
    for (std::size_t i = 0; i < kTasks; ++i) lines += task(i);
    box_.out("import -", lines);
  }

  Answer get(std::string_view query) {
    return client_.ask(request("GET", fmt::format("{}?{}", kList, query), a_reader().field()));
  }

 private:
  Sandbox box_;
  Server server_{box_};
  Client client_ = server_.connect();
};

}  // namespace

TEST_CASE("pages of any size show each task once") {
  Tasks tasks;
  const std::size_t limit = GENERATE(1000, 333, 7);
  for (const std::string scope : {"", "&server_group_id=g"}) {
    std::set<std::string> seen;
    std::size_t total = 0;
    for (std::size_t offset = 0; offset < kTasks; offset += limit) {
      const Answer page = tasks.get(fmt::format("limit={}&offset={}{}", limit, offset, scope));
      REQUIRE(page.status == 200);
      REQUIRE(count_of(page) == kTasks / 2);
      const auto ids = ids_of(page);
      total += ids.size();
      seen.insert(ids.begin(), ids.end());
    }
    CHECK(total == kTasks / 2);
    CHECK(seen.size() == kTasks / 2);
  }
}

TEST_CASE("a page without tasks counts them all the same") {
  Tasks tasks;
  for (const std::string query : {"limit=0", "offset=1250", "offset=9223372036854775807"}) {
    const Answer page = tasks.get(query);
    CHECK(count_of(page) == kTasks / 2);
    CHECK(ids_of(page).empty());
  }
  CHECK(ids_of(tasks.get("offset=1249")).size() == 1);
  CHECK(ids_of(tasks.get("")).size() == 1000);
}

TEST_CASE("each filter leaves what it says") {
  Tasks tasks;
  const auto by_five = [](std::size_t number) { return number % 5 == 0; };
  const auto by_seven = [](std::size_t number) { return number % 7 == 0; };
  const auto by_both = [&](std::size_t number) { return by_five(number) && by_seven(number); };
  const std::map<std::string, std::size_t> expected{
      {"resource_type=server_groups", how_many(0, by_five)},
      {"resource_type=serverGroup", how_many(0, by_five)},
      {"failure_status=stopFail", how_many(0, by_seven)},
      {"resource_name=Web%201%2Fa", how_many(0, by_seven)},
      {"resource_name=Web+1%2Fa", how_many(0, by_seven)},
      {"resource_name=Web*", 0},
      {"failure_status=stopFail&resource_type=server_groups", how_many(0, by_both)},
      {"server_group_id=g&failure_status=stopFail", how_many(1, by_seven)},
      {"server_group_id=none", 0},
      {"marker=t0001&sort=asc", kTasks / 2},
  };
  for (const auto& [query, count] : expected) {
    INFO(query);
    const Answer page = tasks.get(query);
    CHECK(count_of(page) == count);
    CHECK(ids_of(page).size() == std::min<std::size_t>(count, 1000));
  }
}

TEST_CASE("a list is newest first") {
  Tasks tasks;
  const auto ids = ids_of(tasks.get("limit=3"));
  CHECK(ids == std::vector<std::string>{"t2458", "t2398", "t2338"});
}

}  // namespace purgatory::server_test
