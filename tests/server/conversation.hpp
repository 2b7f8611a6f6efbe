#pragma once

#include <string>

#include "tests/server/client.hpp"
#include "tests/server/vectors.hpp"

namespace purgatory::server_test {

/// What comes of a vector that was sent to the API: written as its `outcome`, and what is wrong
/// with the answers, if anything is. A connection is open if it answers another request.
[[nodiscard]] std::string outcome_of(Client& client, const Vector& vector);

}  // namespace purgatory::server_test
