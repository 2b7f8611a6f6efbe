#pragma once

#include "core/config/document.hpp"
#include "core/config/section.hpp"
#include "purgatory/limits.hpp"
#include "purgatory/policy.hpp"

/// The policy in the section `retention` of a configuration.
namespace purgatory::config {

/// What `retention` says about rules and caps; `min_age` was read from it. What is wrong is added
/// to `mistakes`, what it surely does not mean to `warnings`.
[[nodiscard]] Policy read_policy(const Node& retention, std::chrono::milliseconds min_age,
                                 const Limits& limits, SectionReader& sections, Mistakes& mistakes,
                                 Mistakes& warnings);

}  // namespace purgatory::config
