#pragma once

#include <cstdint>
#include <string_view>

#include "core/retention/compiled_policy.hpp"
#include "core/retention/guard.hpp"
#include "core/retention/stamping.hpp"
#include "purgatory/results.hpp"

/// What a change of the policy does at once.
namespace purgatory::retention {

/// What a cap counts of a partition: jobs that nobody holds.
struct Occupied {
  std::string_view group;
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
};
/// Borrows the group.
[[nodiscard]] Occupied occupied_of(const PartitionInfo& partition) noexcept;

/// How many of them are beyond the cap; if that is one of bytes, about.
[[nodiscard]] std::uint64_t over_cap(const CompiledPolicy& policy, std::string_view project,
                                     const Occupied& occupied);

/// Jobs of a project that a change of the policy takes at once, or that caps may take then.
struct AtOnce {
  std::uint64_t due = 0;
  std::uint64_t losing_hold = 0;

  void add(Change change) noexcept {
    if (change == Change::goes) ++due;
    if (change == Change::loses_hold) ++losing_hold;
  }
};

/// What a change to this policy does at once to a project: of its jobs some are due, and some are
/// beyond caps, be it that their hold ends.
[[nodiscard]] Impact impact_of(const CompiledPolicy& policy, std::string_view project,
                               const Partitions& counted, const AtOnce& at_once);

}  // namespace purgatory::retention
