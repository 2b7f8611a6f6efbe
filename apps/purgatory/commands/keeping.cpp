// hold, release and resolve: what changes how long a job stays.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/text.hpp"
#include "apps/purgatory/user.hpp"

namespace purgatory::cli {
namespace {

void print_changed(const Context& context, std::string_view what, std::uint64_t jobs) {
  print_result(context.options.format, {{what, Column::Kind::count}}, {{what, jobs}});
}

CLI::Option* add_actor(CLI::App& command, std::string& actor, const std::string& help) {
  return command.add_option("--actor", actor, help + "; left out: your user name.")
      ->type_name("NAME")
      ->check(not_empty());
}

struct HoldArguments {
  JobArguments job;
  std::string reason;
  std::string until;
  std::string actor = user_name();
};

void hold_job(Context& context, const HoldArguments& arguments) {
  FailedJobs& jobs = context.jobs();
  const StoredJob stored = arguments.job.find(jobs);
  const FailedJob& job = stored.job;
  Hold hold{.actor = arguments.actor, .reason = arguments.reason, .until = {}};
  if (!arguments.until.empty()) {
    hold.until = parse_deadline("--until", arguments.until, context.now());
  }
  if (!jobs.hold(job.project, job.group, job.job_id, hold)) {
    throw Failure(ExitCode::not_found, fmt::format("{} went meanwhile", describe(job)));
  }
  print_changed(context, "held", 1);
  if (const auto& earlier = stored.retention.hold) {
    context.say(fmt::format("It was held by {} (\"{}\"): this hold takes the place of that one.",
                            visible(earlier->actor), visible(earlier->reason)));
  }
}

struct ReleaseArguments {
  JobArguments job;
  std::string actor = user_name();
};

void release_job(Context& context, const ReleaseArguments& arguments) {
  FailedJobs& jobs = context.jobs();
  const StoredJob stored = arguments.job.find(jobs);
  const FailedJob& job = stored.job;
  if (!jobs.release(job.project, job.group, job.job_id, Actor{arguments.actor})) {
    throw Failure(ExitCode::not_found, fmt::format("nobody holds {}", describe(job)));
  }
  print_changed(context, "released", 1);
  const Stamp& stamp = stored.retention.stamp;
  if (stamp.rule_hold.empty()) return;
  context.say(fmt::format("Rule '{}' holds it, too (\"{}\"): that ends by the policy alone.",
                          visible(stamp.rule), visible(stamp.rule_hold)));
}

struct ResolveArguments {
  JobArguments job;
  std::string resource;
};

void resolve_job(Context& context, const JobArguments& wanted) {
  FailedJobs& jobs = context.jobs();
  const StoredJob stored = wanted.find(jobs);
  const FailedJob& job = stored.job;
  print_changed(context, "resolved", jobs.resolve(job.project, job.group, job.job_id));
  if (const auto since = stored.retention.resolved_at) {
    context.say(fmt::format("It is resolved already, since {}.", format_time(*since)));
  }
}

void resolve(Context& context, const ResolveArguments& arguments) {
  const JobArguments& job = arguments.job;
  if (!job.id.empty()) {
    resolve_job(context, job);
  } else if (arguments.resource.empty()) {
    throw Failure(ExitCode::usage,
                  "say what to resolve: a job's ID, or --project P [--group G] --resource ID");
  } else {
    print_changed(context, "resolved",
                  context.jobs().resolve_resource(*job.project, job.group, arguments.resource));
  }
  if (!context.config().retention.policy.resolved_keep_for) {
    context.say(
        "The configuration has no retention.resolved.keep_for: what is resolved stays as long as "
        "what is not.");
  }
}

}  // namespace

void add_hold(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "hold", "Holds one job: nothing purges it until it is released.",
      {"purgatory hold ff808082be76901a89220fe5a01c328f --reason 'ticket 4711'",
       "purgatory hold crawl-9 --project search --group crawl --reason evidence --until 90d"});
  const auto arguments = std::make_shared<HoldArguments>();
  arguments->job.add_to(command);
  command.get_option("ID")->required();
  command.add_option("--reason", arguments->reason, "Why, for others to see.")
      ->type_name("TEXT")
      ->check(not_empty())
      ->required();
  command
      .add_option("--until", arguments->until,
                  "When it ends by itself, or in how long; else never.")
      ->type_name("TIME")
      ->check(not_empty());
  add_actor(command, arguments->actor, "Who holds it, for others to see");
  command.callback([arguments, &context] { hold_job(context, *arguments); });
}

void add_release(CLI::App& program, Context& context) {
  CLI::App& command =
      add_command(program, "release",
                  "Ends a person's hold of one job. A rule's hold ends by the policy alone.",
                  {"purgatory release settled-by-hand --project search",
                   "purgatory release settled-by-hand --project search --group '' --actor alice"});
  const auto arguments = std::make_shared<ReleaseArguments>();
  arguments->job.add_to(command);
  command.get_option("ID")->required();
  add_actor(command, arguments->actor, "Who releases it, for the log");
  command.callback([arguments, &context] { release_job(context, *arguments); });
}

void add_resolve(CLI::App& program, Context& context) {
  CLI::App& command =
      add_command(program, "resolve",
                  "Marks failures as resolved: the same job succeeded later. They go as "
                  "retention.resolved.keep_for of the configuration says, if not sooner.",
                  {"purgatory resolve ff808082be76901a89220fe5a01c328f",
                   "purgatory resolve --project media --resource tape-7 -o json"});
  const auto arguments = std::make_shared<ResolveArguments>();
  arguments->job.add_to(command);
  command
      .add_option("--resource", arguments->resource,
                  "Instead of one job: all failures with this resource id, in the group or, "
                  "without --group, in the project.")
      ->type_name("ID")
      ->check(not_empty())
      ->excludes(command.get_option("ID"))
      ->needs(command.get_option("--project"));
  command.callback([arguments, &context] { resolve(context, *arguments); });
}

}  // namespace purgatory::cli
