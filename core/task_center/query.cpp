#include "core/task_center/query.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "core/options/value.hpp"
#include "core/task_center/answer.hpp"
#include "core/task_center/route.hpp"

namespace purgatory::task_center {
namespace {

constexpr std::array<std::string_view, 6> kParameters{
    "failure_status", "resource_name", "server_group_id", "resource_type", "limit", "offset"};

constexpr std::array<std::string_view, 11> kStatuses{
    "createFail", "deleteFail", "attachFail",  "detachFail",   "expandFail",   "resizeFail",
    "startFail",  "stopFail",   "reverseFail", "failoverFail", "reprotectFail"};

struct ResourceType {
  std::string_view name;
  std::string_view other;  ///< As the vendor's sample spells it.
};
constexpr std::array kResourceTypes{
    ResourceType{"server_groups", "serverGroup"},
    ResourceType{"protected_instances", "protectedInstance"},
    ResourceType{"replications", "replication"},
    ResourceType{"disaster_recovery_drills", "disasterRecoveryDrill"},
};

using Parameters = std::map<std::string, std::string, std::less<>>;

Parameters known_of(const boost::urls::params_view& parameters) {
  Parameters known;
  for (const auto parameter : parameters) {
    const std::string_view key(parameter.key.data(), parameter.key.size());
    if (std::ranges::find(kParameters, key) == kParameters.end()) continue;
    if (parameter.value.empty()) {
      throw Refused(400, codes::kParameter, fmt::format("{}: is empty: leave it out.", key));
    }
    if (!known.emplace(key, parameter.value).second) {
      throw Refused(400, codes::kParameter, fmt::format("{}: is given twice.", key));
    }
  }
  return known;
}

std::uint64_t number(std::string_view key, std::string_view text, std::uint64_t most,
                     std::string_view code) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && rest == end && value <= most) return value;
  throw Refused(400, code,
                fmt::format("{}: {} is no number from 0 to {}.", key, options::quote(text), most));
}

std::string resource_type(const std::string& text) {
  for (const auto& [name, other] : kResourceTypes) {
    if (text == name || text == other) return std::string(name);
  }
  std::vector<std::string_view> names;
  names.reserve(kResourceTypes.size());
  for (const ResourceType& type : kResourceTypes) names.push_back(type.name);
  throw Refused(400, codes::kParameter,
                fmt::format("resource_type: {} is not one of {}.", options::quote(text),
                            fmt::join(names, ", ")));
}

std::string failure_status(const std::string& text) {
  if (std::ranges::find(kStatuses, text) != kStatuses.end()) return text;
  throw Refused(400, codes::kParameter,
                fmt::format("failure_status: {} is not one of {}.", options::quote(text),
                            fmt::join(kStatuses, ", ")));
}

}  // namespace

Query read_query(const boost::urls::params_view& parameters, const std::string& project) {
  const Parameters known = known_of(parameters);
  Query query{.selection = {Scope::project_level(project), {}}};
  Filter& filter = query.selection.filter;
  filter.literal = true;
  for (const auto& [key, value] : known) {
    if (key == "failure_status") filter.failure_status = failure_status(value);
    if (key == "resource_name") filter.resource_name = value;
    if (key == "resource_type") filter.resource_type = resource_type(value);
    if (key == "limit") query.limit = number(key, value, kMostPerPage, codes::kLimit);
    if (key == "offset") query.offset = number(key, value, INT64_MAX, codes::kOffset);
    if (key == "server_group_id") {
      check_id(key, value, codes::kGroup);
      query.selection.scope = Scope::group(project, value);
    }
  }
  return query;
}

}  // namespace purgatory::task_center
