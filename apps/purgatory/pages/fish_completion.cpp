#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

#include "apps/purgatory/pages/command_tree.hpp"
#include "apps/purgatory/pages/completion.hpp"

namespace purgatory::cli::pages {
namespace {

constexpr std::string_view kFishScript = R"(# Completes {0} in fish.

# True if the words before the cursor lead to that command.
function __{0}_at
    set -l command {0}
    set -l value no
    for word in (commandline -opc)[2..]
        if test $value = yes
            set value no
            continue
        end
        switch "$command:$word"
{1}        end
    end
    test $command = "$argv"
end

complete -c {0} -f
{2})";

std::string fish_quote(std::string_view text) {
  std::string quoted = "'";
  for (const char byte : text) {
    if (byte == '\'' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + "'";
}

std::string fish_case(const std::string& path, const std::vector<std::string>& words,
                      std::string_view outcome) {
  std::string line = "            case";
  for (const std::string& word : words) line += fmt::format(" '{}:{}'", path, word);
  return fmt::format("{}\n                {}\n", line, outcome);
}

std::string fish_steps(const CLI::App& command) {
  const std::string path = path_of(command);
  std::string cases;
  for (const CLI::App* below : commands_of(command)) {
    cases += fish_case(path, names_of(*below), "set command " + fish_quote(path_of(*below)));
  }
  std::vector<std::string> valued;
  for (const CLI::Option* option : all_options_of(command)) {
    if (!takes_value(*option)) continue;
    for (std::string& name : names_of(*option)) valued.push_back(std::move(name));
  }
  return valued.empty() ? cases : cases + fish_case(path, valued, "set value yes");
}

/// What an option or an argument takes, as options of fish's complete.
std::string fish_values(const CLI::Option& option) {
  if (takes_file(option)) return " -F";
  const auto choices = choices_of(option);
  if (choices.empty()) return {};
  return " -a " + fish_quote(fmt::format("{}", fmt::join(choices, " ")));
}

std::string fish_option(const CLI::Option& option) {
  std::string words;
  for (const std::string& name : option.get_snames()) words += " -s " + name;
  for (const std::string& name : option.get_lnames()) words += " -l " + name;
  if (takes_value(option)) words += (takes_file(option) ? " -r" : " -x") + fish_values(option);
  return words + " -d " + fish_quote(option.get_description());
}

std::string fish_offers(const CLI::App& command) {
  const std::string path = path_of(command);
  const std::string line =
      fmt::format("complete -c {0} -n '__{0}_at {1}'", path.substr(0, path.find(' ')), path);
  std::string lines;
  const auto add = [&](const std::string& what) {
    if (!what.empty()) lines += line + what + '\n';
  };
  for (const CLI::App* below : commands_of(command)) {
    add(" -a " + below->get_name() + " -d " + fish_quote(below->get_description()));
  }
  for (const CLI::Option* argument : arguments_of(command)) add(fish_values(*argument));
  for (const CLI::Option* option : all_options_of(command)) add(fish_option(*option));
  return lines;
}

}  // namespace

std::string fish_completion(const CLI::App& program) {
  std::string steps;
  std::string offers;
  for (const CLI::App* command : all_commands_of(program)) {
    steps += fish_steps(*command);
    offers += fish_offers(*command);
  }
  return fmt::format(kFishScript, program.get_name(), steps, offers);
}

}  // namespace purgatory::cli::pages
