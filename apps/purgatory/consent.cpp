#include "apps/purgatory/consent.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/terminal.hpp"

namespace purgatory::cli {
namespace {

constexpr std::string_view kEverything = "everything";

}  // namespace

void Consent::add_to(CLI::App& command, bool can_mean_everything, std::string_view what_needs_it) {
  command.add_flag("-y,--yes", yes_, "Does not ask; needed where nobody can be asked.");
  if (!can_mean_everything) return;
  command
      .add_option("--confirm", confirm_, fmt::format("{}: --confirm=everything.", what_needs_it))
      ->check(CLI::IsMember({std::string(kEverything)}));
}

void Consent::require(std::string_view what, bool everything) const {
  if (everything ? !confirm_.empty() : yes_) return;
  const std::string_view flag = everything ? "--confirm=everything" : "--yes";
  if (!can_ask()) {
    throw Failure(ExitCode::usage,
                  fmt::format("nobody can be asked whether to {}: say {}", what, flag));
  }
  const std::string answer =
      everything ? ask(fmt::format("This would {}. Type 'everything' to do it:", what))
                 : ask(fmt::format("This would {}. Go on? [y/N]", what));
  const bool agreed =
      everything ? answer == kEverything : answer == "y" || answer == "Y" || answer == "yes";
  if (!agreed) throw Failure(ExitCode::interrupted, "nothing was done");
}

}  // namespace purgatory::cli
