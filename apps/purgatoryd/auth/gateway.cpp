#include "apps/purgatoryd/auth/gateway.hpp"

#include <algorithm>
#include <string>

#include "purgatory/limits.hpp"

namespace purgatory::server {
namespace {

constexpr std::string_view kSecret = "X-Gateway-Secret";
constexpr std::string_view kUser = "X-User-Id";
constexpr std::string_view kProjects = "X-Project-Id";
constexpr std::string_view kRoles = "X-Roles";

Sender refuse_other_ways() {
  Sender sender{.refusal = task_center::error_response(
                    407, "PURGATORY.0407", "This server is reached through its gateway alone.")};
  sender.refusal->headers.emplace_back("Proxy-Authenticate", kSecret);
  return sender;
}

/// The items between commas, without those that are empty.
std::vector<std::string> items_of(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    item = item.substr(0, item.find_last_not_of(" \t") + 1);
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

}  // namespace

Sender GatewayAuthenticator::authenticate(const Headers& headers) const {
  const std::vector<std::string_view> secret = headers(kSecret);
  if (secret.size() != 1 || !tokens::equal(tokens::hash_of(secret.front()), secret_)) {
    return refuse_other_ways();
  }
  for (const std::string_view header : {kUser, kProjects, kRoles}) {
    if (headers(header).size() > 1) return refuse_repeated(header);
  }
  const auto value_of = [&](std::string_view header) {
    const std::vector<std::string_view> values = headers(header);
    return values.empty() ? std::string_view() : values.front();
  };
  const std::vector<std::string> roles = items_of(value_of(kRoles));
  const auto has = [&](std::string_view role) {
    return std::ranges::find(roles, role) != roles.end();
  };
  task_center::Identity identity{.name = std::string(value_of(kUser)),
                                 .projects = items_of(value_of(kProjects)),
                                 .may_delete = has("operator")};
  const bool known = identity.may_delete || has("reader");
  if (identity.name.empty() || identity.projects.empty() || !known) return {};
  if (identity.name.size() > Limits::kMaxIdBytes) {
    return {.refusal = task_center::error_response(400, "SDRS.0201",
                                                   "X-User-Id has more than 255 bytes.")};
  }
  return {.identity = std::move(identity)};
}

}  // namespace purgatory::server
