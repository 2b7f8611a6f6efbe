// policy and explain: when failed jobs go, and why one is still here.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <memory>
#include <vector>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/text.hpp"
#include "apps/purgatory/user.hpp"

namespace purgatory::cli {
namespace {

namespace json = boost::json;

struct MatchMember {
  const char* key;
  std::vector<std::string> Match::*patterns;
};
constexpr auto kMatchMembers = std::to_array<MatchMember>({
    {"project", &Match::project},
    {"group", &Match::group},
    {"job_type", &Match::job_type},
    {"resource_type", &Match::resource_type},
    {"resource_name", &Match::resource_name},
    {"failure_status", &Match::failure_status},
    {"error_code", &Match::error_code},
    {"fail_reason", &Match::fail_reason},
    {"attempts", &Match::attempts},
});

/// Calls it with each member that says something: "error_code", {"EVS.*"}.
template <typename Visit>
void visit_members(const Match& match, Visit visit) {
  for (const MatchMember& member : kMatchMembers) {
    const auto& patterns = match.*member.patterns;
    if (!patterns.empty()) visit(member.key, patterns);
  }
}

json::array json_of(const Patterns& patterns) {
  json::array array;
  for (const std::string& pattern : patterns) array.push_back(json_text(pattern));
  return array;
}

json::object json_of(const Match& match) {
  json::object object;
  visit_members(
      match, [&](const char* key, const Patterns& patterns) { object[key] = json_of(patterns); });
  if (match.labels.empty()) return object;
  json::object labels;
  for (const auto& [key, patterns] : match.labels) labels[json_text(key)] = json_of(patterns);
  object["labels"] = std::move(labels);
  return object;
}

/// For people: "job_type payment.*; error_code TIMEOUT, EVS.*".
std::string text_of(const Match& match) {
  std::string text;
  const auto append = [&](const std::string& key, const Patterns& patterns) {
    text += (text.empty() ? "" : "; ") + key;
    for (const std::string& pattern : patterns) {
      text += (&pattern == patterns.data() ? " " : ", ") + (pattern.empty() ? "''" : pattern);
    }
  };
  visit_members(match, append);
  for (const auto& [key, patterns] : match.labels) append("label " + key, patterns);
  return text;
}

json::object json_of(const Rule& rule) {
  json::object object{{"name", json_text(rule.name)}, {"match", json_of(rule.match)}};
  if (!rule.hold.empty()) {
    object["hold"] = json_text(rule.hold);
  } else {
    object["keep_for"] = rule.keep_for ? format_duration(*rule.keep_for) : "forever";
  }
  if (!rule.archive.empty()) object["archive"] = json_text(rule.archive);
  return object;
}

Match partitions_of(const Cap& cap) { return {.project = cap.project, .group = cap.group}; }

json::object json_of(const Cap& cap) {
  json::object object{{"match", json_of(partitions_of(cap))}};
  if (cap.keep_last) object["keep_last"] = *cap.keep_last;
  if (cap.max_bytes) object["max_bytes"] = *cap.max_bytes;
  return object;
}

json::object json_of(const ActivePolicy& active) {
  return {{"hash", json_text(active.hash)},
          {"activated_at", format_time(active.activated_at)},
          {"actor", json_text(active.actor)},
          {"guard_overridden", active.guard_overridden}};
}

/// A policy, and whether purgers apply it.
struct Shown {
  Policy policy;
  std::string hash;
  std::optional<ActivePolicy> active;

  [[nodiscard]] bool is_active() const { return active && active->hash == hash; }
};

void print_json(Format format, const Shown& shown) {
  json::object object{{"hash", shown.hash}, {"active", shown.is_active()}};
  if (shown.active) object["active_policy"] = json_of(*shown.active);
  object["min_age"] = format_duration(shown.policy.min_age);
  if (const auto keep_for = shown.policy.resolved_keep_for) {
    object["resolved_keep_for"] = format_duration(*keep_for);
  }
  json::array rules;
  for (const Rule& rule : shown.policy.rules) rules.push_back(json_of(rule));
  object["rules"] = std::move(rules);
  json::array caps;
  for (const Cap& cap : shown.policy.caps) caps.push_back(json_of(cap));
  object["caps"] = std::move(caps);
  print_result(format, {}, object);
}

std::string activity_of(const Shown& shown) {
  if (!shown.active) return "no: none is";
  if (!shown.is_active()) return fmt::format("no: {}", describe(*shown.active));
  return fmt::format("yes, since {}, by {}{}", format_time(shown.active->activated_at),
                     shown.active->actor,
                     shown.active->guard_overridden ? "; guard overridden" : "");
}

void print_tables(const Shown& shown) {
  json::object members{{"hash", shown.hash},
                       {"active", json_text(activity_of(shown))},
                       {"min_age", format_duration(shown.policy.min_age)}};
  if (const auto keep_for = shown.policy.resolved_keep_for) {
    members["resolved_keep_for"] = format_duration(*keep_for);
  }
  print_members(members);
  if (!shown.policy.rules.empty()) print("\n");
  std::vector<Column> columns{{"rule"}, {"match"}, {"keep_for"}, {"hold"}};
  const auto is_archived = [](const Rule& rule) { return !rule.archive.empty(); };
  if (std::ranges::any_of(shown.policy.rules, is_archived)) columns.push_back({"archive"});
  Rows rules(Format::table, std::move(columns));
  for (const Rule& rule : shown.policy.rules) {
    json::object row = json_of(rule);
    row["rule"] = row["name"];
    const std::string match = text_of(rule.match);
    row["match"] = match.empty() ? "every job" : json_text(match);
    rules.add(row);
  }
  rules.finish();
  if (!shown.policy.caps.empty()) print("\n");
  Rows caps(Format::table,
            {{"cap"}, {"keep_last", Column::Kind::count}, {"max_bytes", Column::Kind::bytes}});
  for (const Cap& cap : shown.policy.caps) {
    json::object row = json_of(cap);
    const std::string match = text_of(partitions_of(cap));
    row["cap"] = match.empty() ? "every partition" : json_text(match);
    caps.add(row);
  }
  caps.finish();
}

void show_policy(Context& context) {
  const FailedJobs& jobs = context.jobs();
  Shown shown{.policy = jobs.policy(), .hash = {}, .active = jobs.active_policy()};
  shown.hash = shown.policy.hash();
  if (context.options.format != Format::table) return print_json(context.options.format, shown);
  print_tables(shown);
  if (shown.policy.empty()) {
    context.say("The configuration has neither rules nor caps: failed jobs are kept for ever.");
  }
}

struct ActivateArguments {
  std::string actor = user_name();
  bool override_guard = false;
};

void activate_policy(Context& context, const ActivateArguments& arguments) {
  FailedJobs& jobs = context.jobs();
  const Time begin = context.now();
  const ActivePolicy active =
      jobs.activate_policy(Actor{arguments.actor}, {.override_guard = arguments.override_guard});
  print_result(context.options.format, {{"hash"}, {"activated_at"}, {"actor"}}, json_of(active));
  if (active.activated_at < begin) context.say("It is active already.");
  if (!context.options.load.empty()) return;  // what is in memory is gone before one comes
  context.say(fmt::format("The next run of a purger applies it: {}", context.command("run-due")));
}

void explain(Context& context, const JobArguments& wanted) {
  FailedJobs& jobs = context.jobs();
  const StoredJob stored = wanted.find(jobs);
  const std::string explanation = jobs.explain(stored);
  if (context.options.format == Format::table) {
    print(visible(explanation) + '\n');
    return flush();
  }
  json::object object{{"explanation", json_text(explanation)}};
  append(object, stored.retention.stamp);
  print_result(context.options.format, {}, object);
}

}  // namespace

std::string describe(const ActivePolicy& active) {
  return fmt::format("{}, since {}, by {}", active.hash, format_time(active.activated_at),
                     visible(active.actor));
}

void add_policy(CLI::App& program, Context& context) {
  CLI::App& policy = add_command(
      program, "policy",
      "When failed jobs go. Of a store one policy is active: the one that was activated last, here "
      "or by a service that began to purge.",
      {"purgatory policy show", "purgatory policy activate --actor alice"});
  policy.require_subcommand(1);
  add_command(policy, "show",
              "Prints the policy of the configuration, and whether it is the active one.",
              {"purgatory policy show", "purgatory -c purgatory.yaml policy show -o json"})
      .callback([&context] { show_policy(context); });

  CLI::App& activate = add_command(
      policy, "activate",
      "Makes the configuration's policy the one that purgers apply; those with another one only "
      "free trash. Deletes nothing itself: the next run of a purger does.",
      {"purgatory policy activate", "purgatory -c purgatory.yaml policy activate --actor alice"});
  const auto arguments = std::make_shared<ActivateArguments>();
  activate
      .add_option("--actor", arguments->actor,
                  "Who activates, for others to see; left out: your user name.")
      ->type_name("NAME")
      ->check(not_empty());
  activate.add_flag("--override-guard", arguments->override_guard,
                    "Lets it purge whatever it makes due, also if the guard refuses that, and "
                    "confirms the clock after a jump.");
  activate.callback([arguments, &context] { activate_policy(context, *arguments); });
}

void add_explain(CLI::App& program, Context& context) {
  CLI::App& command =
      add_command(program, "explain",
                  "Says why a failed job is still here: which rule, when it goes, what keeps it.",
                  {"purgatory explain ff808082be76901a89220fe5a01c328f",
                   "purgatory explain crawl-9 --project search --group crawl -o json"});
  const auto arguments = std::make_shared<JobArguments>();
  arguments->add_to(command);
  command.get_option("ID")->required();
  command.callback([arguments, &context] { explain(context, *arguments); });
}

}  // namespace purgatory::cli
