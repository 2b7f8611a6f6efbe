// restore, trash and journal: what was purged.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/consent.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/error.hpp"

namespace purgatory::cli {
namespace {

std::string_view to_string(PileState state) {
  switch (state) {
    case PileState::open: return "open";
    case PileState::sealed: return "sealed";
    case PileState::restoring: return "restoring";
    case PileState::gone: break;
  }
  return "gone";
}

CLI::Option* add_project(CLI::App& command, std::optional<std::string>& project,
                         const std::string& help) {
  return add_text(command, "--project", project, help)->type_name("P")->check(not_empty());
}

std::vector<std::string> projects_of(const FailedJobs& jobs,
                                     const std::optional<std::string>& project) {
  return project ? std::vector{*project} : jobs.projects();
}

void list_piles(Context& context, const std::optional<std::string>& project) {
  FailedJobs& jobs = context.jobs();
  std::vector<Column> columns{{"project"},
                              {"purge_id"},
                              {"state"},
                              {"jobs", Column::Kind::count},
                              {"bytes", Column::Kind::bytes},
                              {"undo_until"}};
  std::vector<boost::json::object> piles;
  bool waits = false;
  for (const std::string& each : projects_of(jobs, project)) {
    for (const Pile& pile : jobs.trash(each)) {
      waits = waits || pile.waiting;
      piles.push_back({{"project", json_text(each)},
                       {"purge_id", json_text(pile.purge_id)},
                       {"state", to_string(pile.state)},
                       {"jobs", pile.jobs},
                       {"bytes", pile.bytes},
                       {"undo_until", format_time(pile.undo_until)},
                       {"waiting", pile.waiting}});
    }
  }
  if (waits) columns.push_back({"waiting"});
  Rows rows(context.options.format, std::move(columns));
  for (const boost::json::object& pile : piles) rows.add(pile);
  rows.finish();
}

/// The purges to be freed, by project.
using Piles = std::map<std::string, std::vector<Pile>>;

/// Frees purges, project by project.
class Emptying {
 public:
  Emptying(Context& context, std::uint64_t jobs)
      : jobs_(context.jobs()), progress_("Freeing jobs", jobs, context.options.quiet) {}

  /// What waits for an archive is written there first; where that fails, the others are freed.
  void empty(const Piles& piles) {
    for (const auto& [project, of_project] : piles) {
      for (const Pile& pile : of_project) jobs_.expire(project, pile.purge_id);
    }
    std::optional<Error> failure;
    for (const auto& [project, of_project] : piles) {
      try {
        reclaim(project);
      } catch (const Error& error) {
        if (!failure) failure = error;
      }
    }
    progress_.erase();
    if (!failure) return;
    throw Failure(exit_code_of(failure->code()),
                  fmt::format("{}; {} freed, what is left stays in trash", failure->what(),
                              format_jobs(sum_.jobs)));
  }

  [[nodiscard]] const ReclaimResult& sum() const noexcept { return sum_; }

 private:
  void reclaim(const std::string& project) {
    ReclaimResult part;
    do {
      part = jobs_.reclaim(project);
      sum_.jobs += part.jobs;
      sum_.bytes += part.bytes;
      progress_.show(sum_.jobs);
      check_interrupted(
          fmt::format("{} were freed; run it again to go on", format_jobs(sum_.jobs)));
    } while (part.more);
  }

  FailedJobs& jobs_;
  ProgressBar progress_;
  ReclaimResult sum_;
};

void empty_trash(Context& context, const std::optional<std::string>& project,
                 const std::string& purge_id, const Consent& consent) {
  FailedJobs& jobs = context.jobs();
  Piles piles;
  std::uint64_t in_trash = 0;
  for (const std::string& each : projects_of(jobs, project)) {
    if (purge_id.empty()) piles[each];  // something may be left that was being freed
    for (Pile& pile : jobs.trash(each)) {
      if (!purge_id.empty() && pile.purge_id != purge_id) continue;
      in_trash += pile.jobs;
      piles[each].push_back(std::move(pile));
    }
  }
  if (piles.empty() && !purge_id.empty()) {
    throw Failure(ExitCode::not_found,
                  fmt::format("there is no purge '{}' in trash", visible(purge_id)));
  }
  const std::string of =
      purge_id.empty()
          ? (project ? fmt::format("project '{}'", visible(*project)) : std::string("all projects"))
          : fmt::format("purge '{}'", visible(purge_id));
  consent.require(fmt::format("free {} in the trash of {}, for good", format_jobs(in_trash), of),
                  !project && purge_id.empty());
  Emptying emptying(context, in_trash);
  emptying.empty(piles);
  print_result(context.options.format,
               {{"jobs", Column::Kind::count}, {"bytes", Column::Kind::bytes}},
               {{"jobs", emptying.sum().jobs}, {"bytes", emptying.sum().bytes}});
}

}  // namespace

void add_restore(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "restore", "Brings a purge back, while its undo window lasts.",
      {"purgatory restore nightly-cleanup",
       "purgatory restore nightly-cleanup --project 151ae673a73f4dcfac16bafb0ac8f197 -o json"});
  struct Arguments {
    std::string purge_id;
    std::optional<std::string> project;
  };
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("ID", arguments->purge_id, "The purge's id, from purge or journal.")
      ->check(not_empty())
      ->required();
  add_project(command, arguments->project,
              "Only in this project; left out: in each that has this purge.");
  command.callback([arguments, &context] {
    FailedJobs& jobs = context.jobs();
    ProgressBar progress("Restoring jobs", std::nullopt, context.options.quiet);
    const auto show = [&](std::uint64_t done) {
      progress.show(done);
      return interrupted() == 0;
    };
    const RestoreResult result = arguments->project
                                     ? jobs.restore(*arguments->project, arguments->purge_id, show)
                                     : jobs.restore(arguments->purge_id, show);
    progress.erase();
    print_result(context.options.format,
                 {{"restored", Column::Kind::count},
                  {"bytes", Column::Kind::bytes},
                  {"stale", Column::Kind::count},
                  {"refused", Column::Kind::count}},
                 {{"restored", result.restored},
                  {"bytes", result.bytes},
                  {"stale", result.stale},
                  {"refused", result.refused}});
    check_interrupted(
        fmt::format("{} are back; run it again to go on", format_jobs(result.restored)));
    if (result.stale > 0) {
      context.say(
          fmt::format("{} stayed in trash: they failed again since.", format_jobs(result.stale)));
    }
  });
}

void add_trash(CLI::App& program, Context& context) {
  CLI::App& trash =
      add_command(program, "trash", "What was purged and can still be restored.",
                  {"purgatory trash list", "purgatory trash empty --project media --yes"});
  trash.require_subcommand(1);
  struct Arguments {
    std::optional<std::string> project;
    std::string purge_id;
    bool everything = false;
    Consent consent;
  };
  const auto arguments = std::make_shared<Arguments>();

  CLI::App& list =
      add_command(trash, "list", "Lists purges that are in trash.",
                  {"purgatory trash list", "purgatory trash list --project media -o json"});
  add_project(list, arguments->project, "Only of this project.");
  list.callback([arguments, &context] { list_piles(context, arguments->project); });

  CLI::App& empty =
      add_command(trash, "empty",
                  "Ends undo windows and frees what is in trash, once it is in the archive that "
                  "its rule names. Cannot be undone.",
                  {"purgatory trash empty --project media --yes",
                   "purgatory trash empty nightly-cleanup --yes"});
  empty.add_option("ID", arguments->purge_id, "Only this purge.")->check(not_empty());
  auto* one = add_project(empty, arguments->project, "Only of this project.");
  empty.add_flag("--everything", arguments->everything, "Of all projects.")->excludes(one);
  arguments->consent.add_to(empty, true);
  empty.callback([arguments, &context] {
    if (!arguments->project && !arguments->everything && arguments->purge_id.empty()) {
      throw Failure(ExitCode::usage,
                    "say what to empty: a purge's ID, --project P, or --everything");
    }
    empty_trash(context, arguments->project, arguments->purge_id, arguments->consent);
  });
}

void add_journal(CLI::App& program, Context& context) {
  CLI::App& command =
      add_command(program, "journal", "Lists purges, newest first in each project: who, when, why.",
                  {"purgatory journal", "purgatory journal --project media --limit 10 -o jsonl"});
  struct Arguments {
    std::optional<std::string> project;
    std::uint64_t limit = 100;
  };
  const auto arguments = std::make_shared<Arguments>();
  add_project(command, arguments->project, "Only of this project.");
  command.add_option("--limit", arguments->limit, "The most to list; 0 is all of them.")
      ->type_name("N")
      ->check(not_empty())
      ->capture_default_str();
  command.callback([arguments, &context] {
    FailedJobs& jobs = context.jobs();
    Rows rows(context.options.format, {{"at"},
                                       {"project"},
                                       {"purge_id"},
                                       {"actor"},
                                       {"jobs", Column::Kind::count},
                                       {"restored", Column::Kind::count},
                                       {"state"},
                                       {"reason"}});
    std::uint64_t left = arguments->limit == 0 ? UINT64_MAX : arguments->limit;
    for (const std::string& project : projects_of(jobs, arguments->project)) {
      std::optional<JournalCursor> after;
      do {
        const auto page = jobs.journal(project, after);
        for (const JournalEntry& entry : page.items) {
          if (left-- == 0) {
            rows.finish();
            return context.say("There are more: --limit 0 lists all.");
          }
          const Scope& scope = entry.scope;
          rows.add({{"at", format_time(entry.at)},
                    {"project", json_text(project)},
                    {"purge_id", json_text(entry.purge_id)},
                    {"actor", json_text(entry.actor)},
                    {"reason", json_text(entry.reason)},
                    {"rule", json_text(entry.rule)},
                    {"scope", describe(scope)},
                    {"jobs", entry.jobs},
                    {"bytes", entry.bytes},
                    {"restored", entry.restored},
                    {"state", to_string(entry.state)},
                    {"undo_until", format_time(entry.undo_until)}});
        }
        after = page.next;
      } while (after);
    }
    rows.finish();
  });
}

}  // namespace purgatory::cli
