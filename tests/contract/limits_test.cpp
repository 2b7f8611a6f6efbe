#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

constexpr std::size_t kText = 64 * 1024;
constexpr std::size_t kPayload = 1024 * 1024;

/// What recording the job says.
std::string refusal(const Store& store, const NewJob& job) {
  const std::string error = error_of([&] { store.record(job); });
  CHECK(store->projects(store.call(), {}).items.empty());
  return error;
}

TEST_CASE("a job of the greatest sizes comes back", "[R15]") {
  NewJob job = a_job(std::string(255, 'j')).group(std::string(255, 'g'));
  job.job_type(std::string(kText, 't')).resource_id(std::string(kText, 'i'));
  job.payload_bytes(kPayload);
  job.fields.resource_type = std::string(kText, 'r');
  job.fields.resource_name = std::string(kText, 'n');
  job.fields.failure_status = std::string(kText, 's');
  job.fields.error_code = std::string(kText, 'e');
  job.fields.fail_reason = std::string(kText, 'f');
  job.fields.labels = {{std::string(kText / 2, 'k'), std::string(kText / 2, 'v')}};
  job.rule(std::string(255, 'r')).archive(std::string(255, 'a'));
  job.rule_hold(std::string(kText, 'h'));
  const Store store;
  store.record(job);

  const StoredJob stored = store.get(job.fields.job_id, job.fields.group);
  CHECK((stored.job == job.fields));
  CHECK((stored.retention.stamp == job.stamp));
}

TEST_CASE("a job may have 64 labels", "[R15]") {
  NewJob job = a_job("a");
  for (int i = 0; i < 64; ++i) job.fields.labels[std::to_string(i)] = "value";
  const Store store;
  store.record(job);

  CHECK(store.get("a").job.labels == job.fields.labels);
}

TEST_CASE("record refuses an id of a wrong size", "[R15]") {
  const Store store;
  const std::string too_long(256, 'x');

  CHECK(refusal(store, a_job("")) == "invalid_argument: job_id: is empty; give 1 to 255 bytes");
  CHECK(refusal(store, a_job(too_long)) ==
        "invalid_argument: job_id: 256 bytes are over the limit of 255; shorten it");
  CHECK(refusal(store, a_job("a").group(too_long)) ==
        "invalid_argument: group: 256 bytes are over the limit of 255; shorten it");
  CHECK(refusal(store, a_job("a").project("")) ==
        "invalid_argument: project: is empty; give 1 to 255 bytes");
  CHECK(refusal(store, a_job("a").project(too_long)) ==
        "invalid_argument: project: 256 bytes are over the limit of 255");
}

TEST_CASE("record refuses a text over its limit", "[R15]") {
  const auto [name, field] = GENERATE(
      table<std::string, std::string FailedJob::*>({{"job_type", &FailedJob::job_type},
                                                    {"resource_type", &FailedJob::resource_type},
                                                    {"resource_id", &FailedJob::resource_id},
                                                    {"resource_name", &FailedJob::resource_name},
                                                    {"failure_status", &FailedJob::failure_status},
                                                    {"error_code", &FailedJob::error_code},
                                                    {"fail_reason", &FailedJob::fail_reason}}));
  NewJob job = a_job("a");
  job.fields.*field = std::string(kText + 1, 'x');

  CHECK(refusal(Store(), job) ==
        "invalid_argument: " + name + ": 65537 bytes are over the limit of 65536; shorten it");
}

TEST_CASE("record refuses a payload over its limit", "[R15]") {
  CHECK(refusal(Store(), a_job("a").payload_bytes(kPayload + 1)) ==
        "invalid_argument: payload: 1048577 bytes are over the limit of 1048576; shorten it");
}

TEST_CASE("record refuses labels over their limits", "[R15]") {
  NewJob job = a_job("a");

  SECTION("of number") {
    for (int i = 0; i < 65; ++i) job.fields.labels[std::to_string(i)] = "";
    CHECK(refusal(Store(), job) ==
          "invalid_argument: labels: 65 labels are over the limit of 64; drop some");
  }
  SECTION("of all bytes together") {
    job.fields.labels = {{"a", std::string(kText / 2, 'x')}, {"b", std::string(kText / 2, 'x')}};
    CHECK(refusal(Store(), job) ==
          "invalid_argument: labels: 65538 bytes are over the limit of 65536; shorten it");
  }
  SECTION("of a key") {
    job.fields.labels = {{"", "value"}};
    CHECK(refusal(Store(), job) == "invalid_argument: labels: a key is empty; give it a name");
  }
}

TEST_CASE("record refuses a moment before 1970", "[R15]") {
  NewJob job = a_job("a");
  job.fields.failed_at = Time(milliseconds(-1));

  CHECK(refusal(Store(), job) ==
        "invalid_argument: failed_at: -1 ms since 1970 is outside of 1970-01-01 .. 9999-12-31; is "
        "its unit milliseconds?");
}

TEST_CASE("record refuses a moment after 9999", "[R15]") {
  NewJob job = a_job("a");
  job.fields.failed_at = Time{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};

  CHECK(refusal(Store(), job) ==
        "invalid_argument: failed_at: 253402300800000 ms since 1970 is outside of 1970-01-01 .. "
        "9999-12-31; is its unit milliseconds?");
}

TEST_CASE("record refuses a stamp over its limits", "[R15]") {
  const std::string too_long(256, 'x');

  CHECK(refusal(Store(), a_job("a").rule(too_long)) ==
        "invalid_argument: rule: 256 bytes are over the limit of 255");
  CHECK(refusal(Store(), a_job("a").archive(too_long)) ==
        "invalid_argument: archive: 256 bytes are over the limit of 255");
  CHECK(refusal(Store(), a_job("a").rule_hold(std::string(kText + 1, 'x'))) ==
        "invalid_argument: rule_hold: 65537 bytes are over the limit of 65536");
}

TEST_CASE("restamp refuses a retention over its limits", "[R11][R15]") {
  const Store store;
  store.record(a_job("a"));
  const StoredJob before = store.get("a");
  const std::string too_long(256, 'x');
  const std::string long_text(kText + 1, 'x');
  const auto refused = [&](const Retention& retention) {
    return error_of([&] { store.restamp(before, retention); });
  };

  CHECK(refused({.stamp = a_job("a").rule(too_long).stamp, .hold = {}, .resolved_at = {}}) ==
        "invalid_argument: rule: 256 bytes are over the limit of 255");
  CHECK(refused({.stamp = {}, .hold = Hold{too_long, "", {}}, .resolved_at = {}}) ==
        "invalid_argument: hold's actor: 256 bytes are over the limit of 255");
  CHECK(refused({.stamp = {}, .hold = Hold{"", long_text, {}}, .resolved_at = {}}) ==
        "invalid_argument: hold's reason: 65537 bytes are over the limit of 65536");
  CHECK(store.get("a") == before);
}

}  // namespace
}  // namespace purgatory::contract
