// What differs at a terminal: colour, width, the progress bar; and what never reaches one.

#include <fcntl.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/cli/run/terminal.hpp"

namespace purgatory::cli_run {
namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kRed = "\033[1;31m";
constexpr std::string_view kPlain = "\033[0m";
constexpr std::string_view kEraseLine = "\r\033[K";

std::string shown_by(const Sandbox& box, const Words& words) {
  return Terminal(box, words).finish().out;
}

/// What is left on the line where the program showed its bar.
std::string last_line(std::string_view shown) {
  const std::size_t end = shown.rfind(kEraseLine);
  return std::string(end == std::string_view::npos ? shown : shown.substr(end + kEraseLine.size()));
}

/// Sets the title, turns red, in UTF-8, too; erases; goes on at the next line.
const std::string kHostile = "\033]0;gone\a\033[31m\302\2331m\177\b\r\n";
/// The same, as people see it.
const std::string kVisible = R"(\x1b]0;gone\x07\x1b[31m\x9b1m\x7f\x08\x0d\n)";

/// True if no byte of it moves a cursor or does worse, but for the ends of lines.
bool is_harmless(std::string_view text) {
  if (contains(text, "\302\233")) return false;
  return std::ranges::all_of(text, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return letter == '\n' || (byte >= 0x20 && byte != 0x7f);
  });
}

}  // namespace

TEST_CASE("at a terminal the head of a table is bold, and errors are red") {
  const Sandbox box;
  box.fill();
  CHECK(shown_by(box, "list").starts_with(kBold));
  CHECK(shown_by(box, "get nothing")
            .starts_with(std::string(kRed) + "purgatory:" + std::string(kPlain) + " there is no"));
}

TEST_CASE("there is no colour where it is not wanted") {
  Sandbox box;
  box.fill();
  for (const auto& [name, value] : {std::pair("NO_COLOR", "1"), {"TERM", "dumb"}, {"TERM", ""}}) {
    Sandbox plain;
    plain.fill();
    plain.set(name, value);
    INFO(name << '=' << value);
    CHECK_FALSE(contains(shown_by(plain, "list"), "\033"));
    CHECK_FALSE(contains(shown_by(plain, "get nothing"), "\033"));
  }
  CHECK_FALSE(contains(box.out("list"), "\033"));
  CHECK_FALSE(contains(box.run("get nothing").err, "\033"));
}

TEST_CASE("at a terminal a table's lines are cut to its width, elsewhere they are whole") {
  const Sandbox box;
  const std::string id(200, 'x');
  box.out({"record", "--project", "p", "--job-id", id});
  const auto lines = lines_of(shown_by(box, "list"));
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].ends_with("x…"));
  CHECK(lines[1].size() == 80 + std::string_view("…").size() - 1);
  CHECK(contains(box.out("list"), id));
}

TEST_CASE("long work shows a bar at a terminal, which is gone at its end") {
  const Sandbox box;
  box.write("jobs.jsonl", small_store());
  const std::string imported = shown_by(box, "import jobs.jsonl");
  CHECK(contains(imported, "Importing bytes [===="));
  CHECK(last_line(imported).starts_with(kBold));
  const std::string purged = shown_by(box, "purge --project shop --error-code '*' --yes");
  CHECK(contains(purged, "Purging jobs [====================] 5 of 5, 0 s left, "));
  CHECK(last_line(purged).starts_with(kBold));
  CHECK(contains(shown_by(box, "restore nothing"), "no project has a purge"));
  const std::string checked = shown_by(box, "store check");
  CHECK(contains(checked, "Checking jobs 6, "));
  CHECK(last_line(checked) == "6 jobs were looked at: no fault.\n");
  const std::string freed = shown_by(box, "trash empty --project shop --yes");
  CHECK(contains(freed, "Freeing jobs [====================] 5 of 5"));
  CHECK(last_line(freed).starts_with(kBold));
  CHECK(contains(shown_by(box, "--load jobs.jsonl count"), "Loading bytes ["));
}

TEST_CASE("plan, apply and archives show how far they are") {
  const Sandbox box;
  write_archiving_config(box);
  box.fill();
  CHECK(contains(shown_by(box, "plan"), "Looking at jobs ["));
  CHECK(contains(shown_by(box, "purge --project shop --error-code '*' --dry-run"),
                 "Looking at jobs 5, "));
  box.write("plan.json", box.out("purge --project shop --dry-run -o json"));
  const std::string applied = shown_by(box, "apply plan.json --yes --undo-window 0s");
  CHECK(contains(applied, "Purging jobs ["));
  CHECK(last_line(applied).starts_with(kBold));
  box.out("trash empty --project shop --yes");
  CHECK(
      contains(shown_by(box, "archive verify"), "Reading segments [====================] 1 of 1"));
  CHECK(contains(shown_by(box, "archive import"), "Importing jobs ["));
}

TEST_CASE("run-due shows how many jobs it has purged") {
  const Sandbox box;
  box.write("purgatory.yaml",
            "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
            "retention: { min_age: 0s, rules: [ { name: all, keep_for: 0s } ] }\n");
  box.fill();
  box.out("policy activate");
  const std::string shown = shown_by(box, "run-due");
  CHECK(contains(shown, "Purging jobs 6, "));
  CHECK(last_line(shown).starts_with(kBold));
}

TEST_CASE("restore shows how many jobs are back") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --yes --purge-id p");
  const std::string restored = shown_by(box, "restore p");
  CHECK(contains(restored, "Restoring jobs 5, "));
  CHECK(last_line(restored).starts_with(kBold));
}

TEST_CASE("export shows a bar beside a file, and none between the jobs at the terminal") {
  const Sandbox box;
  box.fill();
  const File out = file_of("");
  CHECK(contains(Terminal(box, "export", {.in = -1, .out = out.number()}).finish().out,
                 "Exporting jobs 1, "));
  CHECK(content_of(out) == box.out("export"));
  CHECK(shown_by(box, "export") == box.out("export"));
}

TEST_CASE("a bar of unknown length has no share") {
  const Sandbox box;
  Pipe pipe;
  pipe.write_end.write(numbered_line(1));
  pipe.write_end.close();
  const std::string shown =
      Terminal(box, "import -", {.in = pipe.read_end.number(), .out = -1}).finish().out;
  CHECK(contains(shown, "Importing bytes " + std::to_string(numbered_line(1).size())));
}

TEST_CASE("a bar is never wider than the terminal") {
  const Sandbox box;
  box.write("jobs.jsonl", small_store());
  std::string_view shown;
  const std::string whole = shown_by(box, "import jobs.jsonl");
  shown = whole;
  for (std::size_t at = 0; (at = shown.find(kEraseLine)) != std::string_view::npos;) {
    shown.remove_prefix(at + kEraseLine.size());
    CHECK(shown.substr(0, shown.find('\r')).substr(0, shown.find('\n')).size() <= 80);
  }
}

TEST_CASE("a message about a line has a line of its own beside the bar") {
  const Sandbox box;
  box.write("jobs.jsonl", numbered_line(1) + "no\n");
  const std::string shown = shown_by(box, "import jobs.jsonl --keep-going");
  CHECK(contains(shown, std::string(kEraseLine) + "jobs.jsonl:2: is no JSON"));
}

TEST_CASE("there is no bar off a terminal, at a dumb one, or for the quiet") {
  Sandbox box;
  box.write("jobs.jsonl", small_store());
  CHECK(box.run("import jobs.jsonl").err == "");
  CHECK_FALSE(contains(shown_by(box, "import jobs.jsonl --quiet"), "Importing"));
  box.set("TERM", "dumb");
  const std::string shown = shown_by(box, "import jobs.jsonl");
  CHECK_FALSE(contains(shown, "Importing"));
  CHECK(is_harmless(shown));
}

TEST_CASE("no field of a job reaches a terminal as it is") {
  const Sandbox box;
  const std::string& evil = kHostile;
  box.out({"record",
           "--project",
           evil,
           "--group",
           evil,
           "--job-id",
           evil,
           "--job-type",
           evil,
           "--resource-type",
           evil,
           "--resource-id",
           evil,
           "--resource-name",
           evil,
           "--status",
           evil,
           "--error-code",
           evil,
           "--reason",
           evil,
           "--payload",
           evil,
           "--label",
           evil + "=" + evil});
  const auto is_safe = [&](const Words& words) {
    const Result result = box.run(words);
    INFO(words.all()[0] << ": " << result.out << result.err);
    CHECK(is_harmless(result.out));
    CHECK(is_harmless(result.err));
    return result;
  };
  CHECK(contains(is_safe("list").out, kVisible + "  " + kVisible + "  " + kVisible));
  CHECK(contains(is_safe("count --by-group").out, kVisible));
  CHECK(contains(is_safe({"get", evil}).out, "\nerror_code      " + kVisible + "\n"));
  is_safe({"hold", evil, "--reason", evil, "--actor", evil});
  CHECK(contains(is_safe({"purge", evil, "--dry-run"}).err, "is held by " + kVisible));
  CHECK(contains(is_safe({"hold", evil, "--reason", evil}).err, "It was held by " + kVisible));
  is_safe({"release", evil, "--actor", evil});
  CHECK(contains(is_safe({"release", evil}).err, "nobody holds job '" + kVisible + "'"));
  is_safe({"resolve", evil});
  CHECK(contains(is_safe({"forget", evil}).err, "job '" + kVisible + "' of group '" + kVisible));
  CHECK(contains(is_safe({"purge", "--project", evil}).err, "of project '" + kVisible + "'"));
  const Result purged = is_safe(
      {"purge", "--project", evil, "--yes", "--purge-id", evil, "--actor", evil, "--reason", evil});
  CHECK(purged.code == 0);
  CHECK(contains(purged.out, kVisible));
  CHECK(contains(purged.err, "restore " + kVisible.substr(0, kVisible.size() - 2)));
  CHECK(contains(is_safe("trash list").out, kVisible));
  CHECK(contains(is_safe("journal").out, kVisible));
  CHECK(is_safe({"trash", "empty", evil}).code == 64);
  CHECK(is_safe({"restore", evil}).code == 0);
  CHECK(shown_by(box, "list").find("\033]") == std::string::npos);
}

TEST_CASE("no word of a command line or a file reaches a terminal as it is") {
  const Sandbox box;
  const std::string& evil = kHostile;
  for (const Words& words :
       {Words{evil}, Words{"list", "--" + evil}, Words{"-o", evil, "list"}, Words{"get", evil},
        Words{"restore", evil}, Words{"trash", "empty", evil, "--yes"},
        Words{"--now", evil, "count"}, Words{"-c", evil, "count"}, Words{"import", evil},
        Words{"--load", evil, "count"}, Words{"plugins", "verify", evil},
        Words{"apply", evil, "--yes"}, Words{"archive", "list", "--archive", evil},
        Words{"archive", "verify", "--directory", evil}, Words{"hold", evil, "--reason", evil},
        Words{"archive", "import", "--directory", ".", "--project", evil, "--purge", evil},
        Words{"record", "--project", "p", "--job-id", "j", "--label", evil, "--failed-at", evil}}) {
    const Result result = box.run(words);
    INFO(result.err);
    CHECK(result.code != 0);
    CHECK(is_harmless(result.err));
  }
  box.write("jobs.jsonl", "{\"\033[31m\":\"\033[31m\"}\n\033[31m\n");
  CHECK(is_harmless(box.run("import jobs.jsonl --keep-going").err));
  box.write("hostile.yaml", "version: 1\n\"\\e[31m\": x\n");
  const Result config = box.run("-c hostile.yaml config check");
  CHECK(config.code == 78);
  CHECK(is_harmless(config.err));
}

TEST_CASE("no text of a policy reaches a terminal as it is") {
  const Sandbox box;
  const std::string yaml =
      "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
      "retention:\n  rules:\n"
      "    - name: held\n"
      "      match: { job_type: \"*\\e[31m*\", labels: { \"\\e[31m\": \"!\\e[31m\" } }\n"
      "      hold: \"\\e[31m\"\n"
      "  caps: [ { match: { project: \"\\e[31m\" }, keep_last: 1 } ]\n";
  box.write("purgatory.yaml", yaml);
  box.write("other.yaml", yaml + "  min_age: 0s\n");
  box.out({"record", "--project", "p", "--job-id", "j", "--job-type", "\033[31m"});
  box.out({"policy", "activate", "--actor", kHostile});
  for (const char* line :
       {"policy show", "policy show -o json", "policy activate", "policy activate -o json",
        "explain j", "explain j -o json", "list -o json", "get j", "-c other.yaml policy show",
        "-c other.yaml policy show -o json", "-c other.yaml run-due"}) {
    const Result result = box.run(line);
    INFO(line << ": " << result.out << result.err);
    CHECK(result.code == 0);
    CHECK(is_harmless(result.out));
    CHECK(is_harmless(result.err));
    CHECK(contains(result.out + result.err, "\\x1b"));
  }
}

TEST_CASE("a table shows bytes that are no UTF-8") {
  const Sandbox box;
  box.out({"record", "--project", "p", "--job-id", "a\xff\xfe"});
  CHECK(contains(box.out("list"), "a\\xff\\xfe"));
  CHECK(contains(box.out({"list", "-o", "jsonl"}), "\"job_id_base64\":\"Yf/+\""));
  CHECK(contains(box.out({"get", "a\xff\xfe"}), "job_id_base64"));
}

}  // namespace purgatory::cli_run
