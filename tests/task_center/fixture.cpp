#include "tests/task_center/fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace purgatory::task_center_test {

namespace json = boost::json;

std::string header_of(const Response& response, std::string_view name) {
  const auto header = std::ranges::find(
      response.headers, name, [](const auto& pair) { return std::string_view(pair.first); });
  return header == response.headers.end() ? std::string() : header->second;
}

std::string shown(const Response& response) { return shown(response.status, response.body); }

Identity an_operator() {
  return {.name = "olga", .projects = {std::string(kProject)}, .may_delete = true};
}

Response Center::send(std::string_view method, std::string_view path) const {
  const std::string target = fmt::format("/v1/{}/task-center/{}", kProject, path);
  return handle({.method = method, .target = target, .identity = an_operator()});
}

Ids Center::listed(std::string_view query) const {
  const json::value page = json::parse(get(fmt::format("failure-jobs{}", query)));
  Ids ids;
  for (const json::value& job : page.at("failure_jobs").as_array()) {
    ids.emplace_back(job.at("job_id").as_string());
  }
  return ids;
}

std::uint64_t Center::counted(std::string_view query) const {
  const json::value page = json::parse(get(fmt::format("failure-jobs{}", query)));
  return page.at("count").to_number<std::uint64_t>();
}

}  // namespace purgatory::task_center_test
