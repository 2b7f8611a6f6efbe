// A line of the file, and what is wrong with one.

#include "apps/tokens/entry.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/samples.hpp"

namespace purgatory::tokens_test {

using Projects = std::vector<std::string>;
using tokens::Entry;

namespace {

const std::string kHash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kOther = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kLine = "sha256=" + kHash + " project=media role=reader";

Entry read(std::string_view line) {
  const std::vector<Entry> entries = tokens::parse(line, "tokens");
  REQUIRE(entries.size() == 1);
  return entries.front();
}

std::string refusal(std::string_view text) {
  return unit::error_of([&] { (void)tokens::parse(text, "tokens"); });
}

}  // namespace

TEST_CASE("a line says whom a token stands for") {
  const Entry entry = read("sha256=" + kHash +
                           " project=media project=web role=operator expires=2027-01-01T00:00:00Z "
                           "name=ann");
  CHECK(entry.hash == tokens::hash_of("abc"));
  CHECK(entry.identity.name == "ann");
  CHECK(entry.identity.projects == Projects{"media", "web"});
  CHECK_FALSE(entry.identity.every_project);
  CHECK(entry.identity.may_delete);
  CHECK(entry.expires == parse_time("2027-01-01T00:00:00Z"));
}

TEST_CASE("a token has no end and a name by its hash if its line has none") {
  const Entry entry = read(kLine);
  CHECK_FALSE(entry.expires.has_value());
  CHECK(entry.identity.name == "token:ba7816bf");
  CHECK_FALSE(entry.identity.may_delete);
}

TEST_CASE("a token can be for every project") {
  const Entry entry = read("sha256=" + kHash + " project=* role=reader");
  CHECK(entry.identity.every_project);
  CHECK(entry.identity.projects.empty());
}

TEST_CASE("comments, blank lines, spaces, tabs and line ends of Windows mean nothing") {
  const std::string text =
      "# tokens of J\xC3\xBCrgen\r\n\n \t \n\t  # indented\n  sha256=" + kHash +
      "\tproject=media   role=reader  # Ann's, sha256=no\r\n" +
      "role=operator project=web sha256=" + kOther;
  const std::vector<Entry> entries = tokens::parse(text, "tokens");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].hash == tokens::hash_of("abc"));
  CHECK_FALSE(entries[0].identity.may_delete);
  CHECK(entries[1].hash == tokens::hash_of(""));
  CHECK(entries[1].identity.may_delete);
  CHECK(tokens::parse("", "tokens").empty());
  CHECK(tokens::parse("#", "tokens").empty());
}

TEST_CASE("digits of a hash may be in capitals") {
  std::string capitals = kHash;
  std::ranges::transform(capitals, capitals.begin(), ::toupper);
  CHECK(read("sha256=" + capitals + " project=media role=reader").hash == tokens::hash_of("abc"));
}

TEST_CASE("what was printed is read as the same again") {
  const std::string line = "sha256=" + kHash +
                           " project=a project=b project=* role=operator "
                           "expires=2027-01-01T00:00:00.001Z name=token:1\n";
  CHECK(tokens::print(read(line)) == line);
  CHECK(tokens::print(read(kLine)) == kLine + " name=token:ba7816bf\n");
}

TEST_CASE("what a line needs and does not have is told") {
  CHECK(refusal("\nsha256=" + kHash) ==
        "config: tokens:2:1: project: is missing\n"
        "tokens:2:1: role: is missing");
  CHECK(refusal("project=media role=reader") == "config: tokens:1:1: sha256: is missing");
}

TEST_CASE("a wrong value is told with its place, a hash without its value") {
  CHECK(refusal("sha256=" + kHash.substr(1) + " project=media role=reader") ==
        "config: tokens:1:1: sha256: is no SHA-256: it takes 64 hexadecimal digits");
  CHECK(refusal("sha256=" + kHash + "0 project=media role=reader") ==
        "config: tokens:1:1: sha256: is no SHA-256: it takes 64 hexadecimal digits");
  CHECK(refusal("sha256=-" + kHash.substr(1) + " project=media role=reader") ==
        "config: tokens:1:1: sha256: is no SHA-256: it takes 64 hexadecimal digits");
  CHECK(refusal("project=media/../web role=Reader expires=tomorrow name= sha256=" + kHash) ==
        "config: tokens:1:1: project: 'media/../web' is no project: it takes 1 to 64 of A-Z, a-z, "
        "0-9, '.', '_' and '-', or '*' for every project\n"
        "tokens:1:22: role: 'Reader' is not operator or reader\n"
        "tokens:1:34: expires: 'tomorrow' is no time such as 2027-01-01T00:00:00Z\n"
        "tokens:1:51: name: '' is no name: it takes 1 to 255 visible ASCII characters, without "
        "spaces");
  const std::string long_name(256, 'n');
  CHECK(refusal(kLine + " name=" + long_name) ==
        "config: tokens:1:99: name: '" + long_name.substr(0, 60) +
            "...' is no name: it takes 1 to 255 visible ASCII characters, without spaces");
  CHECK(refusal(kLine + " name=J\xC3\xBCrgen") ==
        "config: tokens:1:99: name: 'J\xC3\xBCrgen' is no name: it takes 1 to 255 visible ASCII "
        "characters, without spaces");
}

TEST_CASE("a field is given once, but for the project") {
  CHECK(refusal(kLine + " role=reader name=a name=b sha256=" + kHash +
                " expires=2027-01-01T00:00:00Z expires=2027-01-01T00:00:00Z") ==
        "config: tokens:1:99: role: is given twice\n"
        "tokens:1:118: name: is given twice\n"
        "tokens:1:125: sha256: is given twice\n"
        "tokens:1:226: expires: is given twice");
}

TEST_CASE("what is no field is not shown: it may be a token") {
  const std::string said = "is no field: there are sha256=, project=, role=, expires= and name=";
  CHECK(refusal("purgatory_secret " + kLine) == "config: tokens:1:1: " + said);
  CHECK(refusal("token=purgatory_secret " + kLine) == "config: tokens:1:1: " + said);
  CHECK(refusal(kLine + " =") == "config: tokens:1:99: " + said);
  CHECK(refusal(kLine + " expires=purgatory_secret") ==
        "config: tokens:1:99: expires: the value is no time such as 2027-01-01T00:00:00Z");
  CHECK(refusal("sha256=purgatory_secret project=media role=reader").find("secret") ==
        std::string::npos);
}

TEST_CASE("a token stands on one line") {
  CHECK(refusal(kLine + "\n# more\n" + kLine + "\nsha256=" + kOther + " project=a role=reader\n") ==
        "config: tokens:3:1: sha256: is that of line 1");
}

TEST_CASE("all mistakes are told at once") {
  CHECK(refusal("a\n" + kLine + "\nb\n") ==
        "config: tokens:1:1: is no field: there are sha256=, project=, role=, expires= and name=\n"
        "tokens:1:1: sha256: is missing\n"
        "tokens:1:1: project: is missing\n"
        "tokens:1:1: role: is missing\n"
        "tokens:3:1: is no field: there are sha256=, project=, role=, expires= and name=\n"
        "tokens:3:1: sha256: is missing\n"
        "tokens:3:1: project: is missing\n"
        "tokens:3:1: role: is missing");
}

}  // namespace purgatory::tokens_test
