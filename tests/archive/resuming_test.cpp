// What a process that died has left is finished by the next one: nothing twice, nothing missing,
// nothing of others overwritten.

#include "tests/archive/fixture.hpp"

namespace purgatory::archive_test {
namespace {

/// Seven jobs, of which the second, fourth and sixth go to "plain".
std::vector<NewJob> mixed_jobs() {
  std::vector<NewJob> jobs = jobs_for("cold", 7);
  for (const std::size_t i : {1U, 3U, 5U}) jobs[i].archive("plain");
  return jobs;
}

void check_all_archived(const Bench& bench) {
  CHECK(ids_in(bench.directory("cold")) == Ids{"cold0", "cold2", "cold4", "cold6"});
  CHECK(ids_in(bench.directory("plain")) == Ids{"cold1", "cold3", "cold5"});
  CHECK(!bench.store.pile().waiting);
}

TEST_CASE("an archiver that begins anew after each step goes on where the last one was") {
  Bench bench({.jobs = 2});
  bench.purge(mixed_jobs());
  int steps = 0;
  std::uint64_t number = 0;
  while (bench.store.pile().waiting) {
    bench.step();
    // The next one writes the last range again before it goes on by one.
    bench.step();
    bench.restart();
    const auto segments = archive::list(bench.directory("cold"));
    CHECK(segments.back().number > number);
    number = segments.back().number;
    REQUIRE(++steps < 10);
  }
  check_all_archived(bench);
}

TEST_CASE("a range that not all archives have is written again") {
  const std::string lost = GENERATE("cold", "plain");
  const int steps = GENERATE(1, 2, 3);
  Bench bench({.jobs = 2});
  bench.purge(mixed_jobs());
  for (int i = 0; i < steps; ++i) bench.step();
  const fs::path sidecar = bench.segments(lost) / (numbered("00000", std::size_t(steps)) + ".json");
  REQUIRE(fs::remove(sidecar));
  bench.restart();
  bench.finish();
  check_all_archived(bench);
}

TEST_CASE("what has no sidecar is written anew") {
  Bench bench;
  bench.purge(mixed_jobs());
  fs::create_directories(bench.segments("cold"));
  put(bench.segments("cold") / "000001.jsonl.zst", "half of a fr");
  bench.finish();
  check_all_archived(bench);
}

TEST_CASE("the last sidecar may be damaged") {
  Bench bench({.jobs = 2});
  bench.purge(mixed_jobs());
  bench.step();
  bench.step();
  put(bench.segments("cold") / "000002.json", "{}");
  put(bench.segments("plain") / "000002.json", "{}");
  bench.restart();
  bench.finish();
  check_all_archived(bench);
}

TEST_CASE("if no sidecar can be read, all is written behind what there is") {
  Bench bench({.jobs = 4});
  bench.purge(jobs_for("cold", 7));
  bench.step();
  put(bench.segments("cold") / "000001.json", "{}");
  bench.restart();
  bench.finish();
  fs::remove(bench.segments("cold") / "000001.json");
  CHECK(ids_in(bench.directory("cold")) == ids_of(jobs_for("cold", 7)));
}

TEST_CASE("temporary files of the dead go when their purge is archived") {
  Bench bench({.jobs = 4});
  bench.purge(jobs_for("cold", 7));
  bench.step();
  const std::string left = ".000002.jsonl.zst.1-00000000000000ab.tmp";
  put(bench.segments("cold") / left, "half of a fr");
  CHECK(files_in(bench.segments("cold")) == Ids{left, "000001.json", "000001.jsonl.zst"});
  bench.finish();
  CHECK(files_in(bench.segments("cold")) ==
        Ids{"000001.json", "000001.jsonl.zst", "000002.json", "000002.jsonl.zst"});
}

TEST_CASE("another compression from now on does not make jobs appear twice") {
  Bench bench({.jobs = 4});
  bench.purge(jobs_for("cold", 7));
  bench.step();
  archive::Archives archives = bench.archives();
  archives["cold"].compress = Compress::none;
  bench.restart_with(archives);
  bench.finish();
  CHECK(ids_in(bench.directory("cold")) == ids_of(jobs_for("cold", 7)));
}

TEST_CASE("a new store that uses a purge_id again overwrites nothing of the old one") {
  Bench old({.jobs = 2});
  old.purge(jobs_for("cold", 3), "caps-20240101T00Z");
  old.finish();

  Bench fresh({.jobs = 2});
  std::vector<NewJob> jobs = jobs_for("plain", 5);
  for (NewJob& job : jobs) job.archive("cold");
  fresh.purge(jobs, "caps-20240101T00Z");
  fresh.restart_with(old.archives());
  const bool dies = GENERATE(false, true);
  if (dies) {
    fresh.step();
    fresh.restart_with(old.archives());
  }
  fresh.finish();
  CHECK(ids_in(old.directory("cold")) ==
        Ids{"cold0", "cold1", "cold2", "plain0", "plain1", "plain2", "plain3", "plain4"});
}

TEST_CASE("a new store whose purge has other archives leaves the old one's, too") {
  Bench old;
  old.purge(jobs_for("cold", 2));
  old.finish();

  Bench fresh;
  fresh.purge(jobs_for("plain", 2));
  fresh.restart_with(old.archives());
  fresh.finish();
  CHECK(ids_in(old.directory("cold")) == Ids{"cold0", "cold1"});
  CHECK(ids_in(old.directory("plain")) == Ids{"plain0", "plain1"});
}

}  // namespace
}  // namespace purgatory::archive_test
