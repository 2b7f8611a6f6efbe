// A disk that is full: what still works, and how to get out of it.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

constexpr std::size_t kPayload = 20'000;
constexpr int kMostJobs = 2000;

/// A disk of 8 MiB, mounted for the time of a test.
class SmallDisk {
 public:
  SmallDisk() {
    mounted_ = ::mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=8m") == 0;
    if (!mounted_)
      print_not_run("no disk can be mounted: " + std::generic_category().message(errno));
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(directory_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool mounted() const noexcept { return mounted_; }
  [[nodiscard]] fs::path store() const { return directory_ / "store"; }

  /// A file that takes all that is left.
  void fill() const {
    const int file = ::open((directory_ / "other").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    const std::string block(4096, 'x');
    while (::write(file, block.data(), block.size()) > 0) continue;
    CHECK(errno == ENOSPC);
    ::close(file);
  }

 private:
  Directory directory_;
  bool mounted_ = false;
};

contract::NewJob large(int number) {
  return a_job(fmt::format("large{}", number)).failed_at(number).payload_bytes(kPayload);
}

/// Records until the disk is full; how many there are then.
std::uint64_t record_until_full(const Store& store, const fs::path& path) {
  for (int number = 0; number < kMostJobs; ++number) {
    const std::string text =
        without_path(contract::error_of([&] { store.record(large(number)); }), path);
    if (text == "no error") continue;
    // The file found no place for it; or the log, which another checkpoint kept from being emptied.
    const std::string way_out =
        "; the disk is full: free some space on it, or purge and reclaim jobs";
    const bool of_file = text == "exhausted: '<path>': no room for more jobs" + way_out;
    const bool of_log =
        text == "exhausted: '<path>': database or disk is full (SQLite code 13)" + way_out;
    CHECK((of_file || of_log));
    return static_cast<std::uint64_t>(number);
  }
  FAIL("the disk is never full");
  return 0;
}

void purge_all(const Store& store) {
  store.detach(contract::whole_project());
  store.expire("purge");
  store.reclaim();
}

}  // namespace

TEST_CASE("reads go on when the disk is full") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const Store store(at_path(disk.store()));
  const std::uint64_t jobs = record_until_full(store, disk.store());
  CHECK(store.count() == jobs);
  CHECK(store.list().size() == jobs);
  CHECK(store.get("large0").job.payload.size() == kPayload);
}

TEST_CASE("a whole scope is purged when the disk is full, and that can be undone") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const Store store(at_path(disk.store()));
  const std::uint64_t jobs = record_until_full(store, disk.store());
  CHECK(store.detach(contract::whole_project()).jobs == jobs);
  CHECK(store.restore().restored == jobs);
  CHECK(store.count() == jobs);
}

TEST_CASE("some jobs are removed when the disk is full") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const Store store(at_path(disk.store()));
  record_until_full(store, disk.store());
  CHECK(store.remove({store.get("large0"), store.get("large1")}).removed == 2);
}

TEST_CASE("a full disk is left by purging and reclaiming") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  {
    const Store store(at_path(disk.store()));
    const std::uint64_t jobs = record_until_full(store, disk.store());
    purge_all(store);
    for (int number = 0; number < static_cast<int>(jobs / 2); ++number) {
      store.record(large(number));
    }
    CHECK(findings(store).empty());
    store.detach(contract::whole_project(), "again");
    store.expire("again");
    store.reclaim();
    while (store->compact(store.call(), {})) continue;
  }
  CHECK(fs::file_size(disk.store()) <= 2 * contract::kMiB);
}

TEST_CASE("a store on a disk that another file fills is purged") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  const Store store(at_path(disk.store()));
  for (int number = 0; number < 50; ++number) store.record(large(number));
  disk.fill();
  CHECK(store.detach(contract::whole_project()).jobs == 50);
  CHECK(store.count() == 0);
}

TEST_CASE("a store that is opened on a full disk is purged") {
  const SmallDisk disk;
  if (!disk.mounted()) return;
  {
    const Store store(at_path(disk.store()));
    for (int number = 0; number < 50; ++number) store.record(large(number));
  }
  disk.fill();
  const Store store(at_path(disk.store()));
  CHECK(store.detach(contract::whole_project()).jobs == 50);
  CHECK(findings(store).empty());
}

}  // namespace purgatory::file_test
