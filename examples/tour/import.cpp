#include "import.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <string>

namespace tour {
namespace {

namespace json = boost::json;
using purgatory::FailedJob;

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? std::string() : json::value_to<std::string>(*value);
}

std::string required(const json::object& object, std::string_view key) {
  std::string value = text(object, key);
  if (value.empty()) throw std::runtime_error(fmt::format("{}: is missing", key));
  return value;
}

/// "2026-11-23T13:51:54.108Z"
purgatory::Time parse_time(const std::string& value) {
  std::istringstream in(value);
  std::tm calendar{};
  int millis = 0;
  char point = 0;
  char zone = 0;
  in >> std::get_time(&calendar, "%Y-%m-%dT%H:%M:%S") >> point >> millis >> zone;
  if (!in || point != '.' || zone != 'Z') {
    throw std::runtime_error(fmt::format("failed_at: '{}' is no RFC 3339 time with ms", value));
  }
  return purgatory::Time(std::chrono::seconds(timegm(&calendar)) +
                         std::chrono::milliseconds(millis));
}

FailedJob parse_job(const std::string& line) {
  const json::object object = json::parse(line).as_object();
  FailedJob job{.project = required(object, "project_id"),
                .group = text(object, "group_id"),
                .job_id = required(object, "job_id"),
                .job_type = text(object, "job_type"),
                .resource_type = text(object, "resource_type"),
                .resource_id = text(object, "resource_id"),
                .resource_name = text(object, "resource_name"),
                .failure_status = text(object, "failure_status"),
                .error_code = text(object, "error_code"),
                .fail_reason = text(object, "fail_reason"),
                .labels = {},
                .failed_at = parse_time(required(object, "failed_at")),
                .payload = text(object, "payload")};
  if (const json::value* attempts = object.if_contains("attempts")) {
    job.attempts = attempts->to_number<std::uint32_t>();
  }
  if (const json::value* labels = object.if_contains("labels")) {
    for (const auto& [key, value] : labels->as_object()) {
      job.labels.emplace(key, json::value_to<std::string>(value));
    }
  }
  return job;
}

}  // namespace

std::vector<FailedJob> import_jobs(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  std::vector<FailedJob> jobs;
  std::string line;
  while (std::getline(in, line)) {
    try {
      jobs.push_back(parse_job(line));
    } catch (const std::exception& error) {
      throw std::runtime_error(
          fmt::format("{}:{}: {}", file.string(), jobs.size() + 1, error.what()));
    }
  }
  return jobs;
}

}  // namespace tour
