// record and import: what puts jobs in.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <vector>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/import.hpp"
#include "apps/purgatory/lines.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

std::vector<Column> columns() {
  return {{"inserted", Column::Kind::count},
          {"replaced", Column::Kind::count},
          {"stale", Column::Kind::count},
          {"evicted", Column::Kind::count}};
}

boost::json::object recorded(const RecordResult& result) {
  return {{"inserted", result.inserted},
          {"replaced", result.replaced},
          {"stale", result.stale},
          {"evicted", result.evicted}};
}

struct RecordArguments {
  FailedJob job;
  std::string failed_at;
  std::string payload_file;
  std::vector<std::string> labels;
};

FailedJob read(const RecordArguments& arguments, Time now) {
  FailedJob job = arguments.job;
  job.failed_at =
      arguments.failed_at.empty() ? now : parse_moment("--failed-at", arguments.failed_at, now);
  for (const std::string& label : arguments.labels) {
    const std::size_t equals = label.find('=');
    if (equals == std::string::npos) {
      throw Failure(ExitCode::usage,
                    fmt::format("--label: '{}' has no '=': write KEY=VALUE", visible(label)));
    }
    job.labels[label.substr(0, equals)] = label.substr(equals + 1);
  }
  if (!arguments.payload_file.empty()) job.payload = read_file(arguments.payload_file);
  return job;
}

}  // namespace

void add_record(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "record", "Records one failed job; prints what became of it.",
      {"purgatory record --project billing --group invoice --job-id inv-4711 --error-code TIMEOUT",
       "purgatory record --project billing --job-id nightly --failed-at 2h --label host=web1"});
  const auto arguments = std::make_shared<RecordArguments>();
  FailedJob& job = arguments->job;
  command.add_option("--project", job.project, "The project (tenant).")->type_name("P")->required();
  command.add_option("--group", job.group, "Its group; left out: the project level.")
      ->type_name("G");
  command.add_option("--job-id", job.job_id, "Its id, unique in the group.")
      ->type_name("ID")
      ->required();
  command
      .add_option("--failed-at", arguments->failed_at,
                  "When it failed, or how long ago; left out: now.")
      ->type_name("TIME")
      ->check(not_empty());
  const auto add = [&](const char* name, std::string& value, const char* help) {
    command.add_option(name, value, help)->type_name("TEXT");
  };
  add("--job-type", job.job_type, "What kind of job it was.");
  add("--resource-type", job.resource_type, "The type of what it worked on.");
  add("--resource-id", job.resource_id, "The id of what it worked on.");
  add("--resource-name", job.resource_name, "The name of what it worked on.");
  add("--status", job.failure_status, "How it failed: createFail.");
  add("--error-code", job.error_code, "The code of the error.");
  add("--reason", job.fail_reason, "Why it failed, in words.");
  command.add_option("--attempts", job.attempts, "How often it was tried.")
      ->type_name("N")
      ->check(not_empty());
  command.add_option("--label", arguments->labels, "A label.")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  auto* payload = command.add_option("--payload", job.payload, "What a retry needs.");
  payload->type_name("TEXT");
  command
      .add_option("--payload-file", arguments->payload_file, "The same from a file; - is stdin.")
      ->type_name("FILE")
      ->check(not_empty())
      ->excludes(payload);
  command.callback([arguments, &context] {
    const FailedJob read_job = read(*arguments, context.now());
    print_result(context.options.format, columns(), recorded(context.jobs().record(read_job)));
  });
}

void add_import(CLI::App& program, Context& context) {
  CLI::App& command = add_command(
      program, "import",
      "Records the jobs of a file of JSON lines; ends well only if all of them are stored.",
      {"purgatory import failures.jsonl", "purgatory export | purgatory -c other.yaml import -"});
  struct Arguments {
    std::string file;
    bool keep_going = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  command.add_option("FILE", arguments->file, "The file; - is stdin.")
      ->type_name("FILE")
      ->check(not_empty())
      ->required();
  command.add_flag("--keep-going", arguments->keep_going,
                   "Skips lines that are wrong, and counts them; the exit code is 65 then.");
  command.callback([arguments, &context] {
    Import import(context.jobs(), context.config().limits,
                  {.keep_going = arguments->keep_going, .quiet = context.options.quiet});
    import.read(arguments->file);
    auto result = recorded(import.result());
    result["skipped"] = import.skipped();
    std::vector<Column> shown = columns();
    shown.push_back({"skipped", Column::Kind::count});
    print_result(context.options.format, std::move(shown), result);
    if (import.skipped() > 0) {
      throw Failure(ExitCode::bad_data,
                    fmt::format("{}: {} of its lines were skipped", arguments->file,
                                format_count(import.skipped())));
    }
  });
}

}  // namespace purgatory::cli
