#pragma once

#include <fmt/format.h>

#include <utility>

#include "purgatory/error.hpp"

namespace purgatory::plugin {

/// Throws Error{plugin}.
template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorCode::plugin, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace purgatory::plugin
