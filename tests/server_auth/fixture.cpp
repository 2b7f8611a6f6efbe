#include "tests/server_auth/fixture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/algorithm/string/predicate.hpp>

namespace purgatory::server_auth_test {

server::Headers headers_of(const Fields& fields) {
  return [&fields](std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& [field, value] : fields) {
      if (boost::algorithm::iequals(field, name)) values.emplace_back(value);
    }
    return values;
  };
}

std::string sender_of(const server::Authenticator& authenticator, const Fields& fields) {
  const auto [identity, refusal] = authenticator.authenticate(headers_of(fields));
  if (refusal) return fmt::format("{} {}", refusal->status, refusal->body);
  if (!identity) return "nobody";
  const std::string projects = fmt::format("{}", fmt::join(identity->projects, ","));
  return fmt::format("{} of {} may {}", identity->name, identity->every_project ? "*" : projects,
                     identity->may_delete ? "delete" : "read");
}

}  // namespace purgatory::server_auth_test
