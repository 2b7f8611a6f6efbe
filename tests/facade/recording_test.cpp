// record and forget.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

/// Jobs whose logical bytes add up to this.
std::vector<NewJob> jobs_of_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t kEach = 500'000;
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; bytes > 0; ++i) {
    NewJob job = a_job(contract::four_digits(i)).payload("");
    const std::uint64_t size = bytes < 2 * kEach ? bytes : kEach;
    job.payload_bytes(size - job.bytes());
    bytes -= size;
    jobs.push_back(job);
  }
  return jobs;
}

std::vector<NewJob> in_groups(std::size_t jobs, std::size_t groups) {
  std::vector<NewJob> result = numbered_jobs(jobs);
  for (std::size_t i = 0; i < jobs; ++i) result[i].group(numbered("g", i % groups));
  return result;
}

/// How many steps it takes to record the jobs; they are all there then.
int steps_of(const std::vector<NewJob>& jobs) {
  Service service;
  const int before = service.steps();
  const RecordResult result = service.record(jobs);
  const int steps = service.steps() - before;
  CHECK(result == RecordResult{.inserted = jobs.size()});
  CHECK(service.live().size() == jobs.size());
  return steps;
}

TEST_CASE("a job comes back as it was recorded, kept for ever") {
  Service service;
  FailedJob job = a_job("a").group("g").payload("retry").fields;
  job.labels = {{"region", "eu"}};
  CHECK(service->record(job) == RecordResult{.inserted = 1});

  const auto stored = service->find(kProject, "g", "a");
  REQUIRE(stored);
  CHECK((stored->job == job));
  CHECK((stored->retention == Retention{}));
  CHECK(stored->recorded_at == service.now());
  CHECK(stored->bytes == logical_bytes(job));
}

TEST_CASE("a thousand jobs are one step, one more is two") {
  CHECK(steps_of(numbered_jobs(1000)) == 1);
  CHECK(steps_of(numbered_jobs(1001)) == 2);
}

TEST_CASE("four MiB are one step, one byte more is two") {
  CHECK(steps_of(jobs_of_bytes(kMaxBytesPerCall)) == 1);
  CHECK(steps_of(jobs_of_bytes(kMaxBytesPerCall + 1)) == 2);
}

TEST_CASE("sixty-four groups are one step, one more is two") {
  CHECK(steps_of(in_groups(640, 64)) == 1);
  CHECK(steps_of(in_groups(65, 65)) == 2);
  CHECK(steps_of(in_groups(130, 65)) == 3);  // jobs 0-63, 64-127, 128-129: none is moved ahead
}

TEST_CASE("jobs of several projects are a step for each, however they are mixed") {
  Service service;
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 30; ++i) {
    jobs.push_back(a_job(contract::four_digits(i)).project(numbered("p", i % 3)));
  }
  const int before = service.steps();
  CHECK(service.record(jobs) == RecordResult{.inserted = 30});
  CHECK(service.steps() - before == 3);
  for (const char* project : {"p0", "p1", "p2"}) CHECK(service.live(project).size() == 10);
}

TEST_CASE("no jobs are no step") {
  Service service;
  const int before = service.steps();
  CHECK(service->record(std::span<const FailedJob>()) == RecordResult{});
  CHECK(service.steps() == before);
}

TEST_CASE("of equal jobs the last one stays, in one step and across two") {
  const std::size_t between = GENERATE(0, 998, 999, 1500);
  Service service;
  std::vector<NewJob> jobs = numbered_jobs(between);
  jobs.insert(jobs.begin(), a_job("twin").payload("first"));
  jobs.push_back(a_job("twin").payload("last"));

  CHECK(service.record(jobs) == RecordResult{.inserted = between + 1, .replaced = 1});
  CHECK(service->find(kProject, "", "twin")->job.payload == "last");
}

TEST_CASE("the results of all parts are added up") {
  Service service;
  const std::vector<NewJob> jobs = numbered_jobs(1500);
  service.record(jobs);
  CHECK(service.record(jobs) == RecordResult{.replaced = 1500});
  std::vector<NewJob> older = jobs;
  for (NewJob& job : older) job.fields.failed_at -= seconds(1);
  CHECK(service.record(older) == RecordResult{.stale = 1500});
}

TEST_CASE("a job that breaks a limit keeps all from being recorded, and is named") {
  Service service;
  std::vector<NewJob> jobs = numbered_jobs(1500);
  jobs.front().project("another");
  jobs.back() = a_job("");

  CHECK(error_of([&] { service.record(jobs); }) ==
        "invalid_argument: jobs[1499]: job_id: is empty; give 1 to 255 bytes");
  CHECK(service->projects().empty());
  CHECK(error_of([&] { service.record(a_job("")); }) ==
        "invalid_argument: job_id: is empty; give 1 to 255 bytes");
}

TEST_CASE("what was recorded before a part failed stays, and all may be recorded again") {
  Service service;
  service.meanwhile([&, steps = 0]() mutable {
    if (++steps == 2) throw Error(ErrorCode::unavailable, "the second part");
  });
  const std::vector<NewJob> jobs = numbered_jobs(2500);

  CHECK(error_of([&] { service.record(jobs); }) == "unavailable: the second part");
  CHECK(service.live().size() == 1000);
  CHECK(service.record(jobs) == RecordResult{.inserted = 1500, .replaced = 1000});
}

TEST_CASE("forget says what became of the job") {
  Service service;
  service.record({a_job("a"), a_job("b").group("g"), a_job("held")});
  const Version version = service->find(kProject, "g", "b")->version;

  CHECK(service->forget(kProject, "", "a") == Forgotten::forgotten);
  CHECK(service->forget(kProject, "", "a") == Forgotten::absent);
  CHECK(service->forget(kProject, "g", "b", version + 1) == Forgotten::changed);
  CHECK(service->forget(kProject, "g", "b", version) == Forgotten::forgotten);
  CHECK(service.journal().empty());

  service.store().hold("held");
  CHECK(error_of([&] { service->forget(kProject, "", "held"); }) ==
        "conflict: forget: the job is held; release it first");
}

}  // namespace
}  // namespace purgatory::facade_test
