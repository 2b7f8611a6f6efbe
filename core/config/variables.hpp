#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/options/value.hpp"

namespace purgatory::config {

/// A text with `${NAME}` and `${NAME:-default}` replaced by environment variables, and `$$` by a
/// dollar. A variable that is unset and has no default is a mistake; with one, empty counts as
/// unset, as in a shell. Nothing is replaced inside of a default.
[[nodiscard]] std::variant<std::string, options::Mistake> fill_in_variables(std::string_view text);

}  // namespace purgatory::config
