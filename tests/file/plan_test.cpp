// Each statement that the backend executes finds its rows by an index, and sorts nothing.

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

/// Collects the text of each statement that SQLite executes in this process while it exists.
class Statements {
 public:
  Statements() {
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(trace));
    heard().clear();
  }
  ~Statements() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(trace)); }
  Statements(const Statements&) = delete;
  Statements& operator=(const Statements&) = delete;

  /// Those that read or change rows.
  [[nodiscard]] static std::set<std::string> of_rows() {
    std::set<std::string> texts;
    for (const std::string& text : heard()) {
      const auto begins = [&](const char* word) { return text.starts_with(word); };
      if (begins("SELECT") || begins("INSERT") || begins("UPDATE") || begins("DELETE")) {
        texts.insert(text);
      }
    }
    return texts;
  }

 private:
  static std::set<std::string>& heard() {
    static std::set<std::string> texts;
    return texts;
  }
  static int hear(unsigned, void*, void* statement, void*) {
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    heard().insert(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }
  static int trace(sqlite3* database, char**, const void*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, hear, nullptr);
  }
};

void write_everything(const Store& store) {
  store.record({a_job("a").failed_at(1).purge_after(5).resource_id("disk"),
                a_job("b").failed_at(2).archive("s3"), a_job("c").group("g").failed_at(3),
                a_job("d").group("h").failed_at(4), a_job("e").failed_at(5)},
               {contract::keep_last(2), contract::keep_last(9, "g")}, "caps");
  store.record(a_job("e").failed_at(6));
  store.hold("e");
  store.detach(contract::in_group("g"), "group");
  store.detach(contract::project_level(), "level");
  store.detach(contract::whole_project(), "all");
  store.restore("group", {contract::keep_last(5, "g")});
  store.restore_one("all");
  store.remove({store.get("c", "g")}, "removed");
  store.seal("removed");
  store.mark_archived("removed");
  store.release("e");
  store.forget("e");
  store.expire("all");
  store.reclaim();
  store.trim({contract::keep_last(0)});
  store.trim_journal(store.now() + contract::hours(1));
  store->compare_and_set(store.call(), "policy", std::nullopt, "strict");
  store->lease(store.call(), "purger", "alice", contract::minutes(1));
  store->lease(store.call(), "purger", "alice", contract::minutes(0));
  store->compact(store.call(), {});
}

void read_everything(const Store& store) {
  store.record(contract::numbered_jobs(5, "g"));
  store.record(contract::numbered_jobs(5));
  const auto listed = store.list(contract::whole_project(), {}, 3);
  Filter filter;
  filter.held = false;
  filter.failed_before = contract::at(3);
  static_cast<void>(store.list(contract::in_group("g"), filter));
  static_cast<void>(store.list(contract::project_level(), {}, 2));
  static_cast<void>(store.count());
  static_cast<void>(store.count(contract::in_group("g"), filter));
  static_cast<void>(store.find("0001", "g"));
  static_cast<void>(store->locate(store.call(), contract::kProject, "0001"));
  static_cast<void>(
      store->with_resource(store.call(), contract::kProject, std::nullopt, "disk", 9));
  static_cast<void>(store->with_resource(store.call(), contract::kProject, "g", "disk", 9));
  static_cast<void>(store.due());
  static_cast<void>(store.partitions());
  static_cast<void>(store->projects(store.call(), {}));
  for (const Pile& pile : store.piles()) static_cast<void>(store.trash(pile.purge_id));
  static_cast<void>(store.journal());
  static_cast<void>(store->setting(store.call(), "policy"));
  static_cast<void>(store.figure("jobs"));
  static_cast<void>(findings(store));
}

/// What looks at all of a small table, and why that may be.
const std::map<std::string_view, std::string_view>& exceptions() {
  static const std::map<std::string_view, std::string_view> known{
      {"SELECT coalesce(sum(jobs) FILTER (WHERE purge IS NULL), 0), coalesce(sum(bytes) FILTER "
       "(WHERE purge IS NULL), 0), coalesce(sum(jobs) FILTER (WHERE purge IS NOT NULL), 0), "
       "coalesce(sum(bytes) FILTER (WHERE purge IS NOT NULL), 0) FROM generation",
       "stats: of all projects"},
      {"SELECT coalesce(sum(forgotten), 0) FROM project", "stats: of all projects"},
      {"SELECT count(*) FROM lease", "begins a transaction: a handful of rows"},
      {"SELECT 1 FROM sqlite_schema LIMIT 1", "opening: reads one row"},
  };
  return known;
}

/// The lines of its plan that look at more rows than they have to.
std::vector<std::string> wasteful(const Raw& raw, const std::string& text) {
  constexpr int kDetail = 3;
  std::vector<std::string> lines = raw.column("EXPLAIN QUERY PLAN " + text, kDetail);
  std::erase_if(lines, [](const std::string& line) {
    if (line.find("TEMP B-TREE") != std::string::npos) return false;
    return !line.starts_with("SCAN") || line == "SCAN CONSTANT ROW" ||
           line.starts_with("SCAN (subquery");
  });
  return lines;
}

}  // namespace

TEST_CASE("each statement finds its rows by an index and sorts nothing") {
  const Directory directory;
  const Statements statements;
  {
    const Store store(at_path(directory / "store"));
    write_everything(store);
    read_everything(store);
  }
  const std::set<std::string> texts = Statements::of_rows();
  CHECK(texts.size() > 50);
  const Raw raw(directory / "store");
  raw.run("PRAGMA foreign_keys = ON");  // a plan shows how they are enforced, too
  for (const std::string& text : texts) {
    INFO(text);
    if (exceptions().contains(text)) {
      CHECK_FALSE(wasteful(raw, text).empty());
    } else {
      CHECK(wasteful(raw, text) == std::vector<std::string>{});
    }
  }
}

}  // namespace purgatory::file_test
