// Backups: of a store that is written to, and those that cannot be made.

#include <atomic>
#include <fstream>
#include <thread>

#include "tests/file/child.hpp"
#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

void back_up(const Store& store, const fs::path& destination,
             std::chrono::milliseconds timeout = contract::minutes(1)) {
  store->backup(call_of(store, timeout), destination.string());
}

std::string error_of_backup(const Store& store, const fs::path& destination,
                            std::chrono::milliseconds timeout = contract::minutes(1)) {
  return without_path(contract::error_of([&] { back_up(store, destination, timeout); }),
                      destination);
}

/// The files in a directory whose names begin like this.
std::size_t files(const Directory& directory, std::string_view prefix) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    count += entry.path().filename().string().starts_with(prefix) ? 1U : 0U;
  }
  return count;
}

}  // namespace

TEST_CASE("a backup of a store that threads write to is whole, and has all that was there before") {
  constexpr std::size_t kBefore = 2000;
  const Directory directory;
  const Store store(at_path(directory / "store"));
  for (std::size_t i = 0; i < kBefore; i += 1000) {
    auto jobs = contract::numbered_jobs(1000, "before");
    for (auto& job : jobs) job.fields.job_id += contract::numbered("-", i);
    store.record(jobs);
  }
  std::atomic<bool> stop = false;
  std::vector<std::jthread> writers;
  for (std::size_t thread = 0; thread < 2; ++thread) {
    writers.emplace_back([&, thread] {
      for (std::size_t i = 0; !stop; ++i) store.record(a_job(contract::numbered(thread, i)));
    });
  }
  const auto recorded = store.count(contract::project_level());
  back_up(store, directory / "copy");
  stop = true;
  writers.clear();

  const Store copy(at_path(directory / "copy"));
  CHECK(findings(copy).empty());
  CHECK(copy.count(contract::in_group("before")) == kBefore);
  CHECK(copy.count(contract::project_level()) >= recorded);
  CHECK(files(directory, "copy.") == 0);
}

TEST_CASE("a backup does not replace a file") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  std::ofstream(directory / "copy") << "precious";
  CHECK(error_of_backup(store, directory / "copy") ==
        "invalid_argument: backup: '<path>' is there already; name a path that is not, or remove "
        "it");
  CHECK(fs::file_size(directory / "copy") == 8);
}

TEST_CASE("a backup does not replace a file that comes to be meanwhile") {
  const Directory directory;
  FaultVfs vfs;
  const Store store(at_path(directory / "store"));
  vfs.before(Operation::write, [&](std::string_view path) {
    if (path.find("/copy.") != std::string_view::npos) std::ofstream(directory / "copy") << "it";
  });
  CHECK(error_of_backup(store, directory / "copy") ==
        "invalid_argument: backup: '<path>' cannot be made: File exists");
  CHECK(fs::file_size(directory / "copy") == 2);
  CHECK(files(directory, "copy.") == 0);
}

TEST_CASE("a backup into a directory that does not exist is refused") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  CHECK(error_of_backup(store, directory / "absent/copy") ==
        "invalid_argument: backup: '<path>' cannot be made: No such file or directory");
}

TEST_CASE("a backup into a directory that cannot be synced says so") {
  if (!is_root()) return;
  const Directory directory;
  fs::permissions(directory.path(), fs::perms{0733});  // who may write and not list it
  const std::string text = in_child([&]() -> std::string {
    become_nobody();
    const Store store(at_path(directory / "store"));
    return error_of_backup(store, directory / "copy");
  });
  CHECK(text == "unavailable: backup: '<path>' cannot be opened to sync it: Permission denied");
}

TEST_CASE("a backup that runs out of time leaves no file") {
  const Directory directory;
  const Store store(at_path(directory / "store"));
  for (int i = 0; i < 4; ++i) {
    store.record(
        a_job(contract::numbered("large", static_cast<std::size_t>(i))).payload_bytes(1'000'000));
  }
  CHECK(error_of_backup(store, directory / "copy", contract::milliseconds(0)) ==
        "timeout: backup: the deadline passed before it was done; give it more time, or ask for "
        "less");
  CHECK(files(directory, "copy") == 0);
}

}  // namespace purgatory::file_test
