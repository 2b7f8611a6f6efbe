// store: maintenance.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

/// A slice of maintenance: long enough to be quick, short enough to be stopped.
constexpr Budget kSlice{.jobs = 10'000, .bytes = 64 << 20, .time = std::chrono::milliseconds(100)};

void check_store(Context& context) {
  FailedJobRepository& repository = context.jobs().repository();
  Rows rows(context.options.format, {{"where"}, {"what"}});
  ProgressBar progress("Checking jobs", std::nullopt, context.options.quiet);
  std::uint64_t jobs = 0;
  std::uint64_t findings = 0;
  std::optional<std::string> after;
  do {
    const CheckResult part = repository.check(context.jobs().begin_call(), after, kSlice);
    for (const Finding& finding : part.findings) {
      rows.add({{"where", json_text(finding.where)}, {"what", json_text(finding.what)}});
    }
    jobs += part.jobs;
    findings += part.findings.size();
    after = part.next;
    progress.show(jobs);
    check_interrupted(fmt::format("{} were looked at", format_jobs(jobs)));
  } while (after);
  progress.erase();
  rows.finish();
  if (findings > 0) {
    throw Failure(ExitCode::io, fmt::format("the store has {} fault{}: restore a backup, or export "
                                            "what can be read and import it into a new store",
                                            findings, findings == 1 ? "" : "s"));
  }
  context.say(fmt::format("{} were looked at: no fault.", format_jobs(jobs)));
}

void compact_store(Context& context) {
  FailedJobRepository& repository = context.jobs().repository();
  while (repository.compact(context.jobs().begin_call(), kSlice)) {
    check_interrupted("run it again to go on");
  }
  context.say("What was free was given back.");
}

void print_stats(Context& context) {
  boost::json::object figures;
  for (const Figure& figure : context.jobs().repository().stats(context.jobs().begin_call())) {
    const auto whole = static_cast<std::int64_t>(figure.value);
    if (static_cast<double>(whole) == figure.value) {
      figures[figure.name] = whole;
    } else {
      figures[figure.name] = figure.value;
    }
  }
  if (context.options.format != Format::table) {
    return print_result(context.options.format, {}, figures);
  }
  Rows rows(Format::table, {{"figure"}, {"value", Column::Kind::count}});
  for (const auto& [name, value] : figures) rows.add({{"figure", name}, {"value", value}});
  rows.finish();
}

}  // namespace

void add_store(CLI::App& program, Context& context) {
  CLI::App& store = add_command(program, "store", "Looks after the store.",
                                {"purgatory store check", "purgatory store stats -o json"});
  store.require_subcommand(1);
  add_command(store, "check", "Reads everything and reports what is wrong; exits with 74 if so.",
              {"purgatory store check", "purgatory store check -o jsonl"})
      .callback([&context] { check_store(context); });

  CLI::App& backup = add_command(store, "backup", "Writes a consistent copy, while others go on.",
                                 {"purgatory store backup jobs-backup.db",
                                  "purgatory -c purgatory.yaml store backup copy.db"});
  const auto destination = std::make_shared<std::string>();
  backup.add_option("FILE", *destination, "Where to; it must not be there.")
      ->type_name("FILE")
      ->check(not_empty())
      ->required();
  backup.callback([destination, &context] {
    // Of any size, and nothing of the store waits for it.
    Call call = context.jobs().begin_call();
    call.deadline = std::chrono::steady_clock::time_point::max();
    context.jobs().repository().backup(call, *destination);
    context.say(fmt::format("The copy is {}", visible(*destination)));
  });

  add_command(store, "compact", "Gives free space back to the file system.",
              {"purgatory store compact", "purgatory store compact --quiet"})
      .callback([&context] { compact_store(context); });
  add_command(store, "stats", "Shows the figures of the store.",
              {"purgatory store stats", "purgatory store stats -o json"})
      .callback([&context] { print_stats(context); });
}

}  // namespace purgatory::cli
