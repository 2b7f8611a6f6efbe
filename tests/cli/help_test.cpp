#include <catch2/catch.hpp>

#include "tests/cli/sample_program.hpp"

namespace purgatory::cli_test {
namespace {

/// What a command line that asks for help prints, behind a newline.
std::string help_of(const std::string& arguments) {
  const auto program = sample_program();
  REQUIRE_THROWS_AS(program->parse(arguments), CLI::CallForHelp);
  return '\n' + program->help();
}

}  // namespace

TEST_CASE("help of the program leads with what it does and with examples, and ends with commands") {
  CHECK(help_of("--help") == R"(
Keep failed jobs until they are retried or purged.

Examples:
  purgatory import failures.jsonl
  purgatory purge --project shop

Usage: purgatory COMMAND [OPTIONS]

Global options:
  -c, --config FILE  The configuration (or $PURGATORY_CONFIG)
  -o, --output table|json|jsonl
                     How to print (default: table)
      --now TIME     The time at which the clock stands, for demos
      --version      Show the version
  -h, --help         Show this

Commands:
  import             Record the jobs of a file.
  purge              Purge jobs: a whole scope, or what matches.
  trash              Look into trash.

Run 'purgatory COMMAND --help' for more about a command.
)");
}

TEST_CASE("help of a command shows its arguments and options by group, in 80 columns") {
  CHECK(help_of("purge -h") == R"(
Purge jobs: a whole scope, or what matches.

Examples:
  purgatory purge --project shop --group payments
  purgatory purge --project shop --older-than 30d --dry-run

Usage: purgatory purge --reason TEXT [OPTIONS] [ID]...

Arguments:
  ID                  Which jobs

Options:
  -n, --dry-run       Show what would go, and let it stay
      --reason TEXT   Why, for the journal: somebody will read it next year and
                      has to understand it (required)

Scope:
      --project NAME  Of this project
      --group NAME    Of these groups (repeatable)

Global options:
  -c, --config FILE   The configuration (or $PURGATORY_CONFIG)
  -o, --output table|json|jsonl
                      How to print (default: table)
      --now TIME      The time at which the clock stands, for demos
  -h, --help          Show this
)");
}

TEST_CASE("help of a command without examples of its own shows none, and names its commands") {
  CHECK(help_of("trash --help") == R"(
Look into trash.

Usage: purgatory trash COMMAND [OPTIONS]

Global options:
  -c, --config FILE  The configuration (or $PURGATORY_CONFIG)
  -o, --output table|json|jsonl
                     How to print (default: table)
      --now TIME     The time at which the clock stands, for demos
  -h, --help         Show this

Commands:
  list               List the purges that can be undone.
  empty, free        Free what is past its undo window.

Run 'purgatory trash COMMAND --help' for more about a command.
)");
}

TEST_CASE("help of a command below another shows where it stands") {
  CHECK(help_of("trash list --help").starts_with(R"(
List the purges that can be undone.

Examples:
  purgatory trash list -o json
  purgatory trash list

Usage: purgatory trash list [OPTIONS]
)"));
}

}  // namespace purgatory::cli_test
