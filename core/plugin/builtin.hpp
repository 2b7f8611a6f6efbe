#pragma once

#include <span>

#include "purgatory/plugin.hpp"

namespace purgatory::plugin {

/// The backends that are part of this library: PURGATORY_BUILTIN_PLUGINS, by name.
[[nodiscard]] std::span<const Descriptor* const> builtins() noexcept;

}  // namespace purgatory::plugin
