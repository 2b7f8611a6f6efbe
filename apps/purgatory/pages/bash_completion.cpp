// The script walks along the command line by a table of where each word leads; a second one says
// what is offered where it arrives.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <string_view>
#include <vector>

#include "apps/purgatory/pages/command_tree.hpp"
#include "apps/purgatory/pages/completion.hpp"

namespace purgatory::cli::pages {
namespace {

/// {0} is the program, {1} where each word leads, {2} what is offered at each command.
constexpr std::string_view kBashScript = R"(# Completes {0} in bash.

_{0}() {{
  # What may stand next: words, @file for a file, @any for what nobody can know.
  local offered= options= command={0} word index
  for ((index = 1; index < COMP_CWORD; ++index)); do
    word=${{COMP_WORDS[index]}}
    if [[ $offered ]]; then
      [[ $word == = ]] || offered=  # bash splits --option=value into three words
      continue
    fi
    case $command:$word in
{1}    esac
  done
  word=${{COMP_WORDS[COMP_CWORD]}}
  [[ $word == = ]] && word=
  if [[ ! $offered ]]; then
    case $command in
{2}    esac
    [[ $word == -* ]] && offered=$options
  fi
  COMPREPLY=()
  case $offered in
    @any) ;;
    @file) compopt -o default ;;  # files as readline itself completes them
    *) mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$word") ;;
  esac
}}

complete -F _{0} {0}
)";

/// What bash offers for a value.
std::string bash_values(const CLI::Option& option) {
  if (takes_file(option)) return "@file";
  const auto choices = choices_of(option);
  return choices.empty() ? "@any" : fmt::format("{}", fmt::join(choices, " "));
}

std::string bash_case(const std::string& path, const std::vector<std::string>& words,
                      std::string_view outcome) {
  std::string patterns;
  for (const std::string& word : words) {
    patterns += fmt::format("{}'{}:{}'", patterns.empty() ? "" : " | ", path, word);
  }
  return fmt::format("      {}) {} ;;\n", patterns, outcome);
}

/// The options of one kind of value are one case.
std::string bash_steps(const CLI::App& command) {
  const std::string path = path_of(command);
  std::string cases;
  for (const CLI::App* below : commands_of(command)) {
    cases += bash_case(path, names_of(*below), fmt::format("command='{}'", path_of(*below)));
  }
  std::map<std::string, std::vector<std::string>> names_by_values;
  for (const CLI::Option* option : all_options_of(command)) {
    if (!takes_value(*option)) continue;
    auto& names = names_by_values[bash_values(*option)];
    for (std::string& name : names_of(*option)) names.push_back(std::move(name));
  }
  for (const auto& [values, names] : names_by_values) {
    cases += bash_case(path, names, fmt::format("offered='{}'", values));
  }
  return cases;
}

std::string bash_offer(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CLI::App* below : commands_of(command)) words.push_back(below->get_name());
  const auto arguments = arguments_of(command);
  if (words.empty()) words = {arguments.empty() ? "@any" : bash_values(*arguments.front())};
  std::vector<std::string> options;
  for (const CLI::Option* option : all_options_of(command)) {
    for (std::string& name : names_of(*option)) options.push_back(std::move(name));
  }
  return fmt::format("      '{}') offered='{}' options='{}' ;;\n", path_of(command),
                     fmt::join(words, " "), fmt::join(options, " "));
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
  std::string steps;
  std::string offers;
  for (const CLI::App* command : all_commands_of(program)) {
    steps += bash_steps(*command);
    offers += bash_offer(*command);
  }
  return fmt::format(kBashScript, program.get_name(), steps, offers);
}

}  // namespace purgatory::cli::pages
