#include "core/task_center/route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <vector>

#include "core/options/value.hpp"
#include "core/task_center/answer.hpp"
#include "core/task_center/id.hpp"

namespace purgatory::task_center {
namespace {

constexpr std::string_view kGet = "GET";
constexpr std::string_view kHead = "HEAD";
constexpr std::string_view kDelete = "DELETE";

void check_method(std::string_view method, Route::Call call) {
  const bool reads = call == Route::Call::list;
  if (reads ? method == kGet || method == kHead : method == kDelete) return;
  constexpr std::array<std::string_view, 9> kMethods{
      "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  if (std::ranges::find(kMethods, method) == kMethods.end()) {
    throw Refused(501, codes::kUnsupported,
                  fmt::format("There is no method {}.", options::quote(method)));
  }
  const std::string_view allowed = reads ? "GET, HEAD" : kDelete;
  Response response = error_response(
      405, codes::kMethod,
      fmt::format("{} is not what can be done here: use {}.", options::quote(method), allowed));
  response.headers.emplace_back("Allow", allowed);
  throw Refused(std::move(response));
}

std::vector<std::string> segments_of(const boost::urls::url_view& url) {
  std::vector<std::string> segments;
  for (std::string segment : url.segments()) segments.push_back(std::move(segment));
  return segments;
}

}  // namespace

boost::urls::url_view parse_target(std::string_view target) {
  const boost::urls::string_view text(target.data(), target.size());
  auto url = boost::urls::parse_origin_form(text);
  if (!url) url = boost::urls::parse_absolute_uri(text);
  if (url) return *url;
  throw Refused(400, codes::kParameter,
                fmt::format("The target {} is no path of RFC 3986.", options::quote(target)));
}

Route find_route(const boost::urls::url_view& url, std::string_view method) {
  const std::vector<std::string> path = segments_of(url);
  const auto at = [&](std::size_t i, std::string_view segment) {
    return i < path.size() && path[i] == segment;
  };
  const bool ours = url.is_path_absolute() && at(0, "v1") && at(2, "task-center") &&
                    std::ranges::find(path, "") == path.end();
  Route route;
  if (ours && path.size() == 4 && at(3, "failure-jobs")) {
    route.call = Route::Call::list;
  } else if (ours && path.size() == 5 && at(3, "failure-jobs")) {
    route.call = path[4] == "batch" ? Route::Call::purge_level : Route::Call::purge_job;
    route.job_id = path[4];
  } else if (ours && path.size() == 6 && at(4, "failure-jobs") && at(5, "batch")) {
    route.call = Route::Call::purge_group;
    route.group = path[3];
  } else {
    throw Refused(404, codes::kNotFound, "There is no such call; docs/task-center.md lists them.");
  }
  check_method(method, route.call);
  route.project = path[1];
  return route;
}

std::string_view name_of(Route::Call call) {
  switch (call) {
    case Route::Call::list: return "list";
    case Route::Call::purge_level: return "purge_level";
    case Route::Call::purge_group: return "purge_group";
    case Route::Call::purge_job: break;
  }
  return "purge_job";
}

void check_ids(const Route& route) {
  check_id("project_id", route.project, codes::kProject);
  if (route.call == Route::Call::purge_group) {
    check_id("server_group_id", route.group, codes::kGroup);
  }
  if (route.call == Route::Call::purge_job) {
    check_id("failure_job_id", route.job_id, codes::kParameter);
  }
}

void check_id(std::string_view what, std::string_view id, std::string_view code) {
  if (is_id(id)) return;
  throw Refused(400, code,
                fmt::format("{}: {} is no id: it takes 1 to {} of A-Z, a-z, 0-9, '.', '_' and '-'.",
                            what, options::quote(id), kMaxIdBytes));
}

}  // namespace purgatory::task_center
