// purge and forget: what takes jobs out of sight.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/consent.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/plan_output.hpp"
#include "apps/purgatory/purge_arguments.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

struct PurgingArguments {
  std::string id;
  ScopeArguments scope;
  FilterArguments filter;
  PurgeArguments purge;
  Consent consent;
  bool dry_run = false;
};

/// A held job is purged and forgotten by nobody. `wanted` is how it was named.
void refuse_held(const Context& context, const StoredJob& stored, const JobArguments& wanted) {
  const Retention& retention = stored.retention;
  if (!held(retention)) return;
  const std::string id = visible(stored.job.job_id);
  if (!retention.hold) {
    throw Failure(
        ExitCode::temporary,
        fmt::format("job '{}' is held by rule '{}' (\"{}\"): that ends by the policy alone", id,
                    visible(retention.stamp.rule), visible(retention.stamp.rule_hold)));
  }
  throw Failure(ExitCode::temporary,
                fmt::format("job '{}' is held by {} (\"{}\"): release it first, by: {}", id,
                            visible(retention.hold->actor), visible(retention.hold->reason),
                            context.command("release " + wanted.words())));
}

void print_receipt(Context& context, const Receipt& receipt) {
  print_result(context.options.format,
               {{"purge_id"},
                {"jobs", Column::Kind::count},
                {"bytes", Column::Kind::bytes},
                {"held", Column::Kind::count}},
               to_json(receipt));
}

void purge_job(Context& context, const PurgingArguments& arguments) {
  if (arguments.scope.project_level || arguments.scope.everything ||
      !arguments.filter.read(context.now()).empty()) {
    throw Failure(ExitCode::usage, fmt::format("'{}' names one job: leave out what selects many",
                                               visible(arguments.id)));
  }
  FailedJobs& jobs = context.jobs();
  const JobArguments wanted{arguments.id, arguments.scope.project, arguments.scope.group};
  const StoredJob stored = wanted.find(jobs);
  refuse_held(context, stored, wanted);
  const PurgeOptions options = arguments.purge.read();
  if (arguments.dry_run) return print_plan_of(context, stored);
  const std::string what = describe(stored.job);
  arguments.consent.require("purge " + what, false);
  const JobRef ref = ref_of(stored);
  const Receipt receipt =
      jobs.purge(stored.job.project, {&ref, 1}, Actor{arguments.purge.actor}, options);
  print_receipt(context, receipt);
  if (receipt.jobs == 0) {
    throw Failure(ExitCode::temporary,
                  fmt::format("{} was written meanwhile, and stayed: look at it again", what));
  }
  say_undo(context, receipt, options);
}

/// What the purge would take, by the planner of policies.
void plan_many(Context& context, const std::optional<Scope>& scope, const Filter& filter) {
  const FailedJobs& jobs = context.jobs();
  const Plan plan = make_plan(context, std::nullopt, [&](const Progress& progress) {
    return scope ? jobs.plan(Selection{*scope, filter}, progress)
                 : jobs.plan(Everything{filter}, progress);
  });
  print_plan(context, plan);
  say_of_plan(context, plan);
}

void purge_many(Context& context, const PurgingArguments& arguments) {
  if (!arguments.scope.given()) {
    throw Failure(ExitCode::usage,
                  "say what to purge: a job's ID, --project P [--project-level | --group G], or "
                  "--everything");
  }
  FailedJobs& jobs = context.jobs();
  const auto scope = arguments.scope.scope();
  const Filter filter = arguments.filter.read(context.now());
  PurgeOptions options = arguments.purge.read();
  if (arguments.dry_run) return plan_many(context, scope, filter);
  const std::uint64_t matching = count(jobs, scope, filter);
  arguments.consent.require(fmt::format("purge {} of {}", format_jobs(matching), describe(scope)),
                            !scope);

  ProgressBar progress("Purging jobs", matching, context.options.quiet);
  options.progress = [&](std::uint64_t done) {
    progress.show(done);
    return interrupted() == 0;
  };
  const Actor actor{arguments.purge.actor};
  const Receipt receipt = scope ? jobs.purge(Selection{*scope, filter}, actor, options)
                                : jobs.purge(Everything{filter}, actor, options);
  progress.erase();
  print_receipt(context, receipt);
  check_purge_interrupted(context, receipt);
  if (receipt.held > 0) context.say(fmt::format("{} stayed: held.", format_jobs(receipt.held)));
  say_undo(context, receipt, options);
}

}  // namespace

void add_purge(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "purge",
      "Purges failed jobs: one, a whole scope in one step, or those that match. Can be undone.",
      {"purgatory purge --project 151ae673a73f4dcfac16bafb0ac8f197 --project-level --yes",
       "purgatory purge --everything --error-code 'SDRS.*' --before 30d --dry-run"});
  const auto arguments = std::make_shared<PurgingArguments>();
  command.add_option("ID", arguments->id, "The id of one job.")->check(not_empty());
  arguments->scope.add_to(command);
  arguments->filter.add_to(command);
  arguments->consent.add_to(command, true);
  command.add_flag("--dry-run", arguments->dry_run,
                   "Shows what would go, as plan does, and deletes nothing. As JSON that of many "
                   "jobs is a file that apply takes.");
  arguments->purge.add_to(command);
  command.callback([arguments, &context] {
    if (arguments->id.empty()) return purge_many(context, *arguments);
    purge_job(context, *arguments);
  });
}

void add_forget(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "forget",
      "Forgets one job that is settled: retried, or done by hand. Cannot be undone.",
      {"purgatory forget ff808082be76901a89220fe5a01c328f --yes",
       "purgatory forget reindex-182 --project search --group reindex --if-version 1 --yes"});
  struct Arguments {
    JobArguments job;
    std::optional<Version> if_version;
    Consent consent;
  };
  const auto arguments = std::make_shared<Arguments>();
  arguments->job.add_to(command);
  command.get_option("ID")->required();
  command
      .add_option("--if-version", arguments->if_version,
                  "Only if that is still its version: it has not failed again.")
      ->type_name("N")
      ->check(not_empty());
  arguments->consent.add_to(command, false);
  command.callback([arguments, &context] {
    FailedJobs& jobs = context.jobs();
    const StoredJob stored = arguments->job.find(jobs);
    const FailedJob& job = stored.job;
    refuse_held(context, stored, arguments->job);
    const std::string what = describe(job);
    const auto& version = arguments->if_version;
    const auto require_version = [&](bool is_version) {
      if (is_version) return;
      throw Failure(ExitCode::temporary, fmt::format("{} has not version {} any more: it was "
                                                     "written since, look at it again",
                                                     what, *version));
    };
    require_version(!version || *version == stored.version);
    arguments->consent.require(fmt::format("forget {}, for good", what), false);
    const Forgotten outcome = jobs.forget(job.project, job.group, job.job_id, version);
    if (outcome == Forgotten::absent) {
      throw Failure(ExitCode::not_found, fmt::format("{} went meanwhile", what));
    }
    require_version(outcome != Forgotten::changed);
    print_result(context.options.format, {{"forgotten", Column::Kind::count}}, {{"forgotten", 1}});
  });
}

}  // namespace purgatory::cli
