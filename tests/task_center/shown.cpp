#include "tests/task_center/shown.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace purgatory::task_center_test {

std::string shown(unsigned status, std::string_view body) {
  if (body.empty()) return std::to_string(status);
  const auto value = boost::json::parse({body.data(), body.size()});
  const boost::json::object& error = value.at("error").as_object();
  return fmt::format("{} {}: {}", status, std::string_view(error.at("code").as_string()),
                     std::string_view(error.at("message").as_string()));
}

}  // namespace purgatory::task_center_test
