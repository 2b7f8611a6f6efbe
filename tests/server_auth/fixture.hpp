#pragma once

#include <string>
#include <utility>
#include <vector>

#include "apps/purgatoryd/auth/authenticator.hpp"

/// What the tests of authentication are written in.
namespace purgatory::server_auth_test {

/// The header fields of a request.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// They borrow.
[[nodiscard]] server::Headers headers_of(const Fields& fields);

/// Who sends these fields: "ann of media,web may delete", "ann of * may read", "nobody", or the
/// status and the body of the refusal.
[[nodiscard]] std::string sender_of(const server::Authenticator& authenticator,
                                    const Fields& fields);

}  // namespace purgatory::server_auth_test
