#pragma once

#include <string_view>

#include "purgatory/plugin.hpp"

namespace purgatory::plugin {

[[nodiscard]] bool is_name(std::string_view name) noexcept;

/// Throws Error{plugin} unless `descriptor` is one of this library's interface and build, of a
/// plugin called `name`, with a table of options that can be read. `where` is the plugin's file.
void check_descriptor(const Descriptor& descriptor, std::string_view name, std::string_view where);

}  // namespace purgatory::plugin
