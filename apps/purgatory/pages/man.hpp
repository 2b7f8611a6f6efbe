#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace purgatory::cli::pages {

/// What the tree of commands does not say of the program.
struct ManualFacts {
  /// A word and its explanation.
  struct Item {
    std::string name;
    std::string text;
  };

  std::vector<std::string> description;  ///< Paragraphs, behind the program's own.
  std::vector<Item> exit_codes;
  std::vector<Item> environment;
  std::vector<Item> files;
  std::string see_also;
};

/// The manual page of section 1, as roff with the macros of man(7). It bears the version but no
/// date: the same sources make the same page.
[[nodiscard]] std::string manual_page(const CLI::App& program, const ManualFacts& facts);

}  // namespace purgatory::cli::pages
