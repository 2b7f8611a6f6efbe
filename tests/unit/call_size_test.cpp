// How much one call may carry, and how large a job may be: refused by `checked`, with its text.

#include <catch2/catch.hpp>

#include "tests/unit/shut_door.hpp"

namespace purgatory {
namespace {

using unit::Door;
using unit::error_of;
using unit::kLongId;
using unit::kTooLong;
using unit::Shut;

FailedJob job(std::string group, std::string job_id) {
  FailedJob job;
  job.project = "p";
  job.group = std::move(group);
  job.job_id = std::move(job_id);
  return job;
}

TEST_CASE("record refuses a job over its limits, and one of another project") {
  Shut shut({.max_text_bytes = 3, .max_payload_bytes = 3});
  const auto record = [&](const FailedJob& job, const Stamp& stamp, const std::string& text) {
    const Recording recording{&job, &stamp};
    shut.refuses(
        [&](auto& door) {
          door.record(shut.call, "p", {&recording, 1}, {}, shut.note);
        },
        text);
  };
  FailedJob long_reason = job("", "j");
  long_reason.fail_reason = "four";
  record(long_reason, {}, "fail_reason: 4 bytes are over the limit of 3; shorten it");
  FailedJob foreign = job("", "j");
  foreign.project = "other";
  record(foreign, {}, "record: a job of project 'other' in a call for project 'p'");
  Stamp stamp;
  stamp.rule = kLongId;
  record(job("", "j"), stamp, "rule" + kTooLong);
  stamp.rule.clear();
  stamp.archive = kLongId;
  record(job("", "j"), stamp, "archive" + kTooLong);
  stamp.archive.clear();
  stamp.rule_hold = "four";
  record(job("", "j"), stamp, "rule_hold: 4 bytes are over the limit of 3");
}

TEST_CASE("record takes 1000 jobs, 4 MiB and 64 groups, and no more") {
  const auto record = [](const std::vector<FailedJob>& jobs, const std::vector<Bound>& bounds,
                         const Limits& limits = {}) {
    Door door(limits);
    const Stamp stamp;
    std::vector<Recording> recordings;
    for (const FailedJob& each : jobs) recordings.push_back({&each, &stamp});
    return error_of(
        [&] { door.repository->record(door.call, "p", recordings, bounds, door.note); });
  };
  std::vector<FailedJob> many(1000, job("", "j"));
  CHECK(record(many, {}) == "no error");
  many.push_back(job("", "j"));
  CHECK(record(many, {}) ==
        "invalid_argument: record: 1001 jobs are over the limit of 1000 a call; split them");

  std::vector<FailedJob> large(4, job("", "j"));
  for (FailedJob& each : large) each.payload = std::string(1024 * 1024 - 66, 'x');
  CHECK(record(large, {}) == "no error");
  large.back().payload += 'x';
  CHECK(record(large, {}) ==
        "invalid_argument: record: 4194305 bytes are over the limit of 4194304 a call; split them");

  Limits most;
  most.max_text_bytes = Limits::kMostTextBytes;
  most.max_payload_bytes = Limits::kMostPayloadBytes;
  FailedJob largest = job(kLongId.substr(1), kLongId.substr(1));
  largest.payload = std::string(most.max_payload_bytes, 'x');
  for (auto text : {&FailedJob::job_type, &FailedJob::resource_type, &FailedJob::resource_id,
                    &FailedJob::resource_name, &FailedJob::failure_status, &FailedJob::error_code,
                    &FailedJob::fail_reason}) {
    largest.*text = std::string(most.max_text_bytes, 'x');
  }
  largest.labels["k"] = std::string(most.max_text_bytes - 1, 'x');
  CHECK(record({largest}, {}, most) == "no error");  // whatever the limits, it fits in a call

  std::vector<FailedJob> spread;
  for (int i = 0; i < 64; ++i) spread.push_back(job("group " + std::to_string(i), "j"));
  CHECK(record(spread, {{"group 0", 1, {}}}) == "no error");
  const std::string groups = "invalid_argument: record: more than 64 groups in one call; split it";
  CHECK(record(spread, {{"another", 1, {}}}) == groups);
  spread.push_back(job("another", "j"));
  CHECK(record(spread, {}) == groups);
}

TEST_CASE("record refuses a job that is larger than its group's bound") {
  const auto record = [](std::string_view bounded, std::uint64_t bytes) {
    Door door;
    const FailedJob one = job("g", "j");  // 67 bytes
    const Stamp stamp;
    const Recording recording{&one, &stamp};
    const Bound bound{bounded, {}, bytes};
    return error_of([&] {
      door.repository->record(door.call, "p", {&recording, 1}, {&bound, 1}, door.note);
    });
  };
  CHECK(record("g", 67) == "no error");
  CHECK(record("other", 66) == "no error");
  CHECK(record("g", 66) ==
        "invalid_argument: record: a job of 67 bytes is larger than the bound of its group, 66 "
        "bytes");
}

TEST_CASE("remove takes 1000 refs and 4 MiB, or one larger job") {
  const auto remove = [](std::size_t refs, std::uint64_t bytes) {
    Door door;
    const std::vector<JobRef> all(refs, JobRef{"", "j", 1, bytes});
    return error_of([&] { door.repository->remove(door.call, "p", all, door.note); });
  };
  CHECK(remove(1000, 4194) == "no error");
  CHECK(remove(1001, 0) ==
        "invalid_argument: refs: 1001 jobs are over the limit of 1000 a call; split them");
  CHECK(remove(2, 2'097'152) == "no error");
  CHECK(remove(2, 2'097'153) ==
        "invalid_argument: refs: 4194306 bytes are over the limit of 4194304 a call; split them");
  CHECK(remove(1, 5'000'000) == "no error");
}

}  // namespace
}  // namespace purgatory
