#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/repository/store.hpp"
#include "core/retention/compiled_policy.hpp"
#include "core/retention/hourly_purges.hpp"
#include "core/retention/slice.hpp"

/// One slice of what the purger does in a project. Each adds what it did to a result.
namespace purgatory::retention {

/// Purges jobs that are due by their stamp and by the policy, which is the active one; restamps
/// those that it keeps, and releases persons' holds that ran out.
Slice purge_due(const Store& store, HourlyPurges& purges, const CompiledPolicy& policy,
                std::string_view project, std::size_t limit, RunResult& result);

/// Where no policy is active, that is all there is to do: releases persons' holds that ran out.
Slice release_holds(const Store& store, std::string_view project, RunResult& result);

/// Evicts what is over the caps: recording keeps them, but not when they are lowered or a hold
/// ends.
Slice apply_caps(const Store& store, HourlyPurges& purges, const CompiledPolicy& policy,
                 std::string_view project, std::size_t limit, RunResult& result);

/// Tells the host's metrics of what caps took.
void observe_evictions(const Host& host, std::span<const EvictionCount> evictions);

}  // namespace purgatory::retention
