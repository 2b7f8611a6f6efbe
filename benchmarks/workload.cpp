#include "benchmarks/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "purgatory/codec.hpp"

namespace purgatory::benchmarks {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

constexpr Time kBegin = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
constexpr auto kSpan = days(20);
constexpr auto kJitter = milliseconds(10'000);
constexpr std::uint64_t kJobsPerResource = 5;

struct Failure {
  std::string_view status;
  std::string_view error_code;
  std::string_view reason;
};

// Chosen evenly: two of ten are timeouts.
constexpr std::array<Failure, 10> kFailures{{
    {"failed", "E_CONN_REFUSED", "connect: connection refused by the storage node"},
    {"failed", "E_CONN_RESET", "read: connection reset by peer after 3 attempts"},
    {"failed", "E_NO_SPACE", "write: no space left on the target volume"},
    {"failed", "E_QUOTA", "the quota of the protection group is used up"},
    {"failed", "E_AUTH", "401 from the identity service: token has expired"},
    {"failed", "E_SNAPSHOT", "the hypervisor refused the snapshot: disk is locked"},
    {"failed", "E_CHECKSUM", "checksum of the copied extent differs from the source"},
    {"timeout", "E_DEADLINE", "no answer from the proxy within 30000 ms"},
    {"timeout", "E_LOCK_WAIT", "waited 60 s for the lock of the resource"},
    {"cancelled", "E_CANCELLED", "cancelled by the operator before the last step"},
}};

struct Rule {
  std::string_view name;
  days age;
};

// Ages differ, so that jobs do not become due in the order they failed. The youngest is as long as
// the whole workload: nothing is due while jobs are recorded.
constexpr std::array<Rule, 3> kRules{{
    {"transient-20-days", days(20)},
    {"default-30-days", days(30)},
    {"audited-40-days", days(40)},
}};

constexpr std::array<std::string_view, 4> kJobTypes{"backup.full", "backup.incremental",
                                                    "restore.files", "replicate.snapshot"};
constexpr std::array<std::string_view, 3> kResourceTypes{"vm", "volume", "database"};
constexpr std::array<std::string_view, 3> kRegions{"eu-central", "us-east", "ap-south"};

/// splitmix64: number `index` of the random stream `stream`, in any order.
constexpr std::uint64_t random(std::uint64_t index, std::uint64_t stream) noexcept {
  std::uint64_t bits = (index + 1) * 0x9E3779B97F4A7C15ULL + stream * 0xD1B54A32D192ED03ULL;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}

template <typename Item, std::size_t kSize>
constexpr const Item& pick(const std::array<Item, kSize>& items, std::uint64_t bits) noexcept {
  return items[bits % kSize];
}

enum Stream : std::uint64_t { kJobId, kResource, kResourceId, kTexts, kTime, kRuleOf };

template <typename... Args>
void assign(std::string& text, fmt::format_string<Args...> format, Args&&... args) {
  text.clear();
  fmt::format_to(std::back_inserter(text), format, std::forward<Args>(args)...);
}

void assign_uuid(std::string& text, std::uint64_t index, Stream stream) {
  const std::uint64_t high = random(index, stream);
  const std::uint64_t low = random(index, stream + 100);
  assign(text, "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF,
         high & 0xFFF, 0x8000 | ((low >> 48) & 0x3FFF), low & 0xFFFFFFFFFFFF);
}

const Rule& rule_of(std::uint64_t index) noexcept { return pick(kRules, random(index, kRuleOf)); }

void assign_resource(FailedJob& job, std::uint64_t resource) {
  job.resource_type = pick(kResourceTypes, resource);
  assign_uuid(job.resource_id, resource, kResourceId);
  assign(job.resource_name, "{}-{:06}", job.resource_type, resource % 1'000'000);
}

void assign_failure(FailedJob& job, std::uint64_t bits) {
  const Failure& failure = pick(kFailures, bits);
  job.failure_status = failure.status;
  job.error_code = failure.error_code;
  job.fail_reason = failure.reason;
}

}  // namespace

Shape Shape::batched(std::uint64_t jobs, std::uint32_t projects) {
  Shape shape{.jobs = jobs, .projects = projects};
  const std::uint64_t halves = std::uint64_t{projects} * 2;
  shape.run = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(jobs / halves, 1, 1000));
  return shape;
}

Shape Shape::mixed(std::uint64_t jobs, std::uint32_t projects) {
  return {.jobs = jobs, .projects = projects, .run = 1};
}

std::string Workload::project_name(std::uint32_t project) {
  return fmt::format("tenant-{:02}", project);
}

std::string Workload::group_name(std::uint32_t group) { return fmt::format("queue-{:03}", group); }

std::string Workload::job_id(std::uint64_t index) {
  std::string id;
  assign_uuid(id, index, kJobId);
  return id;
}

Workload::Place Workload::place(std::uint64_t index) const noexcept {
  const std::uint64_t run = index / shape_.run;
  const std::uint64_t round = run / shape_.projects;
  const std::uint64_t half = shape_.groups / 2;
  // Within its half of the groups a project's jobs go round and round, so all groups are as large.
  const std::uint64_t turn = round / 2 * shape_.run + index % shape_.run;
  return {.project = static_cast<std::uint32_t>(run % shape_.projects),
          .group = static_cast<std::uint32_t>(round % 2 * half + turn % half)};
}

Time Workload::failed_at(std::uint64_t index) const noexcept {
  const double share = static_cast<double>(index) / static_cast<double>(shape_.jobs);
  const auto offset =
      std::chrono::duration_cast<milliseconds>(milliseconds(kSpan - kJitter) * share);
  const auto jitter =
      random(index, kTime) % static_cast<std::uint64_t>(milliseconds(kJitter).count());
  return kBegin + offset + milliseconds(jitter);
}

Time Workload::purge_after(std::uint64_t index) const noexcept {
  return failed_at(index) + rule_of(index).age;
}

void Workload::make(std::uint64_t index, Sample& sample) const {
  const std::uint64_t bits = random(index, kTexts);
  const std::uint64_t resources = std::max<std::uint64_t>(1, shape_.jobs / kJobsPerResource);
  const Place where = place(index);

  FailedJob& job = sample.job;
  assign(job.project, "tenant-{:02}", where.project);
  assign(job.group, "queue-{:03}", where.group);
  assign_uuid(job.job_id, index, kJobId);
  job.job_type = pick(kJobTypes, bits);
  assign_resource(job, random(index, kResource) % resources);
  assign_failure(job, bits >> 8);
  job.attempts = static_cast<std::uint32_t>(1 + (bits >> 16) % 5);
  job.labels["region"] = pick(kRegions, bits >> 24);
  job.failed_at = failed_at(index);
  assign(
      job.payload,
      R"({{"op":"{}","name":"{}","attempt":{},"timeout_ms":30000,"retention":"weekly","node":{}}})",
      job.job_type, job.resource_name, job.attempts, (bits >> 32) % 1000);

  const Rule& rule = rule_of(index);
  sample.stamp.rule = rule.name;
  sample.stamp.purge_after = job.failed_at + rule.age;
}

void Workload::make(std::uint64_t first, std::span<Sample> samples) const {
  for (Sample& sample : samples) make(first++, sample);
}

Time Workload::end() noexcept { return kBegin + kSpan; }

Time Workload::half_due(std::uint32_t project) const {
  std::vector<Time> times;
  times.reserve(shape_.jobs / shape_.projects + shape_.run);
  for (std::uint64_t index = 0; index < shape_.jobs; ++index) {
    if (place(index).project == project) times.push_back(purge_after(index));
  }
  if (times.empty()) return end();
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

double Workload::mean_encoded_bytes() const {
  constexpr std::uint64_t kLooks = 4096;
  Sample sample;
  std::string encoded;
  std::uint64_t ids = 0;
  for (std::uint64_t look = 0; look < kLooks; ++look) {
    make(look, sample);
    codec::append_fields(encoded, 0, sample.job, end());
    codec::append_retention(encoded, 0, {.stamp = sample.stamp, .hold = {}, .resolved_at = {}});
    codec::append_payload(encoded, 0, sample.job.payload);
    ids += sample.job.job_id.size();
  }
  return static_cast<double>(encoded.size() + ids) / static_cast<double>(kLooks);
}

}  // namespace purgatory::benchmarks
