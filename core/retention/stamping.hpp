#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/repository/store.hpp"
#include "core/retention/compiled_policy.hpp"

/// What a policy writes on jobs that are stored.
namespace purgatory::retention {

/// The retention of a stored job with the policy's stamp.
[[nodiscard]] Retention restamped(const CompiledPolicy& policy, const StoredJob& stored);

/// What a change of the policy does to a job that its present stamp keeps.
enum class Change : std::uint8_t {
  none,
  goes,       ///< It is due at once.
  loses_hold  ///< No rule holds it any more: caps may take it.
};
[[nodiscard]] Change change_of(const StoredJob& stored, const Stamp& stamp, Time now);

/// Whether a stamp lets a job go sooner than another. A hold that ends is sooner whatever follows:
/// caps may take the job then.
[[nodiscard]] bool is_sooner(const Stamp& stamp, const Stamp& than) noexcept;

/// Whether a person's hold ends now, and what is left then: the stamp stays, a hold is no change of
/// the policy.
[[nodiscard]] bool has_run_out(const Retention& retention, Time now) noexcept;
[[nodiscard]] Retention released(Retention retention);

/// Writes them in as many calls as it takes.
RestampResult restamp(const Store& store, std::string_view project,
                      const std::vector<Restamp>& changes);

}  // namespace purgatory::retention
