#pragma once

#include <rapidcheck.h>

#include "operations.hpp"

namespace purgatory::model {

/// Up to 100 operations; shrinks to fewer and plainer ones.
[[nodiscard]] rc::Gen<Sequence> sequences();

}  // namespace purgatory::model
