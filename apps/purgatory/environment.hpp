#pragma once

#include <string>

namespace purgatory::cli {

/// A variable of the environment; one that is not set is empty.
[[nodiscard]] std::string variable(const char* name);

}  // namespace purgatory::cli
