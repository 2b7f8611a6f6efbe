#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "purgatory/repository.hpp"

namespace purgatory::contract {

/// What the suite must know of a backend; everything else is the same for all of them.
struct Backend {
  std::string_view name;
  std::string_view plugin;  ///< What it calls itself: one plugin may be tested in several ways.
  /// A repository without jobs, settings and leases. The host outlives it.
  std::function<std::shared_ptr<FailedJobRepository>(const Host&)> open;
  bool backup = false;   ///< False: `backup` is unsupported.
  bool compact = false;  ///< False: `compact` is unsupported.
};

/// Every backend that this program was linked with.
std::span<const Backend> backends();

/// The backend that this run tests: the first one, unless main chose another.
const Backend& selected_backend();

/// False: there is no backend of that name, and nothing changed.
bool select_backend(std::string_view name);

}  // namespace purgatory::contract
