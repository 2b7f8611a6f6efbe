#include "apps/purgatory/pages/command_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace purgatory::cli::pages {
namespace {

/// The options of a command and of its option groups, which are subcommands without a name. An
/// option's group is the title; CLI11's own default is none.
void add_options(const CLI::App& command, const std::string& title,
                 std::vector<OptionGroup>& groups) {
  for (const CLI::Option* option : command.get_options()) {
    const bool is_help = option->get_single_name() == "help";
    if (is_help || !option->nonpositional() || option->get_group().empty()) continue;
    const std::string own = option->get_group() == "Options" ? title : option->get_group();
    auto group = std::ranges::find(groups, own, &OptionGroup::title);
    if (group == groups.end()) group = groups.insert(groups.end(), {own, {}});
    group->options.push_back(option);
  }
  for (const CLI::App* part : command.get_subcommands({})) {
    if (part->get_name().empty() && !part->get_group().empty()) {
      add_options(*part, part->get_group(), groups);
    }
  }
}

/// The type without what CLI11 adds behind a colon for each check.
std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

}  // namespace

std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  if (parent == nullptr) return command.get_name();
  return command.get_name().empty() ? path_of(*parent)
                                    : path_of(*parent) + " " + command.get_name();
}

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* part) {
    return !part->get_name().empty() && !part->get_group().empty() && !part->get_disabled();
  });
}

std::vector<const CLI::App*> all_commands_of(const CLI::App& command) {
  std::vector<const CLI::App*> all{&command};
  for (const CLI::App* below : commands_of(command)) {
    std::ranges::copy(all_commands_of(*below), std::back_inserter(all));
  }
  return all;
}

std::vector<std::string> examples_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  const std::string footer = command.get_footer();
  std::vector<std::string> lines;
  if (parent != nullptr && footer == parent->get_footer()) return lines;
  std::istringstream stream(footer);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& command) {
  std::vector<const CLI::Option*> arguments = command.get_options([](const CLI::Option* option) {
    return option->get_positional() && !option->get_group().empty();
  });
  for (const CLI::App* part : command.get_subcommands({})) {
    if (!part->get_name().empty()) continue;
    const auto more = arguments_of(*part);
    arguments.insert(arguments.end(), more.begin(), more.end());
  }
  return arguments;
}

std::vector<OptionGroup> options_of(const CLI::App& command) {
  std::vector<OptionGroup> groups;
  add_options(command, command.get_parent() == nullptr ? "Global options" : "Options", groups);
  return groups;
}

std::vector<const CLI::Option*> shared_options_of(const CLI::App& command) {
  std::vector<const CLI::Option*> shared;
  const CLI::App* inner = &command;
  while (inner->get_fallthrough() && inner->get_parent() != nullptr) {
    inner = inner->get_parent();
    for (const OptionGroup& group : options_of(*inner)) {
      std::ranges::copy_if(group.options, std::back_inserter(shared),
                           [&](const auto* option) { return option != inner->get_version_ptr(); });
    }
  }
  if (command.get_help_ptr() != nullptr) shared.push_back(command.get_help_ptr());
  return shared;
}

std::vector<const CLI::Option*> all_options_of(const CLI::App& command) {
  std::vector<const CLI::Option*> all;
  for (const OptionGroup& group : options_of(command)) {
    std::ranges::copy(group.options, std::back_inserter(all));
  }
  std::ranges::copy(shared_options_of(command), std::back_inserter(all));
  return all;
}

std::vector<std::string> names_of(const CLI::App& command) {
  std::vector<std::string> names{command.get_name()};
  std::ranges::copy(command.get_aliases(), std::back_inserter(names));
  return names;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::string value_of(const CLI::Option& option) {
  if (!option.get_option_text().empty()) return option.get_option_text();
  if (!takes_value(option)) return {};
  const auto choices = choices_of(option);
  return choices.empty() ? type_of(option) : fmt::format("{}", fmt::join(choices, "|"));
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  // CLI11 keeps the words only as text: {table,json}, and of a transformer {table->0,json->1}.
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{');
  std::vector<std::string> words;
  if (begin == std::string::npos) return words;
  std::istringstream list(type.substr(begin + 1, type.find('}') - begin - 1));
  for (std::string word; std::getline(list, word, ',');) {
    words.push_back(word.substr(0, word.find("->")));
  }
  return words;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

bool takes_file(const CLI::Option& option) {
  return takes_value(option) && (type_of(option) == "FILE" || type_of(option) == "PATH");
}

bool is_repeatable(const CLI::Option& option) {
  return option.get_expected_max() >= CLI::detail::expected_max_vector_size ||
         option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

std::string usage_of(const CLI::Option& argument) {
  const std::string name = argument.get_name(true);
  return (argument.get_required() ? name : "[" + name + "]") +
         (is_repeatable(argument) ? "..." : "");
}

std::string description_of(const CLI::Option& option) {
  std::vector<std::string> notes;
  if (option.nonpositional() && option.get_required()) notes.emplace_back("required");
  if (option.nonpositional() && is_repeatable(option)) notes.emplace_back("repeatable");
  if (!option.get_envname().empty()) notes.push_back("or $" + option.get_envname());
  if (!option.get_default_str().empty()) notes.push_back("default: " + option.get_default_str());
  if (notes.empty()) return option.get_description();
  return fmt::format("{} ({})", option.get_description(), fmt::join(notes, ", "));
}

std::string synopsis_of(const CLI::App& command) {
  std::string text = path_of(command);
  if (!commands_of(command).empty()) {
    text += command.get_require_subcommand_min() == 0 ? " [COMMAND]" : " COMMAND";
  }
  for (const OptionGroup& group : options_of(command)) {
    for (const CLI::Option* option : group.options) {
      if (option->get_required()) text += " " + names_of(*option).back() + " " + value_of(*option);
    }
  }
  text += " [OPTIONS]";
  for (const CLI::Option* argument : arguments_of(command)) text += " " + usage_of(*argument);
  return text;
}

}  // namespace purgatory::cli::pages
