// A sync that fails: for whom the outcome is unknown, and what the store does next.

#include <fmt/format.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include "plugins/file/repository.hpp"
#include "tests/contract/threads.hpp"
#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

constexpr Fault kNextSync{
    .operation = Operation::sync, .nth = 1, .for_ever = false, .code = SQLITE_IOERR_FSYNC};

/// A store that was written to, so what is synced next is a commit.
class Written {
 public:
  Written() { store_.record(a_job("before")); }

  FaultVfs& vfs() { return vfs_; }
  const Store* operator->() const { return &store_; }
  [[nodiscard]] std::string error_of_record() const {
    return without_path(contract::error_of([&] { store_.record(a_job("a")); }),
                        directory_ / "store");
  }

 private:
  Directory directory_;
  FaultVfs vfs_;
  Store store_{at_path(directory_ / "store")};
};

}  // namespace

TEST_CASE("a call whose sync fails has an unknown outcome") {
  Written store;
  store.vfs().set(kNextSync);
  CHECK(store.error_of_record() ==
        "outcome_unknown: '<path>': disk I/O error (SQLite code 1034); look at the disk and the "
        "system's log; the commit failed half way, so the change may or may not be there after a "
        "crash: repeat it");
}

TEST_CASE("after a failed sync the file is opened again before the next change") {
  Written store;
  store.vfs().set(kNextSync);
  CHECK(store.error_of_record() != "no error");
  const int connections = store.vfs().connections();
  store->record(a_job("b"));
  CHECK(store.vfs().connections() == connections + 1);
  store->record(a_job("c"));
  CHECK(store.vfs().connections() == connections + 1);
}

TEST_CASE("a call repeated after a failed sync is in force") {
  Written store;
  store.vfs().set(kNextSync);
  CHECK(store.error_of_record() != "no error");
  CHECK(store.error_of_record() == "no error");
  CHECK(store->live() == contract::IdSet{"a", "before"});
}

TEST_CASE("the outcome is unknown to each call that shared a failed sync, and to nobody else") {
  constexpr int kMostRounds = 200;
  Written store;
  std::atomic<bool> held_up = false;
  std::atomic<std::size_t> arriving = 0;
  // The first commit waits until the others are about to join the queue: they share the second.
  store.vfs().before(Operation::sync, [&](std::string_view) {
    while (held_up && arriving < contract::kThreads) std::this_thread::yield();
    held_up = false;
  });
  std::size_t most_unknown = 0;
  for (int round = 0; round < kMostRounds && most_unknown < 2; ++round) {
    std::atomic<std::size_t> unknown = 0;
    std::atomic<std::size_t> others = 0;
    arriving = 0;
    held_up = true;
    store.vfs().set({.operation = Operation::sync, .nth = 2, .code = SQLITE_IOERR_FSYNC});
    contract::run_together(contract::kThreads, [&](std::size_t thread) {
      ++arriving;
      const auto code = contract::code_of([&] {
        store->record(a_job(contract::numbered(thread, static_cast<std::size_t>(round))));
      });
      if (code) ++(code == ErrorCode::outcome_unknown ? unknown : others);
    });
    REQUIRE(others == 0);
    REQUIRE(unknown >= 1);
    most_unknown = std::max<std::size_t>(most_unknown, unknown);
  }
  CHECK(most_unknown >= 2);
}

TEST_CASE("a checkpoint that fails is told to the host's log") {
  const Directory directory;
  FaultVfs vfs;
  std::promise<std::string> told;
  std::once_flag once;
  Host host;
  host.log = [&](const LogEvent& event) {
    std::call_once(once, [&] {
      told.set_value(fmt::format("{}: {}", event.event, event.fields.back().value));
    });
  };
  const Store store(std::make_unique<file::FileRepository>(location_of(directory / "store"), host));
  store.record(a_job("a"));  // from here on, just the checkpointer opens the file
  vfs.set({.operation = Operation::open, .nth = 1, .for_ever = true, .code = SQLITE_CANTOPEN});
  for (const char* id : {"b", "c", "d", "e", "f"}) store.record(a_job(id).payload_bytes(1'000'000));
  CHECK(without_path(told.get_future().get(), directory / "store") ==
        "checkpoint_failed: '<path>': unable to open database file (SQLite code 14); look at the "
        "disk and the system's log");
}

}  // namespace purgatory::file_test
