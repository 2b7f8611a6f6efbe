#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"

namespace purgatory::cli {

CLI::App& add_command(CLI::App& parent, const std::string& name, const std::string& description,
                      std::initializer_list<std::string_view> examples) {
  CLI::App& command = *parent.add_subcommand(name, description);
  command.footer(fmt::format("{}", fmt::join(examples, "\n")));
  command.fallthrough();
  return command;
}

void check_interrupted(std::string_view how_far) {
  if (interrupted() == 0) return;
  flush();  // it may find that less was written
  throw Failure(ExitCode::interrupted, fmt::format("interrupted; {}", how_far));
}

}  // namespace purgatory::cli
