#pragma once

#include <filesystem>

#include "purgatory/config.hpp"

namespace purgatory::server {

/// Reads all that the server needs, opens its store, and closes it. Throws Error.
void check(const Config& config);

/// Serves until SIGTERM or SIGINT, and returns when it has drained. On SIGHUP it takes the policy
/// from `file`, which `config` was read from. Throws Error if it cannot begin.
void serve(const Config& config, const std::filesystem::path& file);

}  // namespace purgatory::server
