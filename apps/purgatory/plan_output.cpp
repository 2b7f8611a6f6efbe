#include "apps/purgatory/plan_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view kTotal = "total";

json::object row_of(const PlannedPurge& purge) {
  return {{"rule", json_text(purge.rule)},
          {"reason", json_text(purge.reason)},
          {"jobs", purge.jobs},
          {"bytes", purge.bytes},
          {"oldest", format_time(purge.oldest)},
          {"newest", format_time(purge.newest)}};
}

void print_table(const Plan& plan) {
  Rows rows(Format::table, {{"rule"},
                            {"reason"},
                            {"jobs", Column::Kind::count},
                            {"bytes", Column::Kind::bytes},
                            {"oldest"},
                            {"newest"}});
  for (const PlannedPurge& purge : plan.purges) rows.add(row_of(purge));
  if (!plan.purges.empty()) {
    PlannedPurge total{.rule = std::string(kTotal),
                       .reason = {},
                       .jobs = plan.jobs,
                       .bytes = plan.bytes,
                       .oldest = plan.purges.front().oldest,
                       .newest = plan.purges.front().newest};
    for (const PlannedPurge& purge : plan.purges) {
      total.oldest = std::min(total.oldest, purge.oldest);
      total.newest = std::max(total.newest, purge.newest);
    }
    rows.add(row_of(total));
  }
  rows.finish();
}

/// Whether the plan is of a policy that is not the active one. What is in memory has none.
bool is_not_active(Context& context, const Plan& plan) {
  const auto active = context.jobs().active_policy();
  return context.options.load.empty() && !context.config().retention.policy.empty() &&
         (!active || active->hash != plan.policy);
}

void say_of_policy(Context& context, const Plan& plan) {
  if (context.config().retention.policy.empty()) {
    context.say("The configuration has no policy: failed jobs are kept for ever.");
  } else if (plan.unmatched > 0) {
    context.say(fmt::format("No rule is for {}: kept for ever.", format_jobs(plan.unmatched)));
  }
  if (plan.over_caps > 0) {
    context.say(fmt::format("The next run of a purger evicts {} over caps; apply does not.",
                            format_jobs(plan.over_caps)));
  }
  if (!plan.guard.empty())
    context.say(fmt::format("The guard refuses it: {}.", visible(plan.guard)));
  if (is_not_active(context, plan)) say_not_active(context, "apply refuses a plan of this one");
}

}  // namespace

Plan make_plan(const Context& context, std::optional<std::uint64_t> total,
               const std::function<Plan(const Progress&)>& make) {
  ProgressBar progress("Looking at jobs", total, context.options.quiet);
  std::uint64_t seen = 0;
  Plan plan = make([&](std::uint64_t jobs) {
    progress.show(seen = jobs);
    return interrupted() == 0;
  });
  progress.erase();
  check_interrupted(fmt::format("{} were looked at", format_jobs(seen)));
  return plan;
}

void print_plan(const Context& context, const Plan& plan) {
  if (context.options.format == Format::table) return print_table(plan);
  print(to_json(plan) + '\n');
  flush();
}

void say_of_plan(Context& context, const Plan& plan) {
  const bool by_policy = !plan.policy.empty();
  if (plan.jobs == 0) context.say(by_policy ? "Nothing is due." : "There is nothing to purge.");
  if (plan.held > 0) context.say(fmt::format("{} would stay: held.", format_jobs(plan.held)));
  if (by_policy) say_of_policy(context, plan);
}

void print_plan_of(const Context& context, const StoredJob& stored) {
  const FailedJob& job = stored.job;
  const PlannedPurge purge{.rule = {},
                           .reason = "selection",
                           .jobs = 1,
                           .bytes = stored.bytes,
                           .oldest = job.failed_at,
                           .newest = job.failed_at,
                           .samples = {{.project = job.project,
                                        .group = job.group,
                                        .job_id = job.job_id,
                                        .failed_at = job.failed_at}}};
  Plan plan;
  plan.jobs = purge.jobs;
  plan.bytes = purge.bytes;
  plan.purges.push_back(purge);
  if (context.options.format == Format::table) return print_table(plan);
  const json::object whole = json::parse(to_json(plan)).as_object();
  json::object printed;
  for (const char* key : {"jobs", "bytes", "held", "purges"}) printed[key] = whole.at(key);
  print_result(context.options.format, {}, printed);
}

void say_not_active(Context& context, std::string_view consequence) {
  const auto active = context.jobs().active_policy();
  context.say(fmt::format("{}: {}.",
                          active ? "Another policy is active, " + describe(*active)
                                 : std::string("No policy is active"),
                          consequence));
  if (!context.options.load.empty()) return;  // what is in memory is gone before one could
  context.say(fmt::format("To make this one active: {}", context.command("policy activate")));
}

}  // namespace purgatory::cli
