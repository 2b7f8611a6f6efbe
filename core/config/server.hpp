#pragma once

#include <string>

#include "core/config/document.hpp"
#include "core/config/section.hpp"
#include "purgatory/config.hpp"

/// The section `server` of a configuration.
namespace purgatory::config {

/// What `section` says. What is wrong with it is added to `mistakes`.
[[nodiscard]] Config::Server read_server(const Node& section, SectionReader& sections,
                                         Mistakes& mistakes);

/// What was set in code has to be what a file could set. Throws Error{config}.
void check(const Config::Server& server);

/// The section with its key, `<redacted>` for the secret.
[[nodiscard]] std::string to_yaml(const Config::Server& server);

}  // namespace purgatory::config
