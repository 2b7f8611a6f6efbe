// run-due: one run of the purger.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/plan_output.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

using std::chrono::milliseconds;
using State = RunResult::State;

/// A signal is looked at between two pieces of the run.
constexpr milliseconds kPiece{200};

std::string_view to_string(State state) {
  switch (state) {
    case State::done: return "done";
    case State::more: return "more";
    case State::not_leader: return "not_leader";
    case State::superseded: return "superseded";
    case State::failed: break;
  }
  return "failed";
}

void add(RunResult& sum, const RunResult& part) {
  sum.state = part.state;
  sum.error = part.error;
  if (part.guard) sum.guard = part.guard;
  sum.purged += part.purged;
  sum.evicted += part.evicted;
  sum.released += part.released;
  sum.restamped += part.restamped;
  sum.changed += part.changed;
  sum.archived += part.archived;
  sum.freed += part.freed;
}

RunResult run_for(Context& context, milliseconds budget) {
  using Clock = std::chrono::steady_clock;
  FailedJobs& jobs = context.jobs();
  const milliseconds longest = std::min(kPiece, context.config().purger.time_budget);
  const auto end = Clock::now() + budget;
  ProgressBar progress("Purging jobs", std::nullopt, context.options.quiet);
  RunResult sum;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
    const RunResult part = jobs.run_due(
        {.time_budget = std::clamp(left, milliseconds(0), longest), .activate = false});
    add(sum, part);
    progress.show(sum.purged + sum.evicted);
    // Also what is superseded may have ended before all trash was freed.
    const bool more = part.state == State::more ||
                      (part.state == State::superseded && part.freed + part.archived > 0);
    if (!more || interrupted() != 0 || Clock::now() >= end) return sum;
  }
}

void run_due(Context& context, const std::string& time_budget) {
  const RunResult result =
      run_for(context, time_budget.empty() ? context.config().purger.time_budget
                                           : parse_duration("--time-budget", time_budget));
  print_result(context.options.format,
               {{"state"},
                {"purged", Column::Kind::count},
                {"evicted", Column::Kind::count},
                {"released", Column::Kind::count},
                {"restamped", Column::Kind::count},
                {"changed", Column::Kind::count},
                {"archived", Column::Kind::count},
                {"freed", Column::Kind::count}},
               {{"state", to_string(result.state)},
                {"purged", result.purged},
                {"evicted", result.evicted},
                {"released", result.released},
                {"restamped", result.restamped},
                {"changed", result.changed},
                {"archived", result.archived},
                {"freed", result.freed}});
  if (result.guard && result.state != State::failed) context.say(visible(result.guard->what()));
  switch (result.state) {
    case State::done:
      if (!context.config().retention.policy.empty()) return;
      return context.say(
          "The configuration has no policy: only trash past its undo window is "
          "freed.");
    case State::more:
      check_interrupted(
          fmt::format("{} were purged; run it again to go on", format_jobs(result.purged)));
      return context.say("The time was over before all was done: run it again to go on.");
    case State::not_leader:
      return context.say("Another process is the purger of this store now: it does the work.");
    case State::superseded:
      say_not_active(context,
                     "nothing is purged by this one, only trash past its undo window is freed");
      if (!result.error) return;
      [[fallthrough]];
    case State::failed:
      throw Failure(exit_code_of(result.error->code()),
                    fmt::format("{}; {} were purged before", result.error->what(),
                                format_jobs(result.purged)));
  }
}

}  // namespace

void add_run_due(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "run-due",
      "Runs the purger once: purges what is due by the policy, if that is the active one (see "
      "policy activate), and frees trash past its undo window.",
      {"purgatory run-due", "purgatory run-due --time-budget 10m -o json"});
  const auto time_budget = std::make_shared<std::string>();
  command
      .add_option("--time-budget", *time_budget,
                  "How long it may go on; left out: as the configuration says.")
      ->type_name("DURATION")
      ->check(not_empty());
  command.callback([time_budget, &context] { run_due(context, *time_budget); });
}

}  // namespace purgatory::cli
