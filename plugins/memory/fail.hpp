#pragma once

#include <fmt/format.h>

#include <utility>

#include "purgatory/error.hpp"

namespace purgatory::memory {

/// Throws an Error of this backend.
template <typename... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...), "memory");
}

}  // namespace purgatory::memory
