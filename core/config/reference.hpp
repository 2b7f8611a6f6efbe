#pragma once

#include <span>
#include <string>

#include "purgatory/plugin.hpp"

namespace purgatory::config {

/// docs/configuration.md: every key, from the tables that validate them.
[[nodiscard]] std::string reference(std::span<const plugin::Descriptor* const> backends);

}  // namespace purgatory::config
