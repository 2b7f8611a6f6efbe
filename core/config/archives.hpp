#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/document.hpp"
#include "core/config/section.hpp"
#include "core/retention/review.hpp"
#include "purgatory/config.hpp"

/// The section `retention.archives` of a configuration, and what rules say of it.
namespace purgatory::config {

using Archives = std::map<std::string, Config::Retention::Archive>;

/// What `section` says. What is wrong with it is added to `mistakes`.
[[nodiscard]] Archives read_archives(const Node& section, SectionReader& sections,
                                     Mistakes& mistakes);

/// Adds a warning for each archive of `section` that no rule names.
void warn_of_unnamed(const Node& section, const Policy& policy, Mistakes& warnings);

/// What was set in code has to be what a file could set; a relative directory begins at the working
/// directory. Throws Error{config}.
void check(const Archives& archives);

/// The rules whose archive is none of these, as mistakes of the policy.
[[nodiscard]] std::vector<retention::Remark> unknown_archives(const Policy& policy,
                                                              const Archives& archives);

/// Throws Error{config} naming them, each behind `where`, a dot and its path.
void check_archives(const Policy& policy, const Archives& archives, std::string_view where);

/// The section with its key; empty if there are no archives.
[[nodiscard]] std::string to_yaml(const Archives& archives);

}  // namespace purgatory::config
