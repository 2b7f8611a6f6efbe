#include "apps/purgatory/pages/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "apps/purgatory/pages/command_tree.hpp"

namespace purgatory::cli::pages {
namespace {

/// How many letters have to be put in, left out, changed or swapped with their neighbour to make
/// one of the other (Damerau and Levenshtein; no part is changed twice).
std::size_t slips_between(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> slips(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        slips[i][j] = i + j;
        continue;
      }
      const std::size_t changed = slips[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      slips[i][j] = std::min({changed, slips[i - 1][j] + 1, slips[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        slips[i][j] = std::min(slips[i][j], slips[i - 2][j - 2] + 1);
      }
    }
  }
  return slips[a.size()][b.size()];
}

/// How unlike they are; absent: nobody means the one by the other. What somebody began to type is
/// most alike.
std::optional<std::size_t> unlikeness(std::string_view word, std::string_view known) {
  constexpr std::size_t kShortestBeginning = 2;
  if (word.size() >= kShortestBeginning && known.starts_with(word)) return 0;
  const std::size_t most = std::max<std::size_t>(1, known.size() / 3);
  if (word.size() > known.size() + most) return std::nullopt;
  const std::size_t slips = slips_between(word, known);
  return slips <= most && slips < known.size() ? std::optional(slips) : std::nullopt;
}

/// From the command that was given last up to the program.
std::vector<const CLI::App*> given_commands(const CLI::App& program) {
  std::vector<const CLI::App*> commands{&program};
  while (!commands.front()->get_subcommands().empty()) {
    commands.insert(commands.begin(), commands.front()->get_subcommands().front());
  }
  return commands;
}

struct KnownWord {
  std::string name;   ///< Without dashes.
  std::string shown;  ///< How to write it there: "--output", "list", "purgatory list".
};

/// What may stand behind these commands, the innermost one's first.
std::vector<KnownWord> known_words(const std::vector<const CLI::App*>& given, bool options) {
  std::vector<KnownWord> words;
  const auto add_option = [&](const CLI::Option& option) {
    for (const std::string& name : option.get_lnames()) words.push_back({name, "--" + name});
  };
  for (const CLI::App* command : given) {
    if (!options) {
      for (const CLI::App* below : commands_of(*command)) {
        const std::string& name = below->get_name();
        words.push_back({name, command == given.front() ? name : path_of(*below)});
      }
      continue;
    }
    for (const OptionGroup& group : options_of(*command)) {
      for (const CLI::Option* option : group.options) add_option(*option);
    }
    if (command->get_help_ptr() != nullptr) add_option(*command->get_help_ptr());
  }
  return words;
}

std::optional<std::string> most_alike(std::string_view word, const std::vector<KnownWord>& words) {
  std::optional<std::size_t> least;
  std::optional<std::string> found;
  for (const KnownWord& known : words) {
    const auto unlike = unlikeness(word, known.name);
    if (!unlike || (least && *least <= *unlike)) continue;
    least = unlike;
    found = known.shown;
  }
  return found;
}

/// "--otput" of "--otput=json"; other words as they are.
std::string without_value(const std::string& word) {
  return word.starts_with("-") ? word.substr(0, word.find('=')) : word;
}

}  // namespace

std::optional<std::string> unknown_word(const CLI::App& program) {
  const auto rest = program.remaining(true);
  const auto unknown = std::ranges::find_if(rest, [](const auto& word) { return word != "--"; });
  if (unknown == rest.end()) return std::nullopt;
  const std::string word = without_value(*unknown);
  const bool is_option = word.starts_with("-");
  const auto given = given_commands(program);

  std::string text = fmt::format("unexpected argument '{}'", word);
  if (is_option) {
    text = fmt::format("unknown option '{}' of '{}'", word, path_of(*given.front()));
  } else if (!commands_of(*given.front()).empty()) {
    text = fmt::format("unknown command '{}' of '{}'", word, path_of(*given.front()));
  }
  const std::size_t dashes = std::min(word.find_first_not_of('-'), word.size());
  const auto meant = most_alike(word.substr(dashes), known_words(given, is_option));
  return meant ? fmt::format("{}; did you mean '{}'?", text, *meant) : text;
}

}  // namespace purgatory::cli::pages
