// Archives that cannot be written, and stores that fail: nothing is lost, each mistake is told, and
// what can go on does.

#include <sys/mount.h>

#include <fstream>
#include <iostream>

#include "tests/archive/fixture.hpp"

namespace purgatory::archive_test {
namespace {

std::string step_error(Bench& bench) {
  return error_of([&] { bench.step(); });
}

/// A step that met what is wrong with one pile, and says that there is more.
void check_put_off(const Archiver::Step& step) {
  CHECK(step.archived == 0);
  CHECK(step.more);
}

/// A disk of 256 KiB on a directory, mounted for the time of a test.
class TinyDisk {
 public:
  explicit TinyDisk(fs::path path) : path_(std::move(path)) {
    fs::create_directories(path_);
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=256k") == 0;
    if (!mounted_) std::cout << "not run: no disk can be mounted\n";
  }
  ~TinyDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;

  [[nodiscard]] bool mounted() const { return mounted_; }
  void make_read_only() const {
    REQUIRE(::mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0);
  }

 private:
  fs::path path_;
  bool mounted_ = false;
};

TEST_CASE("an archive that is not configured is named, and nothing is written before it is") {
  Bench bench;
  std::vector<NewJob> jobs = jobs_for("cold", 2);
  jobs.push_back(a_job("1").archive("tape"));
  bench.purge(jobs);
  CHECK(error_of([&] { bench.finish(); }) ==
        "config: purge 'purge' of project 'shop' names the archive 'tape', which "
        "retention.archives does not have: add it, nothing of this purge is freed before");
  CHECK(files_in(bench.directory("cold")).empty());
  CHECK(bench.store.reclaim().jobs == 0);
  CHECK(bench.pending_jobs() == 3);

  archive::Archives archives = bench.archives();
  archives["tape"].directory = bench.directory("tape");
  bench.restart_with(archives);
  CHECK(bench.finish() == 3);
  CHECK(ids_in(bench.directory("tape")) == Ids{"1"});
}

TEST_CASE("a purge that cannot be archived keeps no other waiting") {
  Bench bench({.jobs = 2});
  bench.purge({a_job("1").archive("tape")}, "a");
  bench.purge(jobs_for("cold", 3), "b");
  check_put_off(bench.step());
  CHECK(bench.step().archived == 2);
  CHECK(bench.step().archived == 1);
  CHECK(step_error(bench).starts_with("config: purge 'a'"));
  CHECK(bench.store.reclaim().jobs == 3);
  CHECK(bench.pending_jobs() == 1);

  bench.purge(jobs_for("plain", 1), "c");
  check_put_off(bench.step());  // it is tried again
  CHECK(bench.step().archived == 1);
  CHECK(step_error(bench).starts_with("config: purge 'a'"));
}

TEST_CASE("a step takes one purge, whatever becomes of it") {
  constexpr int kPurges = 5;
  Bench bench;
  for (int i = 0; i < kPurges; ++i) {
    bench.purge({a_job("1").archive("tape")}, numbered("p", std::size_t(i)));
  }
  for (int i = 0; i < kPurges; ++i) check_put_off(bench.step());
  CHECK(step_error(bench).starts_with("config: purge 'p0'"));
}

TEST_CASE("what was wrong with a purge that is no more is not told") {
  Bench bench;
  bench.purge({a_job("1").archive("tape")});
  check_put_off(bench.step());
  bench.store->mark_archived(bench.store.call(), kProject, "purge");
  bench.purge(jobs_for("cold", 1), "other");
  CHECK(bench.finish() == 1);
}

TEST_CASE("of several mistakes the first is told") {
  Bench bench;
  bench.purge({a_job("1").archive("tape")}, "a");
  bench.purge({a_job("2").archive("disc")}, "b");
  for (int round = 0; round < 2; ++round) {
    CHECK(error_of([&] { bench.finish(); }).find("'tape'") != std::string::npos);
  }
}

TEST_CASE("a file in the way of an archive's directory is an error") {
  Bench bench;
  bench.purge(jobs_for("cold", 1));
  const std::string root = bench.directory("cold");
  put(root, "in the way");
  // Looking for what is there comes before writing.
  CHECK(step_error(bench) == "unavailable: archive: '" + bench.segments("cold").native() +
                                 "' cannot be read: Not a directory");
  fs::remove(root);
  CHECK(bench.finish() == 1);
}

TEST_CASE("a dangling link in the way of an archive's directory is an error") {
  Bench bench;
  bench.purge(jobs_for("cold", 1));
  const std::string root = bench.directory("cold");
  fs::create_symlink("nowhere/at/all", root);
  CHECK(step_error(bench) == "unavailable: archive '" + root + "': cannot make '" + root +
                                 "/shop': No such file or directory; nothing is freed until it "
                                 "can be written");
  CHECK(bench.store.reclaim().jobs == 0);
}

TEST_CASE("a full disk stops freeing until there is room") {
  Bench bench;
  const TinyDisk disk(bench.directory("plain"));
  if (!disk.mounted()) return;
  bench.purge({a_job("1").archive("plain").payload_bytes(500'000)});
  const std::string path = bench.directory("plain");
  CHECK(step_error(bench) ==
        "exhausted: archive '" + path + "': cannot write '" + path +
            "/shop/purge/000001.jsonl': No space left on device; nothing is freed until it can be "
            "written");
  CHECK(files_in(bench.directory("plain")).empty());
  CHECK(bench.store.reclaim().jobs == 0);

  archive::Archives archives = bench.archives();
  archives["plain"].compress = Compress::zstd;  // then it fits
  bench.restart_with(archives);
  CHECK(bench.finish() == 1);
  CHECK(bench.store.reclaim().jobs == 1);
}

TEST_CASE("a disk that may not be written is a matter of permission") {
  Bench bench;
  const TinyDisk disk(bench.directory("plain"));
  if (!disk.mounted()) return;
  disk.make_read_only();
  bench.purge(jobs_for("plain", 1));
  const std::string path = bench.directory("plain");
  CHECK(step_error(bench) == "permission: archive '" + path + "': cannot make '" + path +
                                 "/shop': Read-only file system; nothing is freed until it can be "
                                 "written");
}

TEST_CASE("an archive that fails keeps what goes elsewhere waiting for nothing") {
  Bench bench;
  put(bench.directory("cold"), "in the way");
  bench.purge(jobs_for("cold", 1), "a");
  bench.purge(jobs_for("plain", 1), "b");
  const std::string unreadable = "unavailable: archive: '" + bench.segments("cold", "a").native() +
                                 "' cannot be read: Not a directory";
  CHECK(step_error(bench) == unreadable);
  CHECK(bench.step().archived == 1);
  CHECK(ids_in(bench.directory("plain")) == Ids{"plain0"});
  CHECK(step_error(bench) == unreadable);
  CHECK(step_error(bench) == unreadable);
}

TEST_CASE("an archive that cannot be read holds up a purge where its jobs begin") {
  Bench bench({.jobs = 1});
  std::vector<NewJob> jobs = jobs_for("plain", 3);
  jobs[1].archive("cold");
  bench.purge(jobs);
  put(bench.directory("cold"), "in the way");
  CHECK(bench.step().archived == 1);
  bench.restart();
  CHECK(error_of([&] { bench.finish(); }).starts_with("unavailable: archive"));
  CHECK(ids_in(bench.directory("plain")) == Ids{"plain0"});
  fs::remove(bench.directory("cold"));
  bench.finish();
  CHECK(ids_in(bench.directory("cold")) == Ids{"plain1"});
  CHECK(ids_in(bench.directory("plain")) == Ids{"plain0", "plain2"});
}

TEST_CASE("a store that is down is told at once, whatever else could be done") {
  const ErrorCode code = GENERATE(ErrorCode::unavailable, ErrorCode::outcome_unknown);
  Bench bench;
  bench.purge(jobs_for("cold", 1), "a");
  bench.purge(jobs_for("plain", 1), "b");
  bench.at_call(3, [&] { throw Error(code, "nobody is there", "file"); });
  CHECK(step_error(bench) == std::string(to_string(code)) + ": nobody is there");
  CHECK(files_in(bench.directory("cold")).empty());
  CHECK(files_in(bench.directory("plain")).empty());
  CHECK(bench.finish() == 2);
}

TEST_CASE("what is damaged in the store is told once the rest is archived") {
  Bench bench;
  bench.purge(jobs_for("cold", 1), "a");
  bench.purge(jobs_for("plain", 1), "b");
  bench.at_call(3, [] { throw Error(ErrorCode::corrupt, "a bit flipped", "file"); });
  check_put_off(bench.step());
  CHECK(bench.step().archived == 1);
  CHECK(ids_in(bench.directory("plain")) == Ids{"plain0"});
  CHECK(step_error(bench) == "corrupt: a bit flipped");
  CHECK(bench.finish() == 1);
}

}  // namespace
}  // namespace purgatory::archive_test
