#pragma once

#include <string_view>

namespace purgatory {

/// Throws Error{plugin}: the backend did what no backend may do ("threw 'x'").
[[noreturn]] void blame(std::string_view backend, std::string_view what);

/// Called in a catch block around a call into a backend: throws what was caught as an Error.
[[noreturn]] void rethrow_as_error(std::string_view backend);

}  // namespace purgatory
