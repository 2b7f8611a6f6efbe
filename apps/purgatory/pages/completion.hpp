#pragma once

#include <CLI/App.hpp>
#include <string>

/// Scripts by which a shell completes command lines: commands, options, the words and the files
/// that these take. Each can be sourced, or put where its shell looks for completions.
namespace purgatory::cli::pages {

[[nodiscard]] std::string bash_completion(const CLI::App& program);
[[nodiscard]] std::string fish_completion(const CLI::App& program);
[[nodiscard]] std::string zsh_completion(const CLI::App& program);

}  // namespace purgatory::cli::pages
