#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

namespace purgatory::cli::pages {

/// After App::parse threw: which word nobody knows, and what may have been meant by it, as in
/// "unknown command 'pruge'; did you mean 'purge'?". Ask whatever was thrown: CLI11 misses a
/// command before it complains of the word that stands in its place. Absent: all words are known.
/// The word may hold any byte.
[[nodiscard]] std::optional<std::string> unknown_word(const CLI::App& program);

}  // namespace purgatory::cli::pages
