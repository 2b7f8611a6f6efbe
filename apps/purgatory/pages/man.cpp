#include "apps/purgatory/pages/man.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "apps/purgatory/pages/command_tree.hpp"

namespace purgatory::cli::pages {
namespace {

/// A text that roff prints as it is: what is copied from the page can be run.
std::string roff(std::string_view text) {
  constexpr auto kEscapes = std::to_array<std::pair<char, std::string_view>>({{'\\', "\\(rs"},
                                                                              {'-', "\\-"},
                                                                              {'\'', "\\(aq"},
                                                                              {'"', "\\(dq"},
                                                                              {'`', "\\(ga"},
                                                                              {'^', "\\(ha"},
                                                                              {'~', "\\(ti"}});
  std::string escaped;
  for (const char byte : text) {
    const auto* escape =
        std::ranges::find(kEscapes, byte, &std::pair<char, std::string_view>::first);
    if (escape == kEscapes.end()) {
      escaped += byte;
    } else {
      escaped += escape->second;
    }
  }
  return escaped;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", roff(text)); }

/// Words that stand for others, which are those in capitals, are slanted: [ID]..., KEY=VALUE.
std::string slant_placeholders(std::string_view text) {
  std::string page;
  bool slanted = false;
  for (const char byte : text) {
    const bool capital = byte >= 'A' && byte <= 'Z';
    if (capital != slanted) page += capital ? "\\fI" : "\\fR";
    slanted = capital;
    page += roff({&byte, 1});
  }
  return page + (slanted ? "\\fR" : "");
}

/// A line of text, which no dot turns into a request.
std::string line_of(const std::string& roffed) {
  return (roffed.starts_with('.') ? "\\&" : "") + roffed + '\n';
}

std::string capitals(std::string text) {
  for (char& byte : text) {
    if (byte >= 'a' && byte <= 'z') byte = static_cast<char>(byte - 'a' + 'A');
  }
  return text;
}

/// As the list of all pages shows it: no capital at its beginning, no full stop at its end.
std::string headline(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string item(const std::string& roffed_name, std::string_view text) {
  return ".TP\n" + line_of(roffed_name) + line_of(roff(text));
}

std::string items(const std::vector<ManualFacts::Item>& facts) {
  std::string page;
  for (const auto& [name, text] : facts) page += item(bold(name), text);
  return page;
}

std::string option_item(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : names_of(option)) names.push_back(bold(name));
  const std::string value = slant_placeholders(value_of(option));
  return item(fmt::format("{}{}{}", fmt::join(names, ", "), value.empty() ? "" : " ", value),
              description_of(option));
}

std::string usage_line(const CLI::App& command) {
  const std::string path = path_of(command);
  std::string line = bold(path);
  std::istringstream words(synopsis_of(command).substr(path.size()));
  for (std::string word; words >> word;) {
    line += " " + (word.starts_with('-') ? bold(word) : slant_placeholders(word));
  }
  return line_of(line);
}

std::string example_lines(const std::vector<std::string>& examples) {
  std::string page = ".RS 4\n.EX\n";
  for (const std::string& example : examples) page += line_of(roff(example));
  return page + ".EE\n.RE\n";
}

std::string command_part(const CLI::App& command) {
  std::string path = path_of(command);
  path = path.substr(path.find(' ') + 1);
  std::string page =
      fmt::format(".SS {}{}\n", roff(path),
                  roff(command.get_display_name(true).substr(command.get_name().size())));
  page += line_of(roff(command.get_description()));
  page += ".PP\n" + usage_line(command);
  for (const CLI::Option* argument : arguments_of(command)) {
    page += item(slant_placeholders(argument->get_name(true)), description_of(*argument));
  }
  for (const OptionGroup& group : options_of(command)) {
    if (group.title != "Options") page += fmt::format(".PP\n{}:\n", roff(group.title));
    for (const CLI::Option* option : group.options) page += option_item(*option);
  }
  const auto examples = examples_of(command);
  return examples.empty() ? page : page + ".PP\nExamples:\n.PP\n" + example_lines(examples);
}

}  // namespace

std::string manual_page(const CLI::App& program, const ManualFacts& facts) {
  const std::string name = program.get_name();
  const std::string about = program.get_description();
  std::string page = fmt::format(".TH {} 1 \"\" \"{} {}\" \"User Commands\"\n",
                                 roff(capitals(name)), roff(name), roff(program.version()));
  page += fmt::format(".SH NAME\n{} \\- {}\n", roff(name), roff(headline(about)));
  page += ".SH SYNOPSIS\n" + usage_line(program);
  page += ".SH DESCRIPTION\n" + line_of(roff(about));
  for (const std::string& paragraph : facts.description) page += ".PP\n" + line_of(roff(paragraph));
  page += ".SH GLOBAL OPTIONS\n";
  for (const CLI::Option* option : all_options_of(program)) page += option_item(*option);
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : all_commands_of(program)) {
    if (command != &program) page += command_part(*command);
  }
  page += ".SH EXIT STATUS\n" + items(facts.exit_codes);
  page += ".SH ENVIRONMENT\n" + items(facts.environment);
  page += ".SH FILES\n" + items(facts.files);
  page += ".SH EXAMPLES\n" + example_lines(examples_of(program));
  return page + ".SH SEE ALSO\n" + line_of(roff(facts.see_also));
}

}  // namespace purgatory::cli::pages
