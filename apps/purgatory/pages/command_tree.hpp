#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

/// What a tree of commands says of itself: the source of the help, the manual page and the
/// completions. Commands and options in a group without a name are hidden, here too.
namespace purgatory::cli::pages {

/// "purgatory trash list"
[[nodiscard]] std::string path_of(const CLI::App& command);
/// The commands below it, in the order in which they were added.
[[nodiscard]] std::vector<const CLI::App*> commands_of(const CLI::App& command);
/// It and all commands below it, each before its own.
[[nodiscard]] std::vector<const CLI::App*> all_commands_of(const CLI::App& command);
/// The lines of its own footer; the parent's, which CLI11 hands down, is none.
[[nodiscard]] std::vector<std::string> examples_of(const CLI::App& command);

[[nodiscard]] std::vector<const CLI::Option*> arguments_of(const CLI::App& command);
struct OptionGroup {
  std::string title;
  std::vector<const CLI::Option*> options;
};
/// The options of its own, by group; those of the topmost command are global.
[[nodiscard]] std::vector<OptionGroup> options_of(const CLI::App& command);
/// What it takes too: the options of the commands above it, and --help, which each command has. Of
/// the topmost command only --help.
[[nodiscard]] std::vector<const CLI::Option*> shared_options_of(const CLI::App& command);
/// Both.
[[nodiscard]] std::vector<const CLI::Option*> all_options_of(const CLI::App& command);

/// Its name and its aliases.
[[nodiscard]] std::vector<std::string> names_of(const CLI::App& command);
/// {"-o", "--output"}
[[nodiscard]] std::vector<std::string> names_of(const CLI::Option& option);
/// What stands behind the names: "FILE", "table|json|jsonl"; empty: it takes no value.
[[nodiscard]] std::string value_of(const CLI::Option& option);
/// The words that it takes (CLI::IsMember, CLI::CheckedTransformer); empty: any.
[[nodiscard]] std::vector<std::string> choices_of(const CLI::Option& option);
[[nodiscard]] bool takes_value(const CLI::Option& option);
/// Its type is FILE or PATH.
[[nodiscard]] bool takes_file(const CLI::Option& option);
[[nodiscard]] bool is_repeatable(const CLI::Option& option);
/// An argument as usage shows it: "FILE", "[ID]..."
[[nodiscard]] std::string usage_of(const CLI::Option& argument);
/// Its description, and what else must be known: whether it is required, its default. Of an
/// argument, usage says the rest.
[[nodiscard]] std::string description_of(const CLI::Option& option);

/// "purgatory trash COMMAND [OPTIONS]", with the options that are required.
[[nodiscard]] std::string synopsis_of(const CLI::App& command);

}  // namespace purgatory::cli::pages
