#pragma once

#include "purgatory/config.hpp"

namespace purgatory::config {

/// What was set in code has to be within the ranges of a file. Throws Error{config}.
void check(const Config::TaskCenter& settings);

}  // namespace purgatory::config
