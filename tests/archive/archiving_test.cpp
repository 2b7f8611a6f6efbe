// What gets into an archive, when, and in which segments.

#include <algorithm>

#include "tests/archive/fixture.hpp"

namespace purgatory::archive_test {
namespace {

std::vector<NewJob> joined(std::vector<NewJob> jobs, const std::vector<NewJob>& more) {
  jobs.insert(jobs.end(), more.begin(), more.end());
  return jobs;
}

TEST_CASE("jobs are in the archive that they name before they are freed") {
  Bench bench;
  std::vector<NewJob> jobs = joined(jobs_for("cold", 2), jobs_for("plain", 1));
  jobs[0].group("g").fields.labels = {{"zone", "\xFF"}};
  bench.purge(joined(jobs, {a_job("unkept")}));
  CHECK(bench.store.reclaim().jobs == 0);

  const Archiver::Step step = bench.step();
  CHECK(step.archived == 3);
  CHECK(step.more);
  CHECK(!bench.store.pile().waiting);
  CHECK(jobs_in(bench.directory("cold")) ==
        std::vector<FailedJob>{jobs[1].fields, jobs[0].fields});  // a pile goes by group
  CHECK(jobs_in(bench.directory("plain")) == std::vector<FailedJob>{jobs[2].fields});
  CHECK(bench.store.reclaim().jobs == 4);
  CHECK(!bench.step().more);
}

TEST_CASE("a segment says which purge and project it is of") {
  Bench bench;
  NewJob job = a_job("1").project("other/shop").archive("cold");
  bench.store.record(job);
  bench.store->detach(bench.store.call(), Scope::project("other/shop"), bench.store.note(".purge"));
  bench.store.advance(hours(1));
  CHECK(bench.step("other/shop").archived == 1);

  const auto segments = archive::list(bench.directory("cold"));
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].project == "other/shop");
  CHECK(segments[0].purge_id == ".purge");
  CHECK(segments[0].number == 1);
  CHECK(segments[0].jobs == 1);
  CHECK(files_in(bench.directory("cold")) ==
        Ids{"other%2Fshop/%2Epurge/000001.json", "other%2Fshop/%2Epurge/000001.jsonl.zst"});
}

TEST_CASE("a purge is archived once it cannot be undone any more") {
  Bench bench;
  bench.store.record(jobs_for("cold", 1));
  bench.store.detach(contract::whole_project());
  bench.store.advance(hours(1) - milliseconds(1));
  CHECK(!bench.step().more);
  CHECK(bench.pending_jobs() == 0);
  bench.store.advance(milliseconds(1));
  CHECK(bench.step().archived == 1);
}

TEST_CASE("a purge whose window was ended is archived at once") {
  Bench bench;
  bench.store.record(jobs_for("cold", 1));
  bench.store.detach(contract::whole_project());
  bench.store.expire();
  CHECK(bench.step().archived == 1);
}

TEST_CASE("a purge that more may join is left until its hour is over") {
  Bench bench;
  bench.store.record(jobs_for("cold", 2));
  bench.store.remove({bench.store.get("cold0")});  // the clock begins at 00:16:40
  bench.store.advance(hours(1) + minutes(43));
  CHECK(!bench.step().more);
  CHECK(bench.pending_jobs() == 1);
  bench.store.remove({bench.store.get("cold1")});
  bench.store.advance(seconds(20));
  CHECK(bench.step().archived == 2);
  CHECK(bench.store.pile().state == PileState::sealed);
}

TEST_CASE("a purge whose window began with the end of its hour is archived when that ends") {
  Bench bench;
  bench.store.record(jobs_for("cold", 1));
  bench.store.advance(minutes(43) + seconds(20));  // to 01:00:00
  bench.store.remove({bench.store.get("cold0")});
  bench.store.advance(hours(1) - milliseconds(1));
  CHECK(!bench.step().more);
  bench.store.advance(milliseconds(1));
  CHECK(bench.step().archived == 1);
}

TEST_CASE("what caps took is archived when its hour is over") {
  Bench bench;
  bench.store.record(jobs_for("cold", 2), {contract::keep_last(1)});
  bench.store.advance(minutes(43) + seconds(20) - milliseconds(1));
  CHECK(!bench.step().more);
  CHECK(bench.pending_jobs() == 1);
  bench.store.advance(milliseconds(1));
  CHECK(bench.step().archived == 1);
}

TEST_CASE("a purge that is being restored is left") {
  Bench bench;
  bench.store.record(jobs_for("cold", 3));
  bench.store.detach(contract::whole_project());
  bench.store.advance(hours(1) - milliseconds(1));
  bench.store.restore_one();
  bench.store.advance(seconds(1));
  CHECK(!bench.step().more);
  bench.store.advance(seconds(30));
  CHECK(bench.step().archived == 2);
}

TEST_CASE("what caps took is archived, too") {
  Bench bench;
  bench.store.record(jobs_for("cold", 3), {contract::keep_last(1)});
  bench.store.advance(hours(1));
  CHECK(bench.finish() == 2);
  CHECK(ids_in(bench.directory("cold")) == Ids{"cold1", "cold2"});
}

TEST_CASE("a large purge is archived in ranges, the jobs of each in a segment") {
  Bench bench({.jobs = 3});
  bench.purge(jobs_for("cold", 7));
  for (const std::uint64_t jobs : {3U, 3U, 1U}) {
    CHECK(bench.store.pile().waiting);
    const Archiver::Step step = bench.step();
    CHECK(step.archived == jobs);
    CHECK(step.more);
  }
  CHECK(!bench.store.pile().waiting);
  CHECK(sizes_in(bench.directory("cold")) == std::vector<std::uint64_t>{3, 3, 1});
  CHECK(ids_in(bench.directory("cold")) == ids_of(jobs_for("cold", 7)));
}

TEST_CASE("a range ends once its lines are large enough") {
  Bench bench({.bytes = 1});
  bench.purge(joined(jobs_for("cold", 2), jobs_for("plain", 1)));
  CHECK(bench.finish() == 3);
  CHECK(sizes_in(bench.directory("cold")) == std::vector<std::uint64_t>{1, 1});
  CHECK(sizes_in(bench.directory("plain")) == std::vector<std::uint64_t>{1});
}

TEST_CASE("a pile that ends with a range is said to be archived by the next step") {
  Bench bench({.jobs = 2});
  bench.purge(jobs_for("cold", 2));
  CHECK(bench.step().archived == 2);
  CHECK(bench.store.pile().waiting);
  const Archiver::Step step = bench.step();
  CHECK(step.archived == 0);
  CHECK(step.more);
  CHECK(!bench.store.pile().waiting);
  CHECK(sizes_in(bench.directory("cold")).size() == 1);
}

TEST_CASE("segments of one range have one number in all archives") {
  Bench bench({.jobs = 2});
  std::vector<NewJob> jobs = jobs_for("cold", 6);
  jobs[0].archive("plain");
  jobs[4].archive("plain");
  bench.purge(jobs);
  CHECK(bench.finish() == 6);
  const auto numbers = [&](std::string_view archive) {
    std::vector<std::uint64_t> all;
    for (const auto& segment : archive::list(bench.directory(archive))) {
      all.push_back(segment.number);
    }
    return all;
  };
  CHECK(numbers("cold") == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(numbers("plain") == std::vector<std::uint64_t>{1, 3});
}

TEST_CASE("jobs that no archive is for make a range longer, and have no segment") {
  Bench bench({.jobs = 2});
  std::vector<NewJob> jobs = jobs_for("cold", 6);
  for (const std::size_t i : {0U, 1U, 2U, 4U, 5U}) jobs[i].archive("");
  bench.purge(jobs);
  std::vector<std::uint64_t> archived;
  for (Archiver::Step step = bench.step(); step.more; step = bench.step()) {
    archived.push_back(step.archived);
  }
  CHECK(archived == std::vector<std::uint64_t>{0, 1, 0, 0});
  CHECK(files_in(bench.segments("cold")) == Ids{"000001.json", "000001.jsonl.zst"});
}

TEST_CASE("a purge of more jobs than a page of trash has is one segment") {
  Bench bench;
  std::vector<NewJob> jobs = jobs_for("cold", 2500);
  for (std::size_t i = 0; i < jobs.size(); i += 500) {
    bench.store.record(std::vector<NewJob>(jobs.begin() + static_cast<std::ptrdiff_t>(i),
                                           jobs.begin() + static_cast<std::ptrdiff_t>(i + 500)));
  }
  bench.purge({a_job("unkept")});
  CHECK(bench.step().archived == 2500);
  CHECK(ids_in(bench.directory("cold")) == ids_of(jobs));
}

TEST_CASE("pending are the jobs of purges that can be archived, of all projects") {
  Bench bench({.jobs = 2});
  bench.purge(joined(jobs_for("cold", 2), {a_job("unkept")}), "first");
  bench.purge(jobs_for("plain", 1), "second");
  bench.store.record(a_job("1").project("depot").archive("cold"));
  bench.store->detach(bench.store.call(), Scope::project("depot"), bench.store.note("third"));
  bench.store.advance(hours(1));
  CHECK(bench.pending_jobs() == 0);
  bench.step("depot");
  CHECK(bench.pending_jobs() == 1);
  bench.step();
  CHECK(bench.pending_jobs() == 5);
  bench.finish();
  CHECK(bench.pending_jobs() == 1);
  bench.step("depot");
  CHECK(bench.pending_jobs() == 0);
}

}  // namespace
}  // namespace purgatory::archive_test
