#include "tests/cli/sample_program.hpp"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "apps/purgatory/pages/help.hpp"

namespace purgatory::cli_test {
namespace {

void add_purge(CLI::App& program) {
  CLI::App* purge = program.add_subcommand("purge", "Purge jobs: a whole scope, or what matches.");
  purge->footer(
      "purgatory purge --project shop --group payments\n"
      "purgatory purge --project shop --older-than 30d --dry-run");
  purge->add_option("ID", "Which jobs")->expected(0, -1);
  purge->add_flag("-n,--dry-run")->description("Show what would go, and let it stay");
  purge
      ->add_option("--reason",
                   "Why, for the journal: somebody will read it next year and has to understand it")
      ->required()
      ->type_name("TEXT");
  purge->add_option("--secret", "Not for people")->group("");
  CLI::App* scope = purge->add_option_group("Scope", "Which jobs");
  scope->add_option("--project", "Of this project")->type_name("NAME");
  scope->add_option("--group", "Of these groups")
      ->type_name("NAME")
      ->expected(1, -1)
      ->allow_extra_args(false);
}

void add_trash(CLI::App& program) {
  CLI::App* trash = program.add_subcommand("trash", "Look into trash.")->require_subcommand(1);
  CLI::App* list = trash->add_subcommand("list", "List the purges that can be undone.");
  list->footer("purgatory trash list -o json\npurgatory trash list");
  trash->add_subcommand("empty", "Free what is past its undo window.")->alias("free");
}

}  // namespace

std::unique_ptr<CLI::App> sample_program() {
  auto program =
      std::make_unique<CLI::App>("Keep failed jobs until they are retried or purged.", "purgatory");
  program->formatter(std::make_shared<cli::pages::HelpFormatter>());
  program->set_help_flag("-h,--help", "Show this");
  program->require_subcommand(1)->fallthrough();
  program->footer("purgatory import failures.jsonl\npurgatory purge --project shop");
  program->add_option("-c,--config", "The configuration")
      ->type_name("FILE")
      ->envname("PURGATORY_CONFIG");
  program->add_option("-o,--output", "How to print")
      ->check(CLI::IsMember({"table", "json", "jsonl"}))
      ->default_str("table");
  program->add_option("--now", "The time at which the clock stands, for demos")->type_name("TIME");
  program->set_version_flag("--version", "1.2.3", "Show the version");
  CLI::App* import = program->add_subcommand("import", "Record the jobs of a file.");
  import->add_option("FILE", "JSON lines; - is stdin")->type_name("FILE")->required();
  add_purge(*program);
  add_trash(*program);
  program->add_subcommand("internal", "Not for people.")->group("");
  return program;
}

}  // namespace purgatory::cli_test
