#include "apps/purgatory/purge_arguments.hpp"

#include <fmt/format.h>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {

void PurgeArguments::add_to(CLI::App& command) {
  command.add_option("--actor", actor, "Who purges, for the journal; left out: your user name.")
      ->type_name("NAME");
  command.add_option("--reason", reason, "Why, for the journal.")->type_name("TEXT");
  command
      .add_option("--undo-window", undo_window,
                  "How long it can be undone; left out: as the configuration says.")
      ->type_name("DURATION")
      ->check(not_empty());
  command
      .add_option("--purge-id", purge_id,
                  "The id of an earlier purge that was cut short, to go on with it.")
      ->type_name("ID")
      ->check(not_empty());
}

PurgeOptions PurgeArguments::read() const {
  PurgeOptions options{.reason = reason, .purge_id = purge_id, .undo_window = {}, .progress = {}};
  if (!undo_window.empty()) options.undo_window = parse_duration("--undo-window", undo_window);
  return options;
}

void check_purge_interrupted(const Context& context, const Receipt& receipt) {
  check_interrupted(fmt::format(
      "{} were purged; run it again with --purge-id {} to go on, or restore them with: {}",
      format_jobs(receipt.jobs), receipt.purge_id, context.command("restore " + receipt.purge_id)));
}

void say_undo(Context& context, const Receipt& receipt, const PurgeOptions& options) {
  const auto window = options.undo_window.value_or(context.config().retention.undo_window);
  if (receipt.jobs == 0 || window.count() == 0 || !context.options.load.empty()) return;
  context.say(fmt::format("To undo: {}", context.command("restore " + receipt.purge_id)));
}

}  // namespace purgatory::cli
