#include <catch2/catch.hpp>
#include <functional>

#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;
using unit::error_of;

std::string refusal(const FailedJob& job, const Limits& limits = {}) {
  return error_of([&] { check_limits(job, limits); });
}

TEST_CASE("an ordinary job is within the limits") {
  CHECK(refusal(unit::sample_job()) == "no error");
}

TEST_CASE("each id may have 255 bytes, and no more") {
  struct Row {
    const char* name;
    std::string FailedJob::*id;
  };
  for (const Row& row : {Row{"project", &FailedJob::project}, Row{"group", &FailedJob::group},
                         Row{"job_id", &FailedJob::job_id}}) {
    FailedJob job = unit::sample_job();
    job.*row.id = std::string(255, '\0');
    CHECK(refusal(job) == "no error");
    job.*row.id += "x";
    CHECK(refusal(job) == std::string("invalid_argument: ") + row.name +
                              ": 256 bytes are over the limit of 255; shorten it");
  }
}

TEST_CASE("project and job_id must not be empty, the group may") {
  FailedJob job = unit::sample_job();
  job.group.clear();
  CHECK(refusal(job) == "no error");
  job.project.clear();
  CHECK(refusal(job) == "invalid_argument: project: is empty; give 1 to 255 bytes");
  job = unit::sample_job();
  job.job_id.clear();
  CHECK(refusal(job) == "invalid_argument: job_id: is empty; give 1 to 255 bytes");
}

TEST_CASE("each text may be as long as the limit, and no longer") {
  struct Row {
    const char* name;
    std::string FailedJob::*text;
  };
  for (const Row& row :
       {Row{"job_type", &FailedJob::job_type}, Row{"resource_type", &FailedJob::resource_type},
        Row{"resource_id", &FailedJob::resource_id},
        Row{"resource_name", &FailedJob::resource_name},
        Row{"failure_status", &FailedJob::failure_status},
        Row{"error_code", &FailedJob::error_code}, Row{"fail_reason", &FailedJob::fail_reason}}) {
    FailedJob job = unit::sample_job();
    job.*row.text = std::string(65'536, 'x');
    CHECK(refusal(job) == "no error");
    job.*row.text += "x";
    CHECK(refusal(job) == std::string("invalid_argument: ") + row.name +
                              ": 65537 bytes are over the limit of 65536; shorten it");
    job.*row.text = "12345";
    CHECK(refusal(job, {.max_text_bytes = 4}).find("over the limit of 4;") != std::string::npos);
  }
}

TEST_CASE("the payload may be as long as its own limit") {
  FailedJob job = unit::sample_job();
  job.payload = std::string(1024 * 1024, 'x');
  CHECK(refusal(job) == "no error");
  job.payload += "x";
  CHECK(refusal(job) ==
        "invalid_argument: payload: 1048577 bytes are over the limit of 1048576; shorten it");
  job.payload = "123";
  CHECK(refusal(job, {.max_payload_bytes = 3}) == "no error");
  CHECK(refusal(job, {.max_payload_bytes = 2}) ==
        "invalid_argument: payload: 3 bytes are over the limit of 2; shorten it");
}

TEST_CASE("there may be 64 labels, and no more") {
  FailedJob job = unit::sample_job();
  job.labels.clear();
  for (int i = 0; i < 64; ++i) job.labels[std::to_string(i)] = "";
  CHECK(refusal(job) == "no error");
  job.labels["one more"] = "";
  CHECK(refusal(job) == "invalid_argument: labels: 65 labels are over the limit of 64; drop some");
}

TEST_CASE("a label needs a key") {
  FailedJob job = unit::sample_job();
  job.labels[""] = "value";
  CHECK(refusal(job) == "invalid_argument: labels: a key is empty; give it a name");
}

TEST_CASE("all labels together may be as long as a text") {
  FailedJob job = unit::sample_job();
  job.labels = {{"a", std::string(32'767, 'x')}, {"b", std::string(32'767, 'x')}};
  CHECK(refusal(job) == "no error");
  job.labels["b"] += "x";
  CHECK(refusal(job) ==
        "invalid_argument: labels: 65537 bytes are over the limit of 65536; shorten it");
}

TEST_CASE("failed_at is from 1970 to 9999") {
  FailedJob job = unit::sample_job();
  job.failed_at = at(0);
  CHECK(refusal(job) == "no error");
  job.failed_at = at(253'402'300'799'999);
  CHECK(refusal(job) == "no error");
  job.failed_at = at(253'402'300'800'000);
  CHECK(refusal(job) ==
        "invalid_argument: failed_at: 253402300800000 ms since 1970 is outside of 1970-01-01 .. "
        "9999-12-31; is its unit milliseconds?");
  job.failed_at = at(-1);
  CHECK(refusal(job) ==
        "invalid_argument: failed_at: -1 ms since 1970 is outside of 1970-01-01 .. 9999-12-31; is "
        "its unit milliseconds?");
}

TEST_CASE("the limits themselves have limits, so that a job fits in one call") {
  const auto check_them = [](std::size_t text, std::size_t payload) {
    return error_of([&] { check(Limits{.max_text_bytes = text, .max_payload_bytes = payload}); });
  };
  CHECK(check_them(100'000, 3'145'728) == "no error");
  CHECK(check_them(100'001, 1) ==
        "invalid_argument: max_text_bytes: 100001 bytes are over the limit of 100000; shorten it");
  CHECK(check_them(1, 3'145'729) ==
        "invalid_argument: max_payload_bytes: 3145729 bytes are over the limit of 3145728; shorten "
        "it");
}

}  // namespace
}  // namespace purgatory
