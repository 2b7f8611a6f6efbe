#pragma once

#include <CLI/CLI.hpp>

#include "apps/purgatory/context.hpp"

namespace purgatory::cli {

/// Adds all options and commands; their callbacks use `context`.
void build(CLI::App& program, Context& context);

/// Runs the program and returns its exit code; messages go to stderr.
int run(int argc, char** argv);

}  // namespace purgatory::cli
