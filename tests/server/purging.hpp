#pragma once

#include <string_view>

#include "purgatory/policy.hpp"
#include "tests/server/server.hpp"

/// Servers whose purger has something to do.
namespace purgatory::server_test {

/// What timed out goes as soon as it is recorded: the section `retention`, whose last line is a
/// rule.
inline constexpr std::string_view kTimeouts =
    "retention:\n"
    "  min_age: 0s\n"
    "  rules:\n"
    "    - { name: timeouts, match: { error_code: TIMEOUT }, keep_for: 0s }\n"
    "    - { name: rest, keep_for: forever }\n";

/// A purger that runs again and again, each time to the end. `sections` follow.
[[nodiscard]] Settings with_purger(std::string_view sections = {});
/// The same on a store that fails in this way (failing_plugin.cpp).
[[nodiscard]] Settings failing_store(std::string_view way, std::string_view sections = {});

/// Waits until the purger has run once more, from begin to end.
void wait_for_a_run(const Server& server);

/// Somebody called "tess" makes another policy the active one.
ActivePolicy activate_another(const Sandbox& box);

}  // namespace purgatory::server_test
