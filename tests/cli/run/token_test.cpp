// Tokens for clients of the server.

#include <catch2/catch.hpp>

#include "apps/tokens/file.hpp"
#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

constexpr const char* kCreate = "token create --project media --role operator --file tokens";

/// The only token in the file.
tokens::Entry entry_in(const Sandbox& box) {
  const std::vector<tokens::Entry> entries = tokens::read(box / "tokens");
  REQUIRE(entries.size() == 1);
  return entries.front();
}

}  // namespace

TEST_CASE("token create prints the token alone, and the file has its hash") {
  const Sandbox box;
  const Result result = box.run(kCreate);
  CHECK(result.code == 0);
  const std::vector<std::string> lines = lines_of(result.out);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].size() == 53);
  const tokens::Entry entry = entry_in(box);
  CHECK(entry.hash == tokens::hash_of(lines[0]));
  CHECK(entry.identity.name == tokens::default_name(entry.hash));
  CHECK(entry.identity.projects == std::vector<std::string>{"media"});
  CHECK(entry.identity.may_delete);
  CHECK_FALSE(entry.expires.has_value());
  CHECK(result.err == "tokens has its hash as '" + entry.identity.name +
                          "'. This is the only time that the token is shown.\n");
  CHECK_FALSE(contains(box.read("tokens"), lines[0]));
  CHECK_FALSE(contains(box.read("tokens"), lines[0].substr(10)));
  CHECK(box.run("--quiet " + std::string(kCreate)).err == "");
  CHECK(lines_of(box.out(std::string(kCreate) + " -o json")).size() == 1);
  CHECK_FALSE(fs::exists(box / "store.db"));
}

TEST_CASE("a token is for several projects or for all, has a name and an end") {
  const Sandbox box;
  box.out(
      "token create --project media --project web --role reader --file tokens --name ann "
      "--expires 2027-01-01T00:00:00Z --now 2026-12-31T23:59:59Z");
  tokens::Entry entry = entry_in(box);
  CHECK(entry.identity.name == "ann");
  CHECK(entry.identity.projects == std::vector<std::string>{"media", "web"});
  CHECK_FALSE(entry.identity.may_delete);
  CHECK(entry.expires == parse_time("2027-01-01T00:00:00Z"));
  fs::remove(box / "tokens");
  box.out(
      "token create --project '*' --role reader --file tokens --expires 90d --now "
      "2026-11-01T00:00:00Z");
  entry = entry_in(box);
  CHECK(entry.identity.every_project);
  CHECK(entry.expires == parse_time("2027-01-30T00:00:00Z"));
}

TEST_CASE("a token that would be wrong is told by its flag, and the file is not made") {
  const Sandbox box;
  const auto said = [&](const std::string& flags) {
    const Result result = box.run("token create --role reader --file tokens " + flags);
    CHECK(result.code == 64);
    CHECK(result.out == "");
    return result.err;
  };
  CHECK(said("--project a/b") ==
        "purgatory: --project: 'a/b' is no project: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' "
        "and '-', or '*' for every project\n");
  CHECK(contains(said("--project ''"), "--project: '' is no project"));
  CHECK(said("--project a --name 'a b'") ==
        "purgatory: --name: 'a b' is no name: it takes 1 to 255 visible ASCII characters, without "
        "spaces\n");
  CHECK(said("--project a --expires soon") ==
        "purgatory: --expires: 'soon' is no time to come; write 2027-01-01T00:00:00Z, or how far "
        "off: 90d\n");
  CHECK(contains(said("--project a --expires 2026-01-01T00:00:00Z --now 2026-01-01T00:00:00Z"),
                 "'2026-01-01T00:00:00Z' is no time to come"));
  CHECK(contains(said("--project a --expires 0s"), "'0s' is no time to come"));
  CHECK(said("--project a --role admin") ==
        "purgatory: --role: admin not in {operator,reader}; see purgatory token create --help\n");
  CHECK(said("") == "purgatory: --project is required; see purgatory token create --help\n");
  CHECK_FALSE(fs::exists(box / "tokens"));
}

TEST_CASE("a file that no token can be added to is told, and no token is printed") {
  const Sandbox box;
  const auto refused = [&](std::string_view file, int code) {
    const Result result =
        box.run("token create --project a --role reader --file " + std::string(file));
    CHECK(result.code == code);
    CHECK(result.out == "");
    return result.err;
  };
  CHECK(refused("no/where", 78) ==
        "purgatory: 'no/where' cannot be opened: No such file or directory\n");
  box.write("tokens", "purgatory_secret\n");
  fs::permissions(box / "tokens", fs::perms(0600));
  CHECK(refused("tokens", 78).starts_with("purgatory: tokens:1:1: is no field: "));
  fs::permissions(box / "tokens", fs::perms(0666));
  CHECK(refused("tokens", 78) ==
        "purgatory: the token file 'tokens' can be written by others than its owner: chmod go-w "
        "it\n");
}

}  // namespace purgatory::cli_run
