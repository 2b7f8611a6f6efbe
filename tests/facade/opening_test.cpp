// open, move, fork, and what a configuration sets for all calls.

#include <fstream>
#include <type_traits>

#include "tests/facade/fixture.hpp"
#include "tests/file/child.hpp"

namespace purgatory::facade_test {
namespace {

static_assert(std::is_nothrow_move_constructible_v<FailedJobs>);
static_assert(std::is_nothrow_move_assignable_v<FailedJobs>);
static_assert(!std::is_copy_constructible_v<FailedJobs>);
static_assert(!std::is_copy_assignable_v<FailedJobs>);

TEST_CASE("a file opens what it describes") {
  const processes::TemporaryDirectory directory;
  const std::filesystem::path file = directory.path() / "purgatory.yaml";
  std::ofstream(file) << config_at(directory.path()).to_yaml();

  FailedJobs jobs = FailedJobs::open(file);
  jobs.record(a_job("a").fields);
  CHECK(jobs.find(kProject, "", "a"));
}

TEST_CASE("a backend opens with its options alone") {
  const processes::TemporaryDirectory directory;
  const Config config = config_at(directory.path());

  FailedJobs jobs = FailedJobs::open(config.repository.backend, config.repository.options);
  jobs.record(a_job("a").fields);
  CHECK(jobs.find(kProject, "", "a"));
  CHECK(jobs.repository().backend() == config.repository.backend);
}

TEST_CASE("what cannot be opened says why") {
  const processes::TemporaryDirectory directory;
  Config config = config_at(directory.path());

  CHECK(code_of([] { (void)FailedJobs::open("absent.yaml"); }) == ErrorCode::config);
  CHECK(code_of([] { (void)FailedJobs::open("nowhere", Options()); }) == ErrorCode::plugin);
  config.repository.timeout = milliseconds(-1);
  CHECK(error_of([&] { (void)FailedJobs::open(config); }) ==
        "config: repository.timeout: -1ms is out of range: 1ms to 1h");
}

TEST_CASE("a moved one goes on where the other was") {
  const processes::TemporaryDirectory directory;
  const processes::TemporaryDirectory other;
  int reads = 0;
  Host host;
  host.clock = [&reads] {
    ++reads;
    return at(1000);
  };
  FailedJobs first = FailedJobs::open(config_at(directory.path()), host);
  first.record(a_job("a").fields);
  FailedJobs second = std::move(first);
  CHECK(second.find(kProject, "", "a"));

  FailedJobs third = FailedJobs::open(config_at(other.path()));
  third = std::move(second);
  CHECK(third.find(kProject, "", "a")->recorded_at == at(1000));
  CHECK(reads == 3);
}

TEST_CASE("a child cannot use what its parent opened") {
  Service service;
  service.record(a_job("a"));
  const std::string answer = file_test::in_child(
      [&] { return error_of([&] { (void)service->find(kProject, "", "a"); }); });
  CHECK(answer.starts_with("unsupported: "));
  CHECK(answer.find("a store cannot be used after fork: open it in the child alone, or after "
                    "exec") != std::string::npos);
}

TEST_CASE("a call has the host's time and the configuration's timeout") {
  Service service([](Config& config) { config.repository.timeout = seconds(7); });
  const auto before = std::chrono::steady_clock::now();
  const Call call = service->begin_call();
  const auto after = std::chrono::steady_clock::now();

  CHECK(call.now == service.now());
  CHECK(call.deadline >= before + seconds(7));
  CHECK(call.deadline <= after + seconds(7));
}

constexpr milliseconds kTimeout{500};

TEST_CASE("a call ends with the configuration's timeout") {
  Service service([](Config& config) { config.repository.timeout = kTimeout; });
  service.record(numbered_jobs(200));
  service.meanwhile([] {  // the call has begun: now its time runs out
    const auto end = std::chrono::steady_clock::now() + kTimeout;
    while (std::chrono::steady_clock::now() < end) continue;
  });
  CHECK(code_of([&] {
          (void)service->count({whole_project(), with_code("E")});
        }) == ErrorCode::timeout);
}

TEST_CASE("the configuration limits texts and payloads") {
  Service service(
      [](Config& config) { config.limits = {.max_text_bytes = 5, .max_payload_bytes = 20}; });
  NewJob job = a_job("a").payload_bytes(20);
  job.fields.error_code = "12345";
  service.record(job);
  CHECK(service.live() == IdSet{"a"});

  CHECK(error_of([&] { service.record(a_job("b").payload_bytes(21)); }) ==
        "invalid_argument: payload: 21 bytes are over the limit of 20; shorten it");
  CHECK(error_of([&] { service.record(a_job("b").payload("").job_type("123456")); }) ==
        "invalid_argument: job_type: 6 bytes are over the limit of 5; shorten it");
}

TEST_CASE("the configuration can allow more than the defaults") {
  Service service([](Config& config) {
    config.limits = {.max_text_bytes = Limits::kMostTextBytes,
                     .max_payload_bytes = Limits::kMostPayloadBytes};
  });
  service.record(a_job("a")
                     .payload_bytes(Limits::kMostPayloadBytes)
                     .job_type(std::string(Limits::kMostTextBytes, 't')));
  CHECK(service->find(kProject, "", "a")->payload_bytes == Limits::kMostPayloadBytes);
}

}  // namespace
}  // namespace purgatory::facade_test
