// purge and forget: what takes jobs out of sight.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/consent.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "apps/purgatory/user.hpp"

namespace purgatory::cli {
namespace {

struct PurgeArguments {
  std::string id;
  ScopeArguments scope;
  FilterArguments filter;
  Consent consent;
  std::string actor = user_name();
  std::string reason;
  std::string purge_id;
  std::string undo_window;
};

PurgeOptions read_options(const PurgeArguments& arguments) {
  PurgeOptions options{.reason = arguments.reason,
                       .purge_id = arguments.purge_id,
                       .undo_window = {},
                       .progress = {}};
  if (!arguments.undo_window.empty()) {
    options.undo_window = parse_duration("--undo-window", arguments.undo_window);
  }
  return options;
}

/// A held job is purged and forgotten by nobody.
void refuse_held(const StoredJob& stored) {
  if (!held(stored.retention)) return;
  throw Failure(ExitCode::temporary,
                fmt::format("job '{}' is held: release it first", visible(stored.job.job_id)));
}

void print_receipt(Context& context, const Receipt& receipt) {
  print_result(context.options.format,
               {{"purge_id"},
                {"jobs", Column::Kind::count},
                {"bytes", Column::Kind::bytes},
                {"held", Column::Kind::count}},
               to_json(receipt));
}

/// How to undo it, if somebody can.
void say_undo(Context& context, const Receipt& receipt, const PurgeOptions& options) {
  const auto window = options.undo_window.value_or(context.config().retention.undo_window);
  if (receipt.jobs == 0 || window.count() == 0 || !context.options.load.empty()) return;
  context.say(fmt::format("To undo: {}", context.command("restore " + receipt.purge_id)));
}

void purge_job(Context& context, const PurgeArguments& arguments) {
  if (arguments.scope.project_level || arguments.scope.everything ||
      !arguments.filter.read(context.now()).empty()) {
    throw Failure(ExitCode::usage, fmt::format("'{}' names one job: leave out what selects many",
                                               visible(arguments.id)));
  }
  FailedJobs& jobs = context.jobs();
  const JobArguments wanted{arguments.id, arguments.scope.project, arguments.scope.group};
  const StoredJob stored = wanted.find(jobs);
  refuse_held(stored);
  const std::string what =
      fmt::format("job '{}' of {}", visible(arguments.id),
                  describe(Scope::group(stored.job.project, stored.job.group)));
  const PurgeOptions options = read_options(arguments);
  arguments.consent.require("purge " + what, false);
  const JobRef ref = ref_of(stored);
  const Receipt receipt =
      jobs.purge(stored.job.project, {&ref, 1}, Actor{arguments.actor}, options);
  print_receipt(context, receipt);
  if (receipt.jobs == 0) {
    throw Failure(ExitCode::temporary,
                  fmt::format("{} was written meanwhile, and stayed: look at it again", what));
  }
  say_undo(context, receipt, options);
}

void purge_many(Context& context, const PurgeArguments& arguments) {
  if (!arguments.scope.given()) {
    throw Failure(ExitCode::usage,
                  "say what to purge: a job's ID, --project P [--project-level | --group G], or "
                  "--everything");
  }
  FailedJobs& jobs = context.jobs();
  const auto scope = arguments.scope.scope();
  const Filter filter = arguments.filter.read(context.now());
  PurgeOptions options = read_options(arguments);
  const std::uint64_t matching = count(jobs, scope, filter);
  arguments.consent.require(fmt::format("purge {} of {}", format_jobs(matching), describe(scope)),
                            !scope);

  ProgressBar progress("Purging jobs", matching, context.options.quiet);
  options.progress = [&](std::uint64_t done) {
    progress.show(done);
    return interrupted() == 0;
  };
  const Actor actor{arguments.actor};
  const Receipt receipt = scope ? jobs.purge(Selection{*scope, filter}, actor, options)
                                : jobs.purge(Everything{filter}, actor, options);
  progress.erase();
  print_receipt(context, receipt);
  check_interrupted(fmt::format(
      "{} were purged; run it again with --purge-id {} to go on, or restore them with: {}",
      format_jobs(receipt.jobs), receipt.purge_id, context.command("restore " + receipt.purge_id)));
  if (receipt.held > 0) context.say(fmt::format("{} stayed: held.", format_jobs(receipt.held)));
  say_undo(context, receipt, options);
}

}  // namespace

void add_purge(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "purge",
      "Purges failed jobs: one, a whole scope in one step, or those that match. Can be undone.",
      {"purgatory purge --project 151ae673a73f4dcfac16bafb0ac8f197 --project-level --yes",
       "purgatory purge --everything --error-code 'SDRS.*' --before 30d --confirm=everything"});
  const auto arguments = std::make_shared<PurgeArguments>();
  command.add_option("ID", arguments->id, "The id of one job.")->check(not_empty());
  arguments->scope.add_to(command);
  arguments->filter.add_to(command);
  arguments->consent.add_to(command, true);
  command
      .add_option("--actor", arguments->actor,
                  "Who purges, for the journal; left out: your user name.")
      ->type_name("NAME");
  command.add_option("--reason", arguments->reason, "Why, for the journal.")->type_name("TEXT");
  command
      .add_option("--undo-window", arguments->undo_window,
                  "How long it can be undone; left out: as the configuration says.")
      ->type_name("DURATION")
      ->check(not_empty());
  command
      .add_option("--purge-id", arguments->purge_id,
                  "The id of an earlier purge that was cut short, to go on with it.")
      ->type_name("ID")
      ->check(not_empty());
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
    refuse_held(stored);
    const std::string what = fmt::format("job '{}' of {}", visible(job.job_id),
                                         describe(Scope::group(job.project, job.group)));
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
