#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/repository/store.hpp"
#include "purgatory/policy.hpp"

/// Which policy is active: a setting of the store, changed by compare-and-set.
namespace purgatory::retention {

/// Absent: none was ever activated. Throws corrupt if the setting is not what `activate` writes.
[[nodiscard]] std::optional<ActivePolicy> active_policy(const Store& store);

/// Makes the policy of this hash the active one. If it is already, that stands: when, by whom; but
/// overriding the guard is always written anew.
ActivePolicy activate(const Store& store, std::string_view hash, std::string_view actor,
                      const ActivateOptions& options = {});

/// Tells the host's log of it.
void log_activation(const Host& host, const ActivePolicy& active);

}  // namespace purgatory::retention
