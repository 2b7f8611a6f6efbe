#pragma once

#include <CLI/App.hpp>
#include <string>

namespace purgatory::cli::pages {

/// What --help prints, in 80 columns: what the command does, examples, usage, arguments, options,
/// commands. Examples are the lines of App::footer, each a command line. Set it on the topmost
/// command before the others are added: they inherit it.
class HelpFormatter : public CLI::FormatterBase {
 public:
  [[nodiscard]] std::string make_help(const CLI::App* command, std::string name,
                                      CLI::AppFormatMode mode) const override;
};

}  // namespace purgatory::cli::pages
