#include <catch2/catch.hpp>

#include "apps/purgatory/pages/suggestion.hpp"
#include "tests/cli/sample_program.hpp"

namespace purgatory::cli_test {
namespace {

/// What is said of a command line that cannot be parsed; empty: all of its words are known.
std::string said_of(const std::string& arguments) {
  const auto program = sample_program();
  REQUIRE_THROWS_AS(program->parse(arguments), CLI::ParseError);
  return cli::pages::unknown_word(*program).value_or("");
}

}  // namespace

TEST_CASE("a slip in a command is told from what it may have meant") {
  CHECK(said_of("pruge") == "unknown command 'pruge' of 'purgatory'; did you mean 'purge'?");
  CHECK(said_of("purg --reason x") ==
        "unknown command 'purg' of 'purgatory'; did you mean 'purge'?");
  CHECK(said_of("imp") == "unknown command 'imp' of 'purgatory'; did you mean 'import'?");
  CHECK(said_of("emptied") == "unknown command 'emptied' of 'purgatory'");
}

TEST_CASE("a slip in a command below another is told from that one's commands first") {
  CHECK(said_of("trash lsit") ==
        "unknown command 'lsit' of 'purgatory trash'; did you mean 'list'?");
  CHECK(said_of("trash purge") ==
        "unknown command 'purge' of 'purgatory trash'; did you mean 'purgatory purge'?");
  CHECK(said_of("trahs list") == "unknown command 'trahs' of 'purgatory'; did you mean 'trash'?");
  CHECK(said_of("trahs import a.jsonl") ==
        "unexpected argument 'trahs'; did you mean 'purgatory trash'?");
}

TEST_CASE("a slip in an option is told from the command's and the program's options") {
  CHECK(said_of("purge --reason x --porject shop") ==
        "unknown option '--porject' of 'purgatory purge'; did you mean '--project'?");
  CHECK(said_of("purge --reason x --otput=json") ==
        "unknown option '--otput' of 'purgatory purge'; did you mean '--output'?");
  CHECK(said_of("--confg x trash list") ==
        "unknown option '--confg' of 'purgatory trash list'; did you mean '--config'?");
  CHECK(said_of("trash list --hlep") ==
        "unknown option '--hlep' of 'purgatory trash list'; did you mean '--help'?");
  CHECK(said_of("trash list --project shop") ==
        "unknown option '--project' of 'purgatory trash list'");
}

TEST_CASE("what is hidden is not suggested") {
  CHECK(said_of("intrenal") == "unknown command 'intrenal' of 'purgatory'");
  CHECK(said_of("purge --reason x --secrte y") == "unknown option '--secrte' of 'purgatory purge'");
}

TEST_CASE("a word too many is unexpected") {
  CHECK(said_of("import a.jsonl b.jsonl") == "unexpected argument 'b.jsonl'");
  CHECK(said_of("-- odd") == "unknown command 'odd' of 'purgatory'");
}

TEST_CASE("a failure of another kind leaves no word unknown") {
  CHECK(said_of("purge") == "");
  CHECK(said_of("") == "");
  CHECK(said_of("--output xml trash list") == "");
}

}  // namespace purgatory::cli_test
