#pragma once

#include <string>

#include "purgatory/policy.hpp"

namespace purgatory::retention {

/// The policy as a file would have it below `retention:`, two spaces deep; two policies that say
/// the same are the same text. Its mistakes are none.
[[nodiscard]] std::string canonical_yaml(const Policy& policy);

}  // namespace purgatory::retention
