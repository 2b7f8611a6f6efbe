// Others at the same file: another connection that holds its lock, and threads that share a commit.

#include <atomic>
#include <thread>

#include "tests/contract/threads.hpp"
#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;
using std::chrono::steady_clock;

void record_within(const Store& store, const contract::NewJob& job,
                   std::chrono::milliseconds timeout) {
  const Recording recording{&job.fields, &job.stamp};
  store->record(call_of(store, timeout), contract::kProject, {&recording, 1}, {},
                store.note("caps"));
}

}  // namespace

TEST_CASE("a change waits for another's lock until its deadline, and then changed nothing") {
  constexpr contract::milliseconds kTimeout{50};
  const Directory directory;
  const Store store(at_path(directory / "store"));
  const Raw other(directory / "store");
  other.run("BEGIN IMMEDIATE");

  const auto begin = steady_clock::now();
  const std::string text = contract::error_of([&] { record_within(store, a_job("a"), kTimeout); });
  const auto took = steady_clock::now() - begin;
  other.run("ROLLBACK");

  CHECK(without_path(text, directory / "store") ==
        "timeout: '<path>': database is locked (SQLite code 5); another process holds the file's "
        "lock; give the call more time");
  CHECK(took >= kTimeout);
  CHECK(took < contract::seconds(2));
  CHECK(store.count() == 0);
}

TEST_CASE("reads go on while another holds the lock") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  store.record(a_job("a"));
  const Raw other(directory / "store");
  other.run("BEGIN IMMEDIATE");
  CHECK(store.has("a"));
  CHECK(store.count() == 1);
  other.run("ROLLBACK");
}

TEST_CASE("a change that waits for another's lock goes on when that is released") {
  constexpr int kAttempts = 20;
  const Directory directory;
  FaultVfs vfs;
  const Store store(at_path(directory / "store"));
  store.record(a_job("a"));
  const Raw other(directory / "store");
  other.run("BEGIN IMMEDIATE");
  const int locks = vfs.count(Operation::lock);
  {
    const std::jthread writer([&] { store.record(a_job("b")); });
    while (vfs.count(Operation::lock) < locks + kAttempts) std::this_thread::yield();
    other.run("COMMIT");
  }
  CHECK(store.has("b"));
}

TEST_CASE("a connection ends by its deadline while another has the whole file for itself") {
  const Directory directory;
  { const Store store(at_path(directory / "store")); }
  const Raw other(directory / "store");
  other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE");
  const auto deadline = std::chrono::steady_clock::now() + contract::milliseconds(50);
  CHECK(contract::code_of([&] {
          file::Connection connection(location_of(directory / "store"),
                                      file::Connection::Mode::open, deadline);
          (void)connection.number("SELECT count(*) FROM lease");
        }) == ErrorCode::timeout);
  CHECK(std::chrono::steady_clock::now() >= deadline);
}

TEST_CASE("a repository keeps others from having the whole file for themselves") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  const Raw other(directory / "store");
  CHECK_THROWS_WITH(other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE"),
                    "database is locked");
}

TEST_CASE("a call that fails among those that share a commit fails alone") {
  constexpr std::size_t kCalls = 50;
  const Directory directory;
  const Store store(at_path(directory / "store"));
  store.record(a_job("held").rule_hold("evidence"));
  std::atomic<std::size_t> conflicts = 0;
  contract::run_together(contract::kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kCalls; ++i) {
      if (thread > 0) {
        store.record(a_job(contract::numbered(thread, i)));
      } else if (contract::code_of([&] { store.forget("held"); }) == ErrorCode::conflict) {
        ++conflicts;
      }
    }
  });
  CHECK(conflicts == kCalls);
  CHECK(store.count() == 1 + (contract::kThreads - 1) * kCalls);
  CHECK(findings(store).empty());
}

TEST_CASE("a call that fails half way among those that share a commit leaves nothing behind") {
  constexpr std::size_t kCalls = 50;
  const Directory directory;
  {
    const Store store(at_path(directory / "store"));
    store.record(a_job("damaged"));
  }
  Raw(directory / "store").run("UPDATE job SET rule = 'other'");
  const Store store(at_path(directory / "store"));
  std::atomic<std::size_t> refused = 0;
  contract::run_together(contract::kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kCalls; ++i) {
      const contract::NewJob job = a_job(contract::numbered(thread, i));
      if (thread > 0) {
        store.record(job);
      } else if (contract::code_of([&] {
                   store.record({job, a_job("damaged")});
                 }) == ErrorCode::corrupt) {
        ++refused;
      }
    }
  });
  CHECK(refused == kCalls);
  for (std::size_t i = 0; i < kCalls; ++i) CHECK_FALSE(store.has(contract::numbered(0, i)));
  CHECK(store.count() == 1 + (contract::kThreads - 1) * kCalls);
}

}  // namespace purgatory::file_test
