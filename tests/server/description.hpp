#pragma once

#include <string>
#include <string_view>

#include "tests/server/answer.hpp"

namespace purgatory::server_test {

/// How an answer differs from what the API's description (openapi.json) says of the request's call;
/// empty: it does not, or the request is none of its calls.
[[nodiscard]] std::string undescribed(std::string_view request, const Answer& answer);

}  // namespace purgatory::server_test
