#pragma once

#include <string>

#include "core/config/document.hpp"
#include "core/config/section.hpp"
#include "purgatory/config.hpp"

/// The section `retention` of a configuration.
namespace purgatory::config {

/// What `section` says. What is wrong with it is added to `mistakes`, what it surely does not mean
/// to `warnings`.
[[nodiscard]] Config::Retention read_retention(const Node& section, const Limits& limits,
                                               SectionReader& sections, Mistakes& mistakes,
                                               Mistakes& warnings);

/// What was set in code has to be what a file could set. Throws Error{config}.
void check(const Config::Retention& retention, const Limits& limits);

/// The section with its key.
[[nodiscard]] std::string to_yaml(const Config::Retention& retention);

}  // namespace purgatory::config
