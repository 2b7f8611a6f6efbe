// completion and manual: what is said of the commands.

#include <fmt/format.h>

#include <memory>

#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/output.hpp"
#include "apps/purgatory/pages/completion.hpp"
#include "apps/purgatory/pages/man.hpp"

namespace purgatory::cli {
namespace {

pages::ManualFacts manual_facts() {
  pages::ManualFacts facts{
      .description =
          {"Jobs are kept by project and group; a job without a group is at the level of its "
           "project. A purge takes them out of sight in one step and can be undone until its undo "
           "window ends.",
           "The rules and caps of the configuration say when jobs go by themselves. Services and "
           "run-due apply them, once policy activate or a service has made them the active policy; "
           "plan says what they would purge now. Nobody purges what a person or a rule holds. What "
           "a rule sends to an archive is freed only once it is there.",
           "Results go to stdout, messages to stderr. What deletes asks first; where nobody can be "
           "asked, it needs --yes or, for all projects, --confirm=everything.",
           "Global options may also stand behind a command. A time is 2026-11-01T00:00:00Z, or how "
           "long ago it was: 90s, 15m, 2h, 7d."},
      .exit_codes = {},
      .environment =
          {{"PURGATORY_CONFIG", "The configuration, if -c names none."},
           {"PURGATORY_PLUGIN_PATH",
            "Directories of backends, separated by colons; they are looked at behind those of the "
            "configuration."},
           {"XDG_STATE_HOME",
            "The directory above that of your own store; ~/.local/state if it is not set."},
           {"NO_COLOR", "Set: messages have no colour."}},
      .files = {{"~/.local/state/purgatory/failed-jobs.db",
                 "Your own store, where there is no configuration."},
                {PURGATORY_INSTALLED_PLUGINS, "The backends that are installed."}},
      .see_also = "sqlite3(1), which can read the stores of the file backend."};
  for (const auto& [code, text] : kExitMeanings) {
    facts.exit_codes.push_back({std::to_string(static_cast<int>(code)), std::string(text)});
  }
  return facts;
}

}  // namespace

void add_completion(CLI::App& program) {
  CLI::App& command = add_command(
      program, "completion",
      "Prints a script by which a shell completes command lines, for the shell to source.",
      {"purgatory completion bash > purgatory.bash", "purgatory completion zsh > _purgatory"});
  const auto shell = std::make_shared<std::string>();
  command.add_option("SHELL", *shell, "bash, zsh or fish.")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command.callback([shell, &program] {
    print(*shell == "bash"  ? pages::bash_completion(program)
          : *shell == "zsh" ? pages::zsh_completion(program)
                            : pages::fish_completion(program));
    flush();
  });
}

void add_manual(CLI::App& program) {
  CLI::App& command =
      add_command(program, "manual", "Prints the manual page.", {"purgatory manual | man -l -"});
  command.group("");  // for the build, which installs the page
  command.callback([&program] {
    print(pages::manual_page(program, manual_facts()));
    flush();
  });
}

}  // namespace purgatory::cli
