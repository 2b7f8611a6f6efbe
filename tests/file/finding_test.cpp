// What check, and reads, say about a store that somebody changed past the backend.

#include <catch2/catch.hpp>

#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

/// A store with a job "a" and a pile of one job, changed by SQL.
class Changed {
 public:
  explicit Changed(const std::string& sql) {
    {
      const Store store(at_path(directory_ / "store"));
      store.record({a_job("a").failed_at(1).payload("retry a"), a_job("b").group("g")});
      store.detach(contract::in_group("g"), "pile");
    }
    Raw(directory_ / "store").run(sql);
    store_.emplace(at_path(directory_ / "store"));
  }

  const Store& operator*() const { return *store_; }
  const Store* operator->() const { return &*store_; }

 private:
  Directory directory_;
  std::optional<Store> store_;
};

using Texts = std::vector<std::string>;

const std::string kWhere = "project 'shop', group '', job 'a'";

}  // namespace

TEST_CASE("a changed field is not returned, and found by check") {
  const Changed store("UPDATE job SET error_code = 'E2' WHERE job_id = 'a'");
  const std::string text =
      "the fields of job 'a' (project 'shop', group '') do not match their checksum: run the "
      "store's check, or restore a backup";
  CHECK(contract::error_of([&] { return store->find("a"); }) == "corrupt: " + text);
  CHECK(findings(*store) == Texts{kWhere + ": " + text});
}

TEST_CASE("a changed retention is not returned, and found by check") {
  const Changed store("UPDATE job SET rule = 'other' WHERE job_id = 'a'");
  const std::string text =
      "the stamp, hold and resolution of job 'a' (project 'shop', group '') do not match their "
      "checksum: run the store's check, or restore a backup";
  CHECK(contract::error_of([&] { return store->list(); }) == "corrupt: " + text);
  CHECK(findings(*store) == Texts{kWhere + ": " + text});
}

TEST_CASE("a changed payload is not returned, and found by check") {
  const Changed store("UPDATE payload SET bytes = x'00000000000000' WHERE job = 1");
  const std::string text =
      "the payload of job 'a' (project 'shop', group '') does not match its checksum: run the "
      "store's check, or restore a backup";
  CHECK(contract::error_of([&] { return store->find("a"); }) == "corrupt: " + text);
  CHECK(findings(*store) == Texts{kWhere + ": " + text});
}

TEST_CASE("a payload that is missing is not returned as an empty one") {
  const Changed store("DELETE FROM payload");
  CHECK(contract::code_of([&] { return store->find("a"); }) == ErrorCode::corrupt);
}

TEST_CASE("a size that is too small for its job is not returned") {
  const Changed store("UPDATE job SET bytes = 3 WHERE job_id = 'a'");
  CHECK(contract::error_of([&] { return store->list(); }) ==
        "corrupt: the bytes of job 'a' (project 'shop', group '') do not match their checksum: "
        "run the store's check, or restore a backup");
}

TEST_CASE("a job that ended up in another group is not returned") {
  const Changed store("UPDATE generation SET group_name = 'h' WHERE group_name = ''");
  CHECK(contract::code_of([&] { return store->find("a", "h"); }) == ErrorCode::corrupt);
}

TEST_CASE("check finds a time of action that its job does not have") {
  const Changed store("UPDATE job SET action_at = 5 WHERE job_id = 'a'");
  CHECK(findings(*store) == Texts{kWhere + ": its index entries do not match its fields"});
}

TEST_CASE("check finds a job among the held ones that nobody holds") {
  const Changed store("UPDATE generation SET held = 1 WHERE group_name = ''");
  CHECK(findings(*store) == Texts{kWhere + ": its index entries do not match its fields"});
}

TEST_CASE("check finds a version that was never given") {
  const Changed store("UPDATE job SET version = 9 WHERE job_id = 'a'");
  CHECK(findings(*store) ==
        Texts{kWhere + ": it has version 9, and its project gave none above 2"});
}

TEST_CASE("check finds counters that are wrong") {
  const Changed store("UPDATE generation SET jobs = 7 WHERE group_name = ''");
  CHECK(findings(*store) ==
        Texts{"project 'shop', group '': the counters of generation 1 say 7 jobs, 76 bytes, 0 to "
              "archive; 1 jobs, 76 bytes, 0 to archive were seen"});
}

TEST_CASE("check finds jobs whose generation is missing") {
  const Changed store("DELETE FROM generation WHERE group_name = ''");
  CHECK(findings(*store) == Texts{"generation 1: it has jobs, and is not there"});
}

TEST_CASE("check finds a pile whose purge is missing") {
  const Changed store("DELETE FROM purge");
  CHECK(findings(*store) == Texts{"generation 2: it belongs to a purge that is not there"});
}

TEST_CASE("check finds a payload whose job is missing") {
  const Changed store("INSERT INTO payload VALUES (77, 0, x'00')");
  CHECK(findings(*store) == Texts{"payload 77: it is of a job that is not there"});
}

TEST_CASE("a kind of purge that there is not is refused") {
  const Changed store("UPDATE purge SET kind = 9");
  CHECK(contract::error_of([&] { return store->journal(); }) ==
        "corrupt: the journal has a state, kind or scope 9 that there is not: run the store's "
        "check, or restore a backup");
}

TEST_CASE("a cursor that check did not return is refused") {
  const Changed store("");
  for (const char* cursor : {"", "1 2 3", "a b c d e f g h i", "1 2 3 4 5 6 7 8"}) {
    CHECK(contract::error_of([&] { return (*store)->check(store->call(), cursor, {}); }) ==
          "invalid_argument: check: '" + std::string(cursor) +
              "' is no cursor that check returned; begin without one");
  }
}

TEST_CASE("check in slices of one job sees each job once") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  store.record(contract::numbered_jobs(7));
  store.record(contract::numbered_jobs(5, "g"));
  std::uint64_t jobs = 0;
  std::optional<std::string> after;
  for (int calls = 0; calls < 100; ++calls) {
    const CheckResult slice = store->check(store.call(), after, contract::kOneJob);
    CHECK(slice.jobs <= 1);
    CHECK(slice.findings.empty());
    jobs += slice.jobs;
    after = slice.next;
    if (!after) break;
  }
  CHECK_FALSE(after);
  CHECK(jobs == 12);
}

}  // namespace purgatory::file_test
