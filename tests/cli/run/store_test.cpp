// store: check, backup, compact, stats.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

namespace json = boost::json;

TEST_CASE("store check of a sound store says how much it looked at") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("store check");
  CHECK(result.code == 0);
  CHECK(result.out == "");
  CHECK(result.err == "6 jobs were looked at: no fault.\n");
  CHECK(box.out("store check -o json") == "[]\n");
  CHECK(box.run("store check --quiet").err == "");
}

TEST_CASE("store check reports each fault with its place") {
  const Sandbox box;
  box.fill();
  std::string store = box.read("store.db");
  const std::size_t reason = store.find("the disk is full");
  REQUIRE(reason != std::string::npos);
  store[reason] = 'T';
  box.write("store.db", store);
  const Result result = box.run("store check -o json");
  CHECK(result.code == 74);
  const json::array faults = json::parse(result.out).as_array();
  REQUIRE(faults.size() == 1);
  CHECK(contains(faults[0].at("where").as_string(), "weekly"));
  CHECK(contains(result.err,
                 "purgatory: the store has 1 fault: restore a backup, or export what can be read "
                 "and import it into a new store\n"));
  CHECK(lines_of(box.run("store check").out).size() == 2);
}

TEST_CASE("store backup writes a copy that opens, and overwrites nothing") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("store backup copy.db");
  CHECK(result.code == 0);
  CHECK(result.out == "");
  CHECK(result.err == "The copy is copy.db\n");
  box.out("purge --everything --confirm=everything");
  box.write("copy.yaml", "version: 1\nrepository: { backend: file, file: { path: copy.db } }\n");
  CHECK(box.out("-c copy.yaml count") == "6\n");
  const Result again = box.run("store backup copy.db");
  CHECK(again.code == 65);
  CHECK(again.err == "purgatory: backup: '" + (box / "copy.db").string() +
                         "' is there already; name a path that is not, or remove it\n");
  CHECK(box.out("-c copy.yaml count") == "6\n");
}

TEST_CASE("store compact gives free space back") {
  const Sandbox box;
  box.fill_with(3000);
  box.out("purge --project many --yes --undo-window 0s");
  box.out("trash empty --project many --yes");
  const auto file_bytes = [&] {
    return box.json("store stats").at("file_bytes").to_number<std::uint64_t>();
  };
  const auto before = file_bytes();
  const Result result = box.run("store compact");
  CHECK(result.code == 0);
  CHECK(result.out == "");
  CHECK(result.err == "What was free was given back.\n");
  CHECK(file_bytes() < before);
  CHECK(box.run("store compact --quiet").err == "");
}

TEST_CASE("store stats shows the figures of the store") {
  const Sandbox box;
  box.fill();
  box.out("purge --project media --yes");
  const json::value figures = box.json("store stats");
  CHECK(figures.at("jobs") == 5);
  CHECK(figures.at("trash_jobs") == 1);
  CHECK(figures.at("bytes") == 525);
  const auto lines = lines_of(box.out("store stats"));
  CHECK(lines[0].starts_with("FIGURE"));
  CHECK(lines[1].starts_with("jobs"));
  CHECK(lines[1].ends_with(" 5"));
}

TEST_CASE("a store in memory has no backup, and nothing to compact") {
  const Sandbox box;
  box.write("jobs.jsonl", small_store());
  const Result backup = box.run("--load jobs.jsonl store backup copy.db");
  CHECK(backup.code == 64);
  CHECK(backup.err ==
        "purgatory: backup: the memory backend keeps nothing; export its jobs instead\n");
  CHECK(box.run("--load jobs.jsonl store compact").code == 64);
  CHECK(box.run("--load jobs.jsonl store check").err == "6 jobs were looked at: no fault.\n");
}

}  // namespace purgatory::cli_run
