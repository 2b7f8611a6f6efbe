#include "apps/purgatory/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/output.hpp"
#include "apps/purgatory/pages/command_tree.hpp"
#include "apps/purgatory/pages/help.hpp"
#include "apps/purgatory/pages/suggestion.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/error.hpp"

namespace purgatory::cli {
namespace {

int report(ExitCode code, std::string_view message) {
  try {
    flush();  // what was printed belongs before it
  } catch (const Failure&) {
    // the first failure is the one to tell
  }
  fmt::print(stderr, "{} {}\n", styled(STDERR_FILENO, Style::red, "purgatory:"),
             visible_lines(message));
  return static_cast<int>(code);
}

/// The command that was given, as far as it is known.
const CLI::App& given_command(const CLI::App& program) {
  const auto given = program.get_subcommands();
  return given.empty() ? program : given_command(*given.front());
}

/// --help and --version come as errors, too.
int report(const CLI::App& program, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    std::ostringstream text;
    const int code = program.exit(error, text);
    print(text.str());
    flush();
    return code;
  }
  std::string what = pages::unknown_word(program).value_or(error.what());
  if (what == "A subcommand is required") what = "a command is required";
  return report(ExitCode::usage,
                fmt::format("{}{} {} --help", what, what.ends_with('?') ? " See" : "; see",
                            pages::path_of(given_command(program))));
}

Format format_of(std::string_view name) {
  if (name == "table") return Format::table;
  return name == "json" ? Format::json : Format::jsonl;
}

int parse_and_run(int argc, char** argv) {
  CLI::App program;
  Context context;
  build(program, context);
  try {
    program.parse(argc, argv);
    return static_cast<int>(context.exit_code);
  } catch (const CLI::ParseError& error) {
    return report(program, error);
  }
}

}  // namespace

void build(CLI::App& program, Context& context) {
  program.name("purgatory");
  program.description(
      "Keeps the failed jobs of a service, and deletes them: lists, purges, restores.");
  program.footer(
      "purgatory import failures.jsonl\n"
      "purgatory purge --project media --group transcode --yes");
  program.formatter(std::make_shared<pages::HelpFormatter>());
  program.set_help_flag("-h,--help", "Prints help.");
  program.set_version_flag("--version", PURGATORY_VERSION, "Prints the version.");
  program.require_subcommand(1);

  Context::Options& options = context.options;
  program
      .add_option("-c,--config", options.config,
                  "The configuration; left out: the one that PURGATORY_CONFIG names, or a store of "
                  "your own.")
      ->type_name("FILE")
      ->check(not_empty());
  program
      .add_option_function<std::string>(
          "-o,--output", [&options](const std::string& name) { options.format = format_of(name); },
          "How results are printed.")
      ->check(CLI::IsMember({"table", "json", "jsonl"}))
      ->default_str("table");
  program
      .add_option("--load", options.load,
                  "Works on the jobs of this file of JSON lines, in memory: changes nothing else.")
      ->type_name("FILE")
      ->check(not_empty());
  program.add_option("--now", options.now, "The clock stands at this time, as in examples.")
      ->type_name("TIME")
      ->check(not_empty());
  program.add_flag("-q,--quiet", options.quiet, "Prints results and errors only.");
  program.add_flag("-v,--verbose", options.verbose, "Prints what the library logs, too.");

  add_record(program, context);
  add_import(program, context);
  add_export(program, context);
  add_list(program, context);
  add_get(program, context);
  add_count(program, context);
  add_forget(program, context);
  add_purge(program, context);
  add_plan(program, context);
  add_apply(program, context);
  add_restore(program, context);
  add_trash(program, context);
  add_journal(program, context);
  add_policy(program, context);
  add_run_due(program, context);
  add_explain(program, context);
  add_hold(program, context);
  add_release(program, context);
  add_resolve(program, context);
  add_archive(program, context);
  add_store(program, context);
  add_config(program, context);
  add_plugins(program, context);
  add_serve(program, context);
  add_token(program, context);
  add_completion(program);
  add_manual(program);
}

int run(int argc, char** argv) {
  try {
    catch_interrupts();
    return parse_and_run(argc, argv);
  } catch (const Failure& failure) {
    return report(failure.code(), failure.what());
  } catch (const Error& error) {
    return report(exit_code_of(error.code()), error.what());
  } catch (const std::exception& error) {
    return report(ExitCode::internal,
                  fmt::format("{}: this is a defect of the program, report it", error.what()));
  }
}

}  // namespace purgatory::cli
