// config and plugins, the options that all commands have, and the store that is found.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

namespace json = boost::json;

namespace {

void write_memory_config(const Sandbox& box) {
  box.write("memory.yaml", "version: 1\nrepository: { backend: memory }\n");
}

}  // namespace

TEST_CASE("without a configuration the store is one of the user's own, and that is said") {
  Sandbox box;
  box.unset("PURGATORY_CONFIG");
  const Result result = box.run("import -", small_store());
  CHECK(result.code == 0);
  const fs::path store = box / "state" / "purgatory" / "failed-jobs.db";
  CHECK(result.err == "There is no configuration (-c FILE or PURGATORY_CONFIG): the store is " +
                          store.string() + "\n");
  CHECK(fs::exists(store));
  CHECK(fs::status(store.parent_path()).permissions() == fs::perms::owner_all);
  CHECK(box.run("count --quiet").err == "");
  CHECK(box.out("count") == "6\n");
}

TEST_CASE("the user's own store is in the home directory if XDG_STATE_HOME names no other place") {
  Sandbox box;
  box.unset("PURGATORY_CONFIG");
  box.set("XDG_STATE_HOME", "not/absolute");
  box.fill();
  CHECK(fs::exists(box / "home" / ".local/state/purgatory/failed-jobs.db"));
  box.unset("XDG_STATE_HOME");
  CHECK(box.count() == 6);
}

TEST_CASE("without a configuration and a home there is no store") {
  Sandbox box;
  for (const char* name : {"PURGATORY_CONFIG", "XDG_STATE_HOME", "HOME"}) box.unset(name);
  const Result result = box.run("count");
  CHECK(result.code == 78);
  CHECK(result.err ==
        "purgatory: there is no configuration, and no HOME for a store of your own: name a "
        "configuration with -c or PURGATORY_CONFIG\n");
}

TEST_CASE(
    "the option -c names the configuration, before the variable and behind the command, too") {
  const Sandbox box;
  box.write("other.yaml", "version: 1\nrepository: { backend: file, file: { path: other.db } }\n");
  box.fill();
  CHECK(box.out("-c other.yaml count") == "0\n");
  CHECK(box.out("count --config other.yaml") == "0\n");
  CHECK(box.out("count") == "6\n");
}

TEST_CASE("a store in memory that nothing fills is refused") {
  Sandbox box;
  write_memory_config(box);
  box.set("PURGATORY_CONFIG", "memory.yaml");
  const Result result = box.run("count");
  CHECK(result.code == 64);
  CHECK(result.err ==
        "purgatory: 'memory.yaml' says the backend is memory, which is empty in each new process: "
        "fill it with --load FILE, or name a file backend\n");
  box.write("jobs.jsonl", small_store());
  CHECK(box.out("count --load jobs.jsonl") == "6\n");
}

TEST_CASE("the option --load tries a command on a dump, and leaves the real store alone") {
  const Sandbox box;
  box.fill();
  box.write("dump.jsonl", numbered_line(1) + numbered_line(2));
  const Result result =
      box.run("--load dump.jsonl purge --everything --confirm=everything -o json");
  CHECK(result.code == 0);
  CHECK(json::parse(result.out).at("jobs") == 2);
  CHECK(box.count() == 6);
}

TEST_CASE("a wrong line of what --load names is told with its place") {
  const Sandbox box;
  box.write("dump.jsonl", numbered_line(1) + "no\n");
  const Result result = box.run("--load dump.jsonl count");
  CHECK(result.code == 65);
  CHECK(result.err.starts_with("purgatory: dump.jsonl:2: is no JSON"));
  CHECK(box.run("--load nowhere count").code == 66);
}

TEST_CASE("the option --now takes a time, or a duration before it") {
  const Sandbox box;
  box.out("record --project p --job-id j --now 7d");
  CHECK(box.out("count --since 6d") == "0\n");
  CHECK(box.out("count --since 8d") == "1\n");
  const Result result = box.run("count --now tomorrow --since 1d");
  CHECK(result.code == 64);
  CHECK(contains(result.err, "--now: 'tomorrow' is no time"));
}

TEST_CASE("the option --quiet leaves results and errors only, and --verbose takes nothing away") {
  const Sandbox box;
  box.fill();
  CHECK(box.run("count").err == "");
  CHECK(box.run("purge --project shop --yes --quiet").err == "");
  CHECK(box.run("get nobody --quiet").err == "purgatory: there is no failed job 'nobody'\n");
  CHECK(box.out("count --verbose") == "1\n");
}

TEST_CASE("config check tells what is wrong, with line and column") {
  const Sandbox box;
  CHECK(box.run("config check").err == "The configuration is fine.\n");
  CHECK(box.run("config check -q").err == "");
  CHECK_FALSE(fs::exists(box / "store.db"));
  box.write("wrong.yaml",
            "version: 1\nrepository:\n  backend: file\n  file: { pth: x }\nmore: 1\n");
  const Result wrong = box.run("-c wrong.yaml config check");
  CHECK(wrong.code == 78);
  CHECK(wrong.out == "");
  INFO(wrong.err);
  CHECK(contains(wrong.err, "wrong.yaml:4:11: repository.file.pth: "));
  CHECK(contains(wrong.err, "\nwrong.yaml:5:1: more: "));
}

TEST_CASE("config check warns of what a policy surely does not mean, and finds it fine") {
  const Sandbox box;
  box.write("warned.yaml", R"(version: 1
repository: { backend: memory }
retention:
  rules:
    - { name: shop, match: { project: shop }, keep_for: 1d }
    - { name: soon, match: { project: "s*", group: g }, keep_for: 5m }
    - { name: late, match: { project: shop, group: g }, keep_for: 1d }
)");
  const Result warned = box.run("-c warned.yaml config check");
  CHECK(warned.code == 0);
  CHECK(warned.out == "");
  CHECK(warned.err ==
        "warned.yaml:4:3: retention.rules: no rule matches every job: what none matches is kept "
        "for ever; a last rule without match says what shall become of it\n"
        "warned.yaml:6:67: retention.rules[1].keep_for: 5m is less than min_age, 10m: jobs stay "
        "for that long\n"
        "warned.yaml:7:7: retention.rules[2]: no job reaches the rule 'late': what it matches, "
        "'shop' (rules[0]) matches before it\n"
        "The configuration is fine.\n");
  CHECK(box.run("-c warned.yaml config check -q").err == "");
}

TEST_CASE("config check --connect opens the store, too") {
  const Sandbox box;
  CHECK(box.run("config check --connect").err ==
        "The configuration is fine, and the store opens.\n");
  CHECK(fs::exists(box / "store.db"));
  box.write("nowhere.yaml",
            "version: 1\nrepository: { backend: file, file: { path: no/where } }\n");
  CHECK(box.run("-c nowhere.yaml config check").code == 0);
  const Result refused = box.run("-c nowhere.yaml config check --connect");
  CHECK(refused.code == 78);
  CHECK(contains(refused.err, "lies in a directory that does not exist; make it first"));
}

TEST_CASE("a configuration of a store in memory can be checked and shown") {
  const Sandbox box;
  write_memory_config(box);
  CHECK(box.run("-c memory.yaml config check").code == 0);
  CHECK(contains(box.out("-c memory.yaml config show"), "backend: memory"));
}

TEST_CASE("config show prints the configuration in force") {
  Sandbox box;
  const std::string shown = box.out("config show");
  CHECK(contains(shown, "path: \"" + (box / "store.db").string() + "\""));
  CHECK(contains(shown, "undo_window: 1d"));
  box.write("shown.yaml", shown);
  CHECK(box.out("-c shown.yaml config show") == shown);
  box.unset("PURGATORY_CONFIG");
  CHECK(contains(box.out("config show"), "state/purgatory/failed-jobs.db"));
  CHECK_FALSE(fs::exists(box / "state"));
}

TEST_CASE("plugins list shows all backends") {
  const Sandbox box;
  const json::array plugins = box.json("plugins list").as_array();
  std::vector<std::string> names;
  for (const json::value& plugin : plugins) {
    names.emplace_back(plugin.at("name").as_string());
    CHECK(plugin.at("refused") == "");
  }
  CHECK(names == std::vector<std::string>{"file", "memory"});
  CHECK(lines_of(box.out("plugins list"))[0].starts_with("NAME "));
  CHECK_FALSE(fs::exists(box / "store.db"));
}

TEST_CASE("plugins list says why a plugin is refused") {
  const Sandbox box;
  box.write("purgatory_odd.so", "no library");
  box.write(
      "odd.yaml",
      "version: 1\nrepository: { backend: file, file: { path: x } }\nplugins: { path: [./] }\n");
  const json::array plugins = box.json("-c odd.yaml plugins list").as_array();
  REQUIRE(plugins.size() == 3);
  CHECK(plugins[2].at("name") == "odd");
  CHECK(contains(plugins[2].at("refused").as_string(), "is no shared library"));
}

TEST_CASE("plugins verify says why a file is no plugin") {
  const Sandbox box;
  box.write("purgatory_odd.so", "no library");
  const Result result = box.run("plugins verify purgatory_odd.so");
  CHECK(result.code == 78);
  CHECK(result.out == "");
  CHECK(result.err.starts_with("purgatory: plugin "));
  CHECK(contains(result.err,
                 "purgatory_odd.so is no shared library (not ELF); build or copy it again\n"));
  CHECK(box.run("plugins verify purgatory_none.so").code == 78);
}

TEST_CASE("what --version and --help print is on stdout") {
  const Sandbox box;
  const Result version = box.run("--version");
  CHECK(version.code == 0);
  CHECK(lines_of(version.out).size() == 1);
  CHECK(version.err == "");
  const Result help = box.run("list --help");
  CHECK(help.code == 0);
  CHECK(contains(help.out, "Usage: purgatory list [OPTIONS]"));
  CHECK(help.err == "");
}

}  // namespace purgatory::cli_run
