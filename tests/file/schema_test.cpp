// What other programs can see of the file.

#include <fstream>
#include <sstream>

#include "plugins/file/schema.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::Store;

constexpr auto kNoWait = std::chrono::steady_clock::time_point::min();

void make_empty_store(const fs::path& path) { const Store store(at_path(path)); }

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The block of SQL in a document that makes the table `project`; empty: there is none.
std::string schema_in(const std::string& document) {
  const std::string fence = "```sql\n";
  for (std::size_t begin = document.find(fence); begin != std::string::npos;
       begin = document.find(fence, begin + 1)) {
    const std::size_t text = begin + fence.size();
    const std::string block = document.substr(text, document.find("```", text) - text);
    if (block.find("CREATE TABLE project") != std::string::npos) return block;
  }
  return {};
}

}  // namespace

TEST_CASE("a store is marked as one, with the version of its schema") {
  const Directory directory;
  make_empty_store(directory / "store");
  const Raw raw(directory / "store");
  CHECK(raw.value("PRAGMA application_id") == std::to_string(file::kApplicationId));
  CHECK(raw.value("PRAGMA user_version") == std::to_string(file::kSchemaVersion));
}

TEST_CASE("a store has a write-ahead log and gives free pages back") {
  const Directory directory;
  make_empty_store(directory / "store");
  const Raw raw(directory / "store");
  CHECK(raw.value("PRAGMA journal_mode") == "wal");
  CHECK(raw.value("PRAGMA auto_vacuum") == "2");
  CHECK(raw.value("PRAGMA page_size") == "4096");
}

TEST_CASE("each table of a store is strict") {
  const Directory directory;
  make_empty_store(directory / "store");
  const Raw raw(directory / "store");
  const std::string tables =
      "FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND "
      "name NOT LIKE 'sqlite_%'";
  CHECK(raw.value("SELECT count(*) " + tables) == "8");
  CHECK(raw.value("SELECT count(*) " + tables + " AND strict") == "8");
}

TEST_CASE("connections of the backend enforce foreign keys") {
  const Directory directory;
  make_empty_store(directory / "store");
  file::Connection connection(location_of(directory / "store"), file::Connection::Mode::open,
                              kNoWait);
  file::Query row(connection, "PRAGMA foreign_keys");
  REQUIRE(row.step());
  CHECK(row.flag(0));
}

TEST_CASE("each connection syncs what it commits if durability is full") {
  const Directory directory;
  make_empty_store(directory / "store");
  const auto level = [&](bool sync_commits) {
    file::Location location = location_of(directory / "store");
    location.sync_commits = sync_commits;
    file::Connection connection(location, file::Connection::Mode::open, kNoWait);
    file::Query row(connection, "PRAGMA synchronous");
    return row.step() ? row.integer(0) : -1;
  };
  CHECK(level(true) == 2);
  CHECK(level(false) == 1);
}

TEST_CASE("opening a store again changes nothing in its file") {
  const Directory directory;
  make_empty_store(directory / "store");
  const std::string before = contents(directory / "store");
  make_empty_store(directory / "store");
  CHECK(contents(directory / "store") == before);
}

TEST_CASE("the views show jobs and the journal to people with a shell") {
  const Directory directory;
  {
    const Store store(at_path(directory / "store"));
    store.record({contract::a_job("a").failed_at(1), contract::a_job("b").group("g")});
    store.detach(contract::in_group("g"), "purge");
  }
  const Raw raw(directory / "store");
  CHECK(raw.value("SELECT job_id || ' ' || failed_at FROM failed_jobs") ==
        "a 2024-01-01T00:00:01.000Z");
  CHECK(raw.value("SELECT purge_id || ' ' || kind || ' ' || jobs || ' ' || state FROM journal") ==
        "purge detach 1 sealed");
}

TEST_CASE("the documented schema is the one that stores are made with") {
  const std::string document = contents(FILE_LAYOUT_DOCUMENT);
  if (document.empty()) return print_not_run("there is no document of the file's layout");
  const std::string schema = file::schema();
  CHECK(schema_in(document) == schema.substr(schema.find_first_not_of('\n')));
}

}  // namespace purgatory::file_test
