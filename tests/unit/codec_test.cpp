// What is written is what is read.

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "tests/unit/samples.hpp"

namespace purgatory {
namespace {

using unit::at;

rc::Gen<std::string> any_bytes() {
  return rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}

rc::Gen<Time> any_time() {
  return rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return at(n); });
}

std::optional<Time> maybe(bool present, Time time) {
  return present ? std::optional(time) : std::nullopt;
}

FailedJob any_job() {
  FailedJob job;
  job.failed_at = *any_time();
  job.attempts = *rc::gen::arbitrary<std::uint32_t>();
  for (std::string* text : {&job.job_type, &job.resource_type, &job.resource_id, &job.resource_name,
                            &job.failure_status, &job.error_code, &job.fail_reason, &job.payload}) {
    *text = *any_bytes();
  }
  job.labels = *rc::gen::container<std::map<std::string, std::string>>(any_bytes(), any_bytes());
  return job;
}

Retention any_retention() {
  const auto flip = [] { return *rc::gen::arbitrary<bool>(); };
  Retention retention;
  retention.stamp = {.rule = *any_bytes(),
                     .purge_after = maybe(flip(), *any_time()),
                     .not_before = maybe(flip(), *any_time()),
                     .archive = *any_bytes(),
                     .rule_hold = *any_bytes()};
  if (flip()) {
    retention.hold = Hold{*any_bytes(), *any_bytes(), maybe(flip(), *any_time())};
  }
  retention.resolved_at = maybe(flip(), *any_time());
  return retention;
}

TEST_CASE("parts come back as they went in") {
  rc::prop("fields with any bytes and labels", [] {
    const FailedJob job = any_job();
    const Time recorded_at = *any_time();
    const auto identity = *rc::gen::arbitrary<std::uint32_t>();
    std::string part;
    codec::append_fields(part, identity, job, recorded_at);

    const codec::FieldsView view = codec::read_fields(part, identity);
    FailedJob copy;
    copy.payload = job.payload;
    codec::copy(view, copy);
    RC_ASSERT(view.recorded_at == recorded_at);
    RC_ASSERT(copy == job);
  });
  rc::prop("retention with any members", [] {
    const Retention retention = any_retention();
    const auto identity = *rc::gen::arbitrary<std::uint32_t>();
    std::string part;
    codec::append_retention(part, identity, retention);

    const codec::RetentionView view = codec::read_retention(part, identity);
    RC_ASSERT(codec::copy(view) == retention);
    RC_ASSERT(view.held() == held(retention));
  });
  rc::prop("payload of any bytes", [] {
    const std::string payload = *any_bytes();
    const auto identity = *rc::gen::arbitrary<std::uint32_t>();
    std::string part;
    codec::append_payload(part, identity, payload);
    RC_ASSERT(codec::read_payload(part, identity) == payload);
    RC_ASSERT(codec::payload_bytes(part) == payload.size());
  });
}

TEST_CASE("every presence of optional members comes back") {
  for (unsigned present = 0; present < 32; ++present) {
    Retention retention = unit::sample_retention();
    if ((present & 1U) == 0) retention.stamp.purge_after.reset();
    if ((present & 2U) == 0) retention.stamp.not_before.reset();
    if ((present & 4U) == 0) retention.hold->until.reset();
    if ((present & 8U) == 0) retention.hold.reset();
    if ((present & 16U) == 0) retention.resolved_at.reset();
    std::string part;
    codec::append_retention(part, 7, retention);
    CHECK(codec::copy(codec::read_retention(part, 7)) == retention);
  }
}

TEST_CASE("the largest texts and numbers come back") {
  FailedJob job;
  job.attempts = 0xFFFF'FFFFU;
  job.failed_at = Time::max();
  job.fail_reason = std::string(64 * 1024, '\xFF');
  std::string part;
  codec::append_fields(part, 1, job, Time::min());
  FailedJob copy;
  codec::copy(codec::read_fields(part, 1), copy);
  CHECK(copy == job);
  CHECK(codec::read_fields(part, 1).recorded_at == Time::min());
}

TEST_CASE("a part is appended behind what is there") {
  std::string out = "before";
  codec::append_payload(out, 9, "payload");
  CHECK(out.substr(0, 6) == "before");
  CHECK(codec::read_payload(std::string_view(out).substr(6), 9) == "payload");
}

TEST_CASE("copying fields drops the labels that were there, and keeps the identity") {
  FailedJob job = unit::sample_job();
  std::string part;
  codec::append_fields(part, 0, FailedJob{}, {});
  codec::copy(codec::read_fields(part, 0), job);
  CHECK(job.labels.empty());
  CHECK(job.project == "project");
  CHECK(job.group == "group");
  CHECK(job.job_id == "job");
  CHECK(job.payload == unit::sample_job().payload);
}

TEST_CASE("a filter sees the same in parts and in a stored job") {
  const FailedJob job = unit::sample_job();
  const Retention retention = unit::sample_retention();
  std::string fields;
  std::string kept;
  codec::append_fields(fields, 0, job, {});
  codec::append_retention(kept, 0, retention);
  const FilterView view =
      codec::filter_view(codec::read_fields(fields, 0), codec::read_retention(kept, 0));
  CHECK(view.failure_status == job.failure_status);
  CHECK(view.resource_type == job.resource_type);
  CHECK(view.resource_id == job.resource_id);
  CHECK(view.job_type == job.job_type);
  CHECK(view.error_code == job.error_code);
  CHECK(view.resource_name == job.resource_name);
  CHECK(view.rule == retention.stamp.rule);
  CHECK(view.failed_at == job.failed_at);
  CHECK(view.held);
  CHECK(view.resolved);
}

}  // namespace
}  // namespace purgatory
