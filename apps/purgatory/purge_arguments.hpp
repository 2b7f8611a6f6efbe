#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "apps/purgatory/context.hpp"
#include "apps/purgatory/user.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::cli {

/// How to purge, for commands that do: --actor, --reason, --undo-window, --purge-id.
struct PurgeArguments {
  std::string actor = user_name();
  std::string reason;
  std::string purge_id;
  std::string undo_window;

  void add_to(CLI::App& command);
  /// Throws Failure{usage}.
  [[nodiscard]] PurgeOptions read() const;
};

/// Throws Failure{interrupted} if a signal came; says how to go on, and how to undo what is done.
void check_purge_interrupted(const Context& context, const Receipt& receipt);
/// Says how to undo it, if somebody can.
void say_undo(Context& context, const Receipt& receipt, const PurgeOptions& options);

}  // namespace purgatory::cli
