#include "apps/purgatory/arguments.hpp"

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

std::string name_of(const std::string& group) {
  return group.empty() ? "the project level" : fmt::format("group '{}'", visible(group));
}

}  // namespace

CLI::Option* add_text(CLI::App& command, const std::string& name, std::optional<std::string>& value,
                      const std::string& help) {
  return command.add_option_function<std::string>(
      name, [&value](const std::string& text) { value = text; }, help);
}

CLI::Validator not_empty() {
  return {[](const std::string& text) { return text.empty() ? "is empty" : ""; }, ""};
}

void ScopeArguments::add_to(CLI::App& command) {
  auto* one = add_text(command, "--project", project, "The project (tenant).");
  one->type_name("P")->check(not_empty());
  auto* level = command.add_flag("--project-level", project_level,
                                 "Only the project's jobs without a group.");
  auto* of_group =
      add_text(command, "--group", group, "Only this group of the project.")->type_name("G");
  auto* all = command.add_flag("--everything", everything, "All projects.");
  level->needs(one);
  of_group->needs(one)->excludes(level);
  all->excludes(one);
}

std::optional<Scope> ScopeArguments::scope() const {
  if (!project) return std::nullopt;
  if (project_level) return Scope::project_level(*project);
  if (group && group->empty()) {
    throw Failure(ExitCode::usage,
                  "--group: is empty; --project-level is the jobs without a group");
  }
  return group ? Scope::group(*project, *group) : Scope::project(*project);
}

void FilterArguments::add_to(CLI::App& command) {
  const auto add = [&](const char* name, std::optional<std::string>& value, const char* help) {
    add_text(command, name, value, help)->type_name("TEXT");
  };
  add("--error-code", filter.error_code, "Its error code; * and ? match any bytes, any byte.");
  add("--job-type", filter.job_type, "Its job type; * and ? as above.");
  add("--resource-name", filter.resource_name, "Its resource's name; * and ? as above.");
  add("--resource-type", filter.resource_type, "Its resource's type.");
  add("--resource-id", filter.resource_id, "Its resource's id.");
  add("--status", filter.failure_status, "Its failure status.");
  add("--rule", filter.rule, "The rule of the policy that it was stamped by.");
  command
      .add_option("--since", since, "Failed at this time or later, or at most that long ago: 7d.")
      ->type_name("TIME")
      ->check(not_empty());
  command.add_option("--before", before, "Failed before this time, or longer ago than that: 7d.")
      ->type_name("TIME")
      ->check(not_empty());
  const CLI::IsMember yes_or_no({"yes", "no"});
  command.add_option("--held", held, "Whether it is held.")->check(yes_or_no);
  command.add_option("--resolved", resolved, "Whether it was resolved.")->check(yes_or_no);
}

Filter FilterArguments::read(Time now) const {
  Filter read = filter;
  if (!since.empty()) read.failed_from = parse_moment("--since", since, now);
  if (!before.empty()) read.failed_before = parse_moment("--before", before, now);
  if (!held.empty()) read.held = held == "yes";
  if (!resolved.empty()) read.resolved = resolved == "yes";
  return read;
}

void JobArguments::add_to(CLI::App& command) {
  command.add_option("ID", id, "The job's id.")->check(not_empty());
  auto* in_project =
      add_text(command, "--project", project, "Its project; if left out, all are searched.");
  in_project->type_name("P")->check(not_empty());
  add_text(command, "--group", group, "Its group; '' is the project level.")
      ->type_name("G")
      ->needs(in_project);
}

StoredJob JobArguments::find(FailedJobs& jobs) const {
  struct Place {
    std::string project;
    std::string group;
  };
  std::vector<Place> places;
  if (project && group) {
    places.push_back({*project, *group});
  } else {
    for (const std::string& in : project ? std::vector{*project} : jobs.projects()) {
      for (std::string& found : jobs.locate(in, id)) places.push_back({in, std::move(found)});
    }
  }
  if (places.size() > 1) {
    std::vector<std::string> names;
    names.reserve(places.size());
    for (const auto& [in, found] : places) {
      names.push_back(fmt::format("{} of project '{}'", name_of(found), visible(in)));
    }
    throw Failure(ExitCode::usage,
                  fmt::format("{} jobs have the id '{}': in {}; name one by --project and --group",
                              names.size(), visible(id), fmt::join(names, ", in ")));
  }
  std::optional<StoredJob> stored;
  if (!places.empty()) stored = jobs.find(places[0].project, places[0].group, id);
  if (stored) return std::move(*stored);
  throw Failure(ExitCode::not_found,
                fmt::format("there is no failed job '{}'{}", visible(id),
                            project ? fmt::format(" in project '{}'", visible(*project)) : ""));
}

std::string JobArguments::words() const {
  std::string words = shell_word(id);
  if (project) words += " --project " + shell_word(*project);
  if (group) words += " --group " + shell_word(*group);
  return words;
}

std::vector<Scope> scopes_of(const FailedJobs& jobs, const std::optional<Scope>& scope) {
  if (scope) return {*scope};
  std::vector<Scope> scopes;
  for (std::string& project : jobs.projects()) scopes.push_back(Scope::project(std::move(project)));
  return scopes;
}

std::string describe(const std::optional<Scope>& scope) {
  if (!scope) return "all projects";
  std::string project = fmt::format("project '{}'", visible(scope->project()));
  if (scope->level() == Scope::Level::project) return project;
  return fmt::format("{} of {}", name_of(scope->group()), project);
}

std::string describe(const FailedJob& job) {
  return fmt::format("job '{}' of {}", visible(job.job_id),
                     describe(Scope::group(job.project, job.group)));
}

std::uint64_t count(const FailedJobs& jobs, const std::optional<Scope>& scope,
                    const Filter& filter) {
  return scope ? jobs.count({*scope, filter}) : jobs.count(Everything{filter});
}

}  // namespace purgatory::cli
