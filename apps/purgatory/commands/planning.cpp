// plan and apply: what the policy would purge now, and doing just that.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/consent.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/lines.hpp"
#include "apps/purgatory/plan_output.hpp"
#include "apps/purgatory/purge_arguments.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/error.hpp"

namespace purgatory::cli {
namespace {

struct ApplyArguments {
  std::string file;
  PurgeArguments purge;
  Consent consent;
  bool override_guard = false;
};

Plan read_plan_of(const std::string& file) {
  constexpr LongestFile kLongestPlan{.bytes = 64 << 20, .text = "any plan, 64 MiB"};
  const std::string text = read_file(file, kLongestPlan);
  try {
    return read_plan(text);
  } catch (const Error& error) {
    throw Failure(exit_code_of(error.code()),
                  fmt::format("{}: {}", file == "-" ? "stdin" : file, error.what()));
  }
}

void apply_plan(Context& context, const ApplyArguments& arguments) {
  PurgeOptions options = arguments.purge.read();
  const Plan plan = read_plan_of(arguments.file);
  FailedJobs& jobs = context.jobs();
  const bool by_policy = !plan.policy.empty();
  arguments.consent.require(
      fmt::format("purge {} of {}{}", format_jobs(plan.jobs), describe(plan.scope),
                  by_policy ? " that the policy lets go" : ""),
      !by_policy && !plan.scope);

  ProgressBar progress("Purging jobs", plan.jobs, context.options.quiet);
  options.progress = [&](std::uint64_t done) {
    progress.show(done);
    return interrupted() == 0;
  };
  const ApplyResult result =
      jobs.apply(plan, Actor{arguments.purge.actor},
                 {.purge = options, .override_guard = arguments.override_guard});
  progress.erase();
  const Receipt& receipt = result.receipt;
  boost::json::object printed = to_json(receipt);
  printed["changed"] = result.changed;
  print_result(context.options.format,
               {{"purge_id"},
                {"jobs", Column::Kind::count},
                {"bytes", Column::Kind::bytes},
                {"held", Column::Kind::count},
                {"changed", Column::Kind::count}},
               printed);
  check_purge_interrupted(context, receipt);
  if (receipt.held > 0) context.say(fmt::format("{} stayed: held.", format_jobs(receipt.held)));
  if (result.changed > 0) {
    context.say(fmt::format("{} of the plan stayed, or went before: written, held or purged since.",
                            format_jobs(result.changed)));
  }
  say_undo(context, receipt, options);
}

}  // namespace

void add_plan(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "plan",
      "Shows what the policy of the configuration would purge now, and deletes nothing. As JSON it "
      "is a file that apply takes.",
      {"purgatory -c other.yaml plan", "purgatory plan -o json > plan.json"});
  const auto exit_code = std::make_shared<bool>(false);
  command.add_flag("--exit-code", *exit_code, "Exits with 2 if the plan has jobs.");
  command.callback([exit_code, &context] {
    FailedJobs& jobs = context.jobs();
    const Plan plan = make_plan(context, jobs.count(Everything{}),
                                [&](const Progress& progress) { return jobs.plan(progress); });
    print_plan(context, plan);
    say_of_plan(context, plan);
    if (*exit_code && plan.jobs > 0) context.exit_code = ExitCode::found;
  });
}

void add_apply(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "apply",
      "Purges what a plan is about: jobs that still match and were not written since. Can be "
      "undone.",
      {"purgatory apply plan.json --yes",
       "purgatory purge --project media --dry-run -o json | purgatory apply - --yes"});
  const auto arguments = std::make_shared<ApplyArguments>();
  command
      .add_option("FILE", arguments->file,
                  "What plan or purge --dry-run printed as JSON; - is stdin.")
      ->type_name("FILE")
      ->check(not_empty())
      ->required();
  command.add_flag("--override-guard", arguments->override_guard,
                   "Also if the guard refuses the plan.");
  arguments->purge.add_to(command);
  arguments->consent.add_to(command, true, "What a plan of all projects without a policy needs");
  command.callback([arguments, &context] { apply_plan(context, *arguments); });
}

}  // namespace purgatory::cli
