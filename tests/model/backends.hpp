#pragma once

#include <memory>
#include <string_view>

#include "purgatory/purgatory.hpp"

namespace purgatory::model {

/// An empty repository of the named backend; nothing if there is none of that name. `host` must
/// outlive it.
[[nodiscard]] std::shared_ptr<FailedJobRepository> open_backend(std::string_view name,
                                                                const Host& host);

}  // namespace purgatory::model
