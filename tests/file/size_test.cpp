// How large the file is: it shrinks when jobs are freed, and its figures say so.

#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::Store;

constexpr std::size_t kJobs = 100;
constexpr std::size_t kBytes = 100'000;

void record_many(const Store& store) {
  for (std::size_t i = 0; i < kJobs; ++i) {
    store.record(contract::a_job(contract::numbered("job", i)).payload_bytes(kBytes));
  }
}

void purge_and_reclaim(Store& store) {
  store.detach(contract::whole_project());
  store.expire("purge");
  store.reclaim();
}

}  // namespace

TEST_CASE("the file is much smaller after everything was reclaimed") {
  const Directory directory;
  const fs::path path = directory / "store";
  {
    const Store store(at_path(path));
    record_many(store);
  }
  const auto before = fs::file_size(path);
  CHECK(before > kJobs * kBytes);
  {
    Store store(at_path(path));
    purge_and_reclaim(store);
  }
  CHECK(fs::file_size(path) < before / 2);
}

TEST_CASE("compact gives back all free pages") {
  const Directory directory;
  const fs::path path = directory / "store";
  {
    Store store(at_path(path));
    record_many(store);
    purge_and_reclaim(store);
    CHECK(store.figure("free_bytes") > 0);
    while (store->compact(store.call(), {})) continue;
    CHECK(store.figure("free_bytes") == 0);
  }
  CHECK(fs::file_size(path) <= 2 * contract::kMiB);
}

TEST_CASE("the figures of a store follow its file") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  record_many(store);
  CHECK(store.figure("jobs") == kJobs);
  CHECK(store.figure("file_bytes") > kJobs * kBytes);
  CHECK(store.figure("log_bytes") ==
        static_cast<double>(fs::file_size((directory / "store").string() + "-wal")));
  store.detach(contract::whole_project());
  CHECK(store.figure("jobs") == 0);
  CHECK(store.figure("trash_jobs") == kJobs);
  store.expire("purge");
  store.reclaim();
  CHECK(store.figure("trash_jobs") == 0);
  CHECK(store.figure("file_bytes") >= store.figure("free_bytes"));
}

TEST_CASE("a closed store keeps a log of a mebibyte, and nothing is in it") {
  const Directory directory;
  {
    const Store store(at_path(directory / "store"));
    record_many(store);
  }
  CHECK(fs::file_size((directory / "store").string() + "-wal") == contract::kMiB);
  fs::remove((directory / "store").string() + "-wal");
  const Store store(at_path(directory / "store"));
  CHECK(store.count() == kJobs);
}

}  // namespace purgatory::file_test
