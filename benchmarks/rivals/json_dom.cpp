#include "benchmarks/rivals/json_dom.hpp"

#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

namespace purgatory::benchmarks::rivals {
namespace {

namespace json = boost::json;

struct Field {
  const char* name;
  std::string FailedJob::*member;
};

constexpr std::array kFields{Field{"project_id", &FailedJob::project},
                             Field{"group_id", &FailedJob::group},
                             Field{"job_id", &FailedJob::job_id},
                             Field{"job_type", &FailedJob::job_type},
                             Field{"resource_type", &FailedJob::resource_type},
                             Field{"resource_id", &FailedJob::resource_id},
                             Field{"resource_name", &FailedJob::resource_name},
                             Field{"failure_status", &FailedJob::failure_status},
                             Field{"error_code", &FailedJob::error_code},
                             Field{"fail_reason", &FailedJob::fail_reason},
                             Field{"payload", &FailedJob::payload}};

std::string text(const json::value& value) {
  const json::string& text = value.as_string();
  return {text.data(), text.size()};
}

}  // namespace

FailedJob JsonDom::parse(std::string_view line) {
  std::array<unsigned char, 8192> buffer;  // most trees fit: no allocation for them
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const json::value tree = json::parse({line.data(), line.size()}, &memory);
  const json::object& object = tree.as_object();
  FailedJob job;
  for (const Field& field : kFields) {
    if (const json::value* value = object.if_contains(field.name)) job.*field.member = text(*value);
  }
  if (const json::value* attempts = object.if_contains("attempts")) {
    job.attempts = attempts->to_number<std::uint32_t>();
  }
  if (const json::value* labels = object.if_contains("labels")) {
    for (const auto& label : labels->as_object()) {
      job.labels.emplace(std::string(label.key().data(), label.key().size()), text(label.value()));
    }
  }
  const auto time = parse_time(text(object.at("failed_at")));
  if (!time) throw std::invalid_argument("failed_at is no time");
  job.failed_at = *time;
  return job;
}

void JsonDom::append(std::string& out, const FailedJob& job) {
  std::array<unsigned char, 8192> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::object object(&memory);
  object["failed_at"] = format_time(job.failed_at);
  for (const Field& field : kFields) {
    const std::string& text = job.*field.member;
    if (!text.empty()) object[field.name] = text;
  }
  if (job.attempts != 0) object["attempts"] = job.attempts;
  if (!job.labels.empty()) {
    json::object& labels = object["labels"].emplace_object();
    for (const auto& [key, value] : job.labels) labels[key] = value;
  }
  out += json::serialize(object);
  out += '\n';
}

}  // namespace purgatory::benchmarks::rivals
