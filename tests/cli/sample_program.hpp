#pragma once

#include <CLI/App.hpp>
#include <memory>

namespace purgatory::cli_test {

/// A small program that has one of everything that the pages show. It is called purgatory, so that
/// shells complete it.
[[nodiscard]] std::unique_ptr<CLI::App> sample_program();

}  // namespace purgatory::cli_test
