#pragma once

#include <string>

#include "core/retention/compiled_policy.hpp"

namespace purgatory::retention {

/// Why a job is still there, in one sentence. `policy` is the one that it would be recorded under
/// now.
[[nodiscard]] std::string explain(const CompiledPolicy& policy, const StoredJob& stored, Time now);

}  // namespace purgatory::retention
