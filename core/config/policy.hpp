#pragma once

#include "core/config/document.hpp"
#include "core/config/section.hpp"
#include "purgatory/config.hpp"

/// The policy in the section `retention` of a configuration.
namespace purgatory::config {

/// Reads what `section` says about rules, caps and resolved jobs into `retention.policy`; `min_age`
/// and the archives were read. What is wrong is added to `mistakes`, what it surely does not mean
/// to `warnings`.
void read_policy(const Node& section, const Limits& limits, Config::Retention& retention,
                 SectionReader& sections, Mistakes& mistakes, Mistakes& warnings);

}  // namespace purgatory::config
