// What docs/how-to-lose-data.md warns of.

#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/file/child.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::numbered_jobs;
using contract::Store;

/// Records in a process that ends without closing the store, as a crash does.
void record_and_crash(const fs::path& path, const std::vector<contract::NewJob>& jobs) {
  CHECK(in_child([&]() -> std::string {
          const Store store(at_path(path));
          store.record(jobs);
          ::_exit(0);
        }).empty());
}

/// What comes of opening a store, reading and checking all of it.
std::string state_of(const fs::path& path) {
  return contract::error_of([&] {
    const Store store(at_path(path));
    (void)store.list();
    const auto found = findings(store);
    if (!found.empty()) throw Error(ErrorCode::corrupt, found.front());
  });
}

}  // namespace

TEST_CASE("a copy of the file of an open store lacks what is in its log") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  store.record(a_job("acknowledged"));
  fs::copy_file(directory / "store", directory / "copy");
  const Store copy(at_path(directory / "copy"));
  CHECK(store.has("acknowledged"));
  CHECK_FALSE(copy.has("acknowledged"));
}

TEST_CASE("without the log of a crashed store what was recorded since its checkpoint is gone") {
  const Directory directory;
  { Store(at_path(directory / "store")).record(a_job("old")); }
  record_and_crash(directory / "store", {a_job("new")});
  fs::copy_file(directory / "store", directory / "alone");
  CHECK(Store(at_path(directory / "store")).live() == contract::IdSet{"new", "old"});
  CHECK(Store(at_path(directory / "alone")).live() == contract::IdSet{"old"});
}

TEST_CASE("an older store under the log of a crashed one is damaged") {
  const Directory directory;
  { Store(at_path(directory / "store")).record(numbered_jobs(10)); }
  fs::copy_file(directory / "store", directory / "older");
  { Store(at_path(directory / "store")).record(numbered_jobs(900, "g")); }
  record_and_crash(directory / "store", {a_job("new")});
  fs::rename(directory / "older", directory / "store");
  CHECK(state_of(directory / "store").starts_with("corrupt: "));
}

TEST_CASE("an older store may replace one that was closed") {
  const Directory directory;
  { Store(at_path(directory / "store")).record(numbered_jobs(10)); }
  fs::copy_file(directory / "store", directory / "older");
  { Store(at_path(directory / "store")).record(numbered_jobs(900, "g")); }
  fs::rename(directory / "older", directory / "store");
  CHECK(state_of(directory / "store") == "no error");
  CHECK(Store(at_path(directory / "store")).count() == 10);
}

}  // namespace purgatory::file_test
