#include "apps/purgatory/pages/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "apps/purgatory/pages/command_tree.hpp"

namespace purgatory::cli::pages {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kIndent = 2;
constexpr std::size_t kGap = 2;
constexpr std::size_t kWidestName = 28;  ///< What is wider has its text on the next line.

struct HelpRow {
  std::string name;
  std::string text;
};
struct HelpSection {
  std::string title;
  std::vector<HelpRow> rows;
};

/// The words of `text` in lines of the page, behind `line`; all lines but that begin at `column`.
std::string wrap(std::string line, std::size_t column, const std::string& text) {
  std::string page;
  std::istringstream words(text);
  bool first = true;  // a word too long for any line stands alone on it
  for (std::string word; words >> word; first = false) {
    if (!first && line.size() + 1 + word.size() > kColumns) {
      page += line + '\n';
      line = std::string(column, ' ');
      first = true;
    }
    line += (first ? "" : " ") + word;
  }
  return page + line + '\n';
}

std::string name_column(const CLI::Option& option) {
  const auto names = names_of(option);
  // Long names stand in one column, whether there is a short one or not.
  const std::string indent = option.get_snames().empty() ? "    " : "";
  const std::string value = value_of(option);
  return fmt::format("{}{}{}{}", indent, fmt::join(names, ", "), value.empty() ? "" : " ", value);
}

/// The section of that title, a new one at the end if there is none.
std::vector<HelpRow>& rows_of(std::vector<HelpSection>& sections, const std::string& title) {
  auto section = std::ranges::find(sections, title, &HelpSection::title);
  if (section == sections.end()) section = sections.insert(section, {title, {}});
  return section->rows;
}

std::vector<HelpSection> sections_of(const CLI::App& command) {
  std::vector<HelpSection> sections;
  for (const CLI::Option* argument : arguments_of(command)) {
    rows_of(sections, "Arguments").push_back({argument->get_name(true), description_of(*argument)});
  }
  for (const OptionGroup& group : options_of(command)) {
    for (const CLI::Option* option : group.options) {
      rows_of(sections, group.title).push_back({name_column(*option), description_of(*option)});
    }
  }
  for (const CLI::Option* option : shared_options_of(command)) {
    rows_of(sections, "Global options").push_back({name_column(*option), description_of(*option)});
  }
  for (const CLI::App* below : commands_of(command)) {
    const std::string title = below->get_group() == "Subcommands" ? "Commands" : below->get_group();
    rows_of(sections, title).push_back({below->get_display_name(true), below->get_description()});
  }
  return sections;
}

/// Where the text begins in all sections of a page.
std::size_t text_column(const std::vector<HelpSection>& sections) {
  std::size_t widest = 0;
  for (const HelpSection& section : sections) {
    for (const HelpRow& row : section.rows) {
      if (row.name.size() <= kWidestName) widest = std::max(widest, row.name.size());
    }
  }
  return kIndent + widest + kGap;
}

std::string print(const HelpRow& row, std::size_t column) {
  std::string name = std::string(kIndent, ' ') + row.name;
  if (row.text.empty()) return name + '\n';
  if (name.size() + kGap > column) {
    return name + '\n' + wrap(std::string(column, ' '), column, row.text);
  }
  name.resize(column, ' ');
  return wrap(name, column, row.text);
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* command, std::string /*name*/,
                                     CLI::AppFormatMode /*mode*/) const {
  std::string page = wrap("", 0, command->get_description());
  const auto examples = examples_of(*command);
  if (!examples.empty()) page += "\nExamples:\n";
  for (const std::string& example : examples) page += "  " + example + '\n';
  page += '\n' + wrap("Usage: ", 4, synopsis_of(*command));
  const auto sections = sections_of(*command);
  const std::size_t column = text_column(sections);
  for (const HelpSection& section : sections) {
    page += '\n' + section.title + ":\n";
    for (const HelpRow& row : section.rows) page += print(row, column);
  }
  if (!commands_of(*command).empty()) {
    page += fmt::format("\nRun '{} COMMAND --help' for more about a command.\n", path_of(*command));
  }
  return page;
}

}  // namespace purgatory::cli::pages
