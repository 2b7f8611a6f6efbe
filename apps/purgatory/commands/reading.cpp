// list, get, count and export: what only reads.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::cli {
namespace {

struct Selecting {
  ScopeArguments scope;
  FilterArguments filter;

  void add_to(CLI::App& command) {
    scope.add_to(command);
    filter.add_to(command);
  }
};

/// Visits the selected jobs, newest first in each project, at most `most` of them. False: there
/// are more.
template <typename Visit>
bool visit_jobs(FailedJobs& jobs, const std::optional<Scope>& scope, const Filter& filter,
                std::uint64_t most, Visit visit) {
  std::uint64_t visited = 0;
  for (const Scope& each : scopes_of(jobs, scope)) {
    std::optional<ListCursor> after;
    do {
      const auto left = std::min<std::uint64_t>(most - visited, kMaxJobsPerCall);
      if (left == 0) {
        if (jobs.list({each, filter}, after, 1).items.empty()) break;
        return false;
      }
      const auto page = jobs.list({each, filter}, after, static_cast<std::size_t>(left));
      for (const StoredJob& stored : page.items) visit(stored);
      visited += page.items.size();
      after = page.next;
      check_interrupted(fmt::format("{} were printed", format_jobs(visited)));
    } while (after);
  }
  return true;
}

void print_partitions(Context& context, const std::optional<Scope>& scope) {
  FailedJobs& jobs = context.jobs();
  Rows rows(context.options.format, {{"project"},
                                     {"group"},
                                     {"jobs", Column::Kind::count},
                                     {"bytes", Column::Kind::bytes},
                                     {"held", Column::Kind::count},
                                     {"oldest"},
                                     {"newest"}});
  for (const Scope& each : scopes_of(jobs, scope)) {
    for (const PartitionInfo& info : jobs.partitions(each.project()).partitions) {
      if (!each.covers(info.group)) continue;
      rows.add({{"project", json_text(each.project())},
                {"group", json_text(info.group)},
                {"jobs", info.jobs},
                {"bytes", info.bytes},
                {"held", info.held},
                {"oldest", format_time(info.oldest)},
                {"newest", format_time(info.newest)}});
    }
  }
  rows.finish();
}

}  // namespace

void add_list(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "list", "Lists failed jobs, newest first in each project.",
      {"purgatory list --project 151ae673a73f4dcfac16bafb0ac8f197 --project-level --limit 5",
       "purgatory list --error-code 'SDRS.*' --since 2026-11-01T00:00:00Z -o jsonl"});
  struct Arguments : Selecting {
    std::uint64_t limit = 100;
  };
  const auto arguments = std::make_shared<Arguments>();
  arguments->add_to(command);
  command.add_option("--limit", arguments->limit, "The most to list; 0 is all of them.")
      ->type_name("N")
      ->check(not_empty())
      ->capture_default_str();
  command.callback([arguments, &context] {
    Rows rows(context.options.format, {{"failed_at"},
                                       {"project_id"},
                                       {"group_id"},
                                       {"job_id"},
                                       {"job_type"},
                                       {"error_code"},
                                       {"rule"},
                                       {"purge_after"},
                                       {"fail_reason"}});
    const bool table = context.options.format == Format::table;
    const std::uint64_t most = arguments->limit == 0 ? UINT64_MAX : arguments->limit;
    const bool all = visit_jobs(
        context.jobs(), arguments->scope.scope(), arguments->filter.read(context.now()), most,
        [&](const StoredJob& stored) { rows.add(table ? to_row(stored) : to_json(stored)); });
    rows.finish();
    if (!all) context.say("There are more: --limit 0 lists all.");
  });
}

void add_get(CLI::App& program, Context& context) {
  CLI::App& command = add_command(program, "get", "Shows one failed job with its payload.",
                                  {"purgatory get ff808082be76901a89220fe5a01c328f",
                                   "purgatory get crawl-9 --project search --group crawl -o json"});
  const auto arguments = std::make_shared<JobArguments>();
  arguments->add_to(command);
  command.get_option("ID")->required();
  command.callback([arguments, &context] {
    const auto job = to_json(arguments->find(context.jobs()));
    if (context.options.format == Format::table) return print_members(job);
    print_result(context.options.format, {}, job);
  });
}

void add_count(CLI::App& program, Context& context) {
  CLI::App& command =
      add_command(program, "count", "Counts failed jobs.",
                  {"purgatory count --by-group",
                   "purgatory count --error-code ECONNREFUSED --before 7d -o json"});
  struct Arguments : Selecting {
    bool by_group = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  arguments->add_to(command);
  command.add_flag("--by-group", arguments->by_group,
                   "A line for each group, with bytes, held jobs, oldest and newest; takes no "
                   "filter.");
  command.callback([arguments, &context] {
    const Filter filter = arguments->filter.read(context.now());
    const auto scope = arguments->scope.scope();
    if (arguments->by_group) {
      if (filter.empty()) return print_partitions(context, scope);
      throw Failure(ExitCode::usage,
                    "--by-group reads counters, which know no filter: leave one of them out");
    }
    const std::uint64_t jobs = count(context.jobs(), scope, filter);
    if (context.options.format == Format::table) {
      print(fmt::format("{}\n", jobs));
      return flush();
    }
    print_result(context.options.format, {}, {{"count", jobs}});
  });
}

void add_export(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "export", "Writes failed jobs as JSON lines, with payload, as import reads them.",
      {"purgatory export > failures.jsonl",
       "purgatory export --project 151ae673a73f4dcfac16bafb0ac8f197 --before 30d"});
  const auto arguments = std::make_shared<Selecting>();
  arguments->add_to(command);
  command.callback([arguments, &context] {
    if (context.options.format == Format::json) {
      throw Failure(ExitCode::usage, "-o json: an export is JSON lines, one job a line");
    }
    FailedJobs& jobs = context.jobs();
    // Not among the jobs, if these are shown at a terminal.
    const bool quiet = context.options.quiet || terminal_columns(STDOUT_FILENO).has_value();
    ProgressBar progress("Exporting jobs", std::nullopt, quiet);
    std::uint64_t exported = 0;
    std::string line;
    visit_jobs(jobs, arguments->scope.scope(), arguments->filter.read(context.now()), UINT64_MAX,
               [&](const StoredJob& listed) {
                 const FailedJob& job = listed.job;
                 const auto whole = jobs.find(job.project, job.group, job.job_id);
                 if (!whole) return;  // it went meanwhile
                 line.clear();
                 json_lines::append(line, whole->job);
                 print(line);
                 progress.show(++exported);
               });
    flush();
  });
}

}  // namespace purgatory::cli
