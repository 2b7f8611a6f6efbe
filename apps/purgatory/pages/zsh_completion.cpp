// Each command is a function that leaves the work to zsh's _arguments; one with commands of its own
// calls theirs.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "apps/purgatory/pages/command_tree.hpp"
#include "apps/purgatory/pages/completion.hpp"

namespace purgatory::cli::pages {
namespace {

constexpr std::string_view kZshScript = R"(#compdef {0}
# Completes {0} in zsh.

{1}if [[ $funcstack[1] == _{0} ]]; then
  _{0} "$@"
else
  compdef _{0} {0}
fi
)";

/// A command whose line ends with options and arguments.
constexpr std::string_view kZshLeaf = R"({0}() {{
  _arguments -s -S{1}
}}

)";

/// A command with others below it: with -A, what stands behind one of these is left to it.
constexpr std::string_view kZshBranch = R"({0}() {{
  local curcontext=$curcontext state
  local -a line
  local -A opt_args
  _arguments -C -s -S -A '-*'{1} \
    '1:COMMAND:->commands' '*::ARGUMENT:->arguments'
  case $state in
    commands)
      local -a commands=(
{2}      )
      _describe command commands ;;
    arguments)
      case $words[1] in
{3}      esac ;;
  esac
}}

)";

std::string zsh_quote(std::string_view text) {
  std::string quoted = "'";
  for (const char byte : text) {
    if (byte == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += byte;
    }
  }
  return quoted + "'";
}

std::string zsh_escape(std::string_view text, std::string_view special) {
  std::string escaped;
  for (const char byte : text) {
    if (byte == '\\' || special.find(byte) != std::string_view::npos) escaped += '\\';
    escaped += byte;
  }
  return escaped;
}

std::string zsh_function(const CLI::App& command) {
  std::string name = "_" + path_of(command);
  std::ranges::replace(name, ' ', '_');
  return name;
}

/// ":FILE:_files", ":table|json:(table json)", ":TEXT: ": what stands there, and how to find it.
std::string zsh_values(const CLI::Option& option, const std::string& name) {
  const std::string label = ":" + zsh_escape(name, ":") + ":";
  if (takes_file(option)) return label + "_files";
  const auto choices = choices_of(option);
  return choices.empty() ? label + " " : fmt::format("{}({})", label, fmt::join(choices, " "));
}

std::string zsh_argument(const CLI::Option& argument) {
  const std::string position = is_repeatable(argument) ? "*" : argument.get_required() ? "" : ":";
  return zsh_quote(position + zsh_values(argument, argument.get_name(true)));
}

/// An option has one line a name; given once, none of its names is offered again.
std::vector<std::string> zsh_option(const CLI::Option& option) {
  const auto names = names_of(option);
  std::string before = is_repeatable(option) ? "*" : fmt::format("({})", fmt::join(names, " "));
  std::string after = "[" + zsh_escape(option.get_description(), "[]:") + "]";
  if (takes_value(option)) after += zsh_values(option, value_of(option));
  std::vector<std::string> lines;
  for (const std::string& name : names) {
    const std::string_view value = name.starts_with("--") ? "=" : "+";
    lines.push_back(
        zsh_quote(fmt::format("{}{}{}{}", before, name, takes_value(option) ? value : "", after)));
  }
  return lines;
}

std::string zsh_command(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::Option* option : all_options_of(command)) {
    std::ranges::move(zsh_option(*option), std::back_inserter(words));
  }
  for (const CLI::Option* argument : arguments_of(command)) {
    words.push_back(zsh_argument(*argument));
  }
  std::string lines;
  for (const std::string& word : words) lines += " \\\n    " + word;
  const auto below = commands_of(command);
  if (below.empty()) return fmt::format(kZshLeaf, zsh_function(command), lines);

  std::string names;
  std::string calls;
  for (const CLI::App* part : below) {
    const std::string name = part->get_name();
    names += fmt::format("        {}\n", zsh_quote(name + ":" + part->get_description()));
    calls +=
        fmt::format("        {}) {} ;;\n", fmt::join(names_of(*part), "|"), zsh_function(*part));
  }
  return fmt::format(kZshBranch, zsh_function(command), lines, names, calls);
}

}  // namespace

std::string zsh_completion(const CLI::App& program) {
  std::string functions;
  for (const CLI::App* command : all_commands_of(program)) functions += zsh_command(*command);
  return fmt::format(kZshScript, program.get_name(), functions);
}

}  // namespace purgatory::cli::pages
