// Ctrl-C: the first one ends a command between two steps, with a word about how far it came; the
// second one kills.

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <optional>

#include "tests/cli/run/terminal.hpp"
#include "tests/cli/run/write_lock.hpp"

namespace purgatory::cli_run {
namespace {

/// The program under way, its messages and results in files.
class Running {
 public:
  Running(const Sandbox& box, const Words& words, int in = -1, int out = -1)
      : process_(started(box, words, in, out)) {}

  const Process* operator->() const noexcept { return &process_; }
  Result finish() {
    const int code = process_.wait();
    return {code, content_of(out_), content_of(err_)};
  }

 private:
  Start started(const Sandbox& box, const Words& words, int in, int out) const {
    Start start = box.start(words);
    start.in = in < 0 ? in_.number() : in;
    start.out = out < 0 ? out_.number() : out;
    start.err = err_.number();
    return start;
  }

  File in_ = file_of("");
  File out_ = file_of("");
  File err_ = file_of("");
  Process process_;
};

/// A command that waits for another's lock takes a signal, and then gets the lock.
Result interrupted_at_first_step(const Sandbox& box, const std::string& line) {
  std::optional<WriteLock> lock(box / "store.db");
  Running running(box, line);
  running->send(SIGINT);
  lock.reset();
  return running.finish();
}

std::string numbered_lines(std::size_t count) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) lines += numbered_line(i);
  return lines;
}

}  // namespace

TEST_CASE("an import of stdin that is interrupted says what is stored, and that is stored") {
  const Sandbox box;
  const Pipe pipe;
  Running running(box, "import -", pipe.read_end.number());
  pipe.write_end.write(numbered_lines(2500));
  pipe.wait_until_empty();  // all lines but the last few were taken, and two batches of 1000 stored
  running->send(SIGINT);
  const Result result = running.finish();
  CHECK(result.code == 130);
  CHECK(result.out == "");
  CHECK(result.err ==
        "purgatory: stdin: interrupted; 2,000 jobs are recorded, all up to line 2000; importing "
        "them again is harmless\n");
  CHECK(box.count() == 2000);
}

TEST_CASE("Ctrl-C at a terminal ends an import whose input does not come") {
  const Sandbox box;
  const Pipe pipe;
  Terminal terminal(box, "import -", {.in = pipe.read_end.number(), .out = -1});
  pipe.write_end.write(numbered_line(1));
  terminal.wait_for("Importing bytes");
  terminal.type(kControlC);
  const Result result = terminal.finish();
  CHECK(result.code == 130);
  CHECK(result.out.ends_with("stdin: interrupted; nothing is recorded\n"));
  CHECK(box.count() == 0);
}

TEST_CASE("an import ends also while nobody has opened the other end of its pipe") {
  const Sandbox box;
  REQUIRE(::mkfifo((box / "pipe").c_str(), 0600) == 0);
  Running running(box, "import pipe");
  running->send(SIGINT);
  const Result result = running.finish();
  CHECK(result.code == 130);
  CHECK(result.err == "purgatory: pipe: interrupted; nothing is recorded\n");
}

TEST_CASE("an import that is interrupted at its first batch stores that one, and says so") {
  const Sandbox box;
  box.fill();
  box.write("jobs.jsonl", numbered_lines(2500));
  const Result result = interrupted_at_first_step(box, "import jobs.jsonl");
  CHECK(result.code == 130);
  const std::uint64_t stored = box.count("--project many");
  CHECK((stored == 0 || stored == 1000));
  CHECK(contains(result.err, stored == 0 ? "nothing is recorded"
                                         : "1,000 jobs are recorded, all up to line 1000"));
  CHECK(box.json("import jobs.jsonl").at("inserted") == 2500 - stored);
}

TEST_CASE("a payload that does not come whole is not recorded") {
  const Sandbox box;
  const Pipe pipe;
  Running running(box, "record --project p --job-id j --payload-file -", pipe.read_end.number());
  pipe.write_end.write("half of ");
  pipe.wait_until_empty();
  running->send(SIGTERM);
  const Result result = running.finish();
  CHECK(result.code == 130);
  CHECK(result.err == "purgatory: stdin: interrupted before its end; nothing was done\n");
  CHECK(box.count() == 0);
}

TEST_CASE("an export whose reader is slow ends at once, and says how much it wrote") {
  const Sandbox box;
  box.fill_with(3000);
  Pipe pipe;
  Running running(box, "export", -1, pipe.write_end.number());
  pipe.write_end.close();
  char first = '\0';
  REQUIRE(::read(pipe.read_end.number(), &first, 1) == 1);  // it has begun, and the pipe is full
  running->send(SIGINT);
  const Result result = running.finish();
  CHECK(result.code == 130);
  const std::string read = first + pipe.read_end.rest();
  const auto lines = std::ranges::count(read, '\n');
  CHECK(lines < 3000);
  CHECK(result.err == "purgatory: interrupted; " + std::to_string(lines) + " lines were written\n");
  CHECK(read.starts_with(box.out("export").substr(0, read.size())));
}

TEST_CASE("a purge of what matches ends after a step, and goes on with its id") {
  const Sandbox box;
  box.fill_with(2500);
  const std::string purge = "purge --project many --error-code TIMEOUT --yes --purge-id p -o json";
  const Result result = interrupted_at_first_step(box, purge);
  CHECK(result.code == 130);
  CHECK(boost::json::parse(result.out).at("jobs") == 1000);
  CHECK(result.err ==
        "purgatory: interrupted; 1,000 jobs were purged; run it again with --purge-id p to go on, "
        "or restore them with: purgatory restore p\n");
  CHECK(box.count() == 1500);
  CHECK(boost::json::parse(box.out(purge)).at("jobs") == 2500);
  CHECK(box.count() == 0);
  CHECK(box.json("restore p").at("restored") == 2500);
}

TEST_CASE("a plan that is interrupted is none, and says how far it came") {
  const Sandbox box;
  box.fill_with(2500);
  for (const std::string line :
       {"purge --project many --error-code TIMEOUT --dry-run -o json", "plan -o json"}) {
    INFO(line);
    const Result result = interrupted_at_first_step(box, line);
    CHECK(result.code == 130);
    CHECK(result.out == "");
    CHECK(result.err.starts_with("purgatory: interrupted; "));
    CHECK(result.err.ends_with(" jobs were looked at\n"));
  }
}

TEST_CASE("a plan that is being applied ends after a step, and goes on with its id") {
  const Sandbox box;
  box.fill_with(2500);
  box.write("plan.json", box.out("purge --project many --error-code TIMEOUT --dry-run -o json"));
  const std::string apply = "apply plan.json --yes --purge-id p -o json";
  const Result result = interrupted_at_first_step(box, apply);
  CHECK(result.code == 130);
  const std::uint64_t left = box.count();
  CHECK(left > 0);
  if (left == 2500) {  // it was still reading the plan
    CHECK(contains(result.err, "plan.json: interrupted before its end; nothing was done\n"));
  } else {
    CHECK(boost::json::parse(result.out).at("jobs") == 2500 - left);
    CHECK(contains(result.err,
                   "run it again with --purge-id p to go on, or restore them with: "
                   "purgatory restore p\n"));
  }
  CHECK(boost::json::parse(box.out(apply)).at("jobs") == 2500);
  CHECK(box.count() == 0);
}

TEST_CASE("an import of an archive ends between two batches, and is harmless to repeat") {
  const Sandbox box;
  write_archiving_config(box);
  box.fill_with(2500);
  box.out("purge --project many --yes --purge-id p --undo-window 0s");
  box.out("trash empty --project many --yes");
  const Result result = interrupted_at_first_step(box, "archive import --archive cold");
  CHECK(result.code == 130);
  CHECK(result.out == "");
  CHECK(contains(result.err, "purgatory: interrupted; "));
  const std::uint64_t recorded = box.count();
  CHECK(recorded < 2500);
  CHECK(box.json("archive import --archive cold").at("inserted") == 2500 - recorded);
}

TEST_CASE("a purge of what matches everywhere ends after a step") {
  const Sandbox box;
  box.fill();
  box.fill_with(1500);
  const Result result = interrupted_at_first_step(
      box, "purge --everything --error-code '*' --confirm=everything --purge-id p");
  CHECK(result.code == 130);
  const std::uint64_t left = box.count();
  CHECK(left > 0);
  CHECK(left < 1506);
  CHECK(box.json("restore p").at("restored") == 1506 - left);
}

TEST_CASE("a run of the purger ends between two pieces, and goes on when it is repeated") {
  const Sandbox box;
  box.write("purgatory.yaml",
            "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
            "retention: { min_age: 0s, rules: [ { name: all, keep_for: 1d } ] }\n"
            "purger: { time_budget: 1ms }\n");  // so short are the pieces then
  box.fill_with(2500);
  box.out("policy activate");
  const Result result = interrupted_at_first_step(box, "run-due --time-budget 1h -o json");
  CHECK(result.code == 130);
  const boost::json::value run = boost::json::parse(result.out);
  CHECK(run.at("state") == "more");
  const auto purged = run.at("purged").to_number<std::uint64_t>();
  CHECK(box.count() == 2500 - purged);
  CHECK(box.count() > 0);
  CHECK(result.err.starts_with("purgatory: interrupted; "));
  CHECK(result.err.ends_with(" were purged; run it again to go on\n"));
  CHECK(box.json("run-due --time-budget 1h").at("purged") == 2500 - purged);
}

TEST_CASE("a restore ends after a step, and goes on when it is repeated") {
  const Sandbox box;
  box.fill_with(2500);
  box.out("purge --project many --yes --purge-id p");
  const Result result = interrupted_at_first_step(box, "restore p");
  CHECK(result.code == 130);
  const std::uint64_t back = box.count();
  CHECK(back > 0);
  CHECK(back < 2500);
  CHECK(contains(result.err, "jobs are back; run it again to go on\n"));
  CHECK(box.json("restore p").at("restored") == 2500 - back);
}

TEST_CASE("emptying trash ends after a step, and goes on when it is repeated") {
  const Sandbox box;
  box.fill_with(2500);
  box.out("purge --project many --yes --purge-id p");
  const Result result = interrupted_at_first_step(box, "trash empty --project many --yes");
  CHECK(result.code == 130);
  CHECK(contains(result.err, " were freed; run it again to go on\n"));
  const auto left = box.json("store stats").at("trash_jobs").to_number<std::uint64_t>();
  CHECK(left > 0);
  CHECK(box.json("trash empty --project many --yes").at("jobs") == left);
}

TEST_CASE("Ctrl-C at a question is a no") {
  const Sandbox box;
  box.fill();
  for (const std::string_view before : {"", "y"}) {
    Terminal terminal(box, "purge --project shop");
    terminal.wait_for("[y/N] ");
    terminal.type(before);
    terminal.type(kControlC);
    const Result result = terminal.finish();
    CHECK(result.code == 130);
    CHECK(contains(result.out, "[y/N] \n"));
    CHECK(result.out.ends_with("nothing was done\n"));
  }
  CHECK(box.count() == 6);
}

TEST_CASE("the second signal kills, and the store is as sound as before") {
  const Sandbox box;
  box.fill();
  box.write("patient.yaml",
            "version: 1\nrepository: { backend: file, timeout: 1h, file: { path: store.db } }\n");
  {
    const WriteLock lock(box / "store.db");
    Running running(box, "-c patient.yaml purge --project shop --yes");
    running->send(SIGINT);
    running->send_last(SIGINT);
    CHECK(running.finish().code == 128 + SIGINT);
  }
  CHECK(box.count() == 6);
  CHECK(box.out("store check -o json") == "[]\n");
}

}  // namespace purgatory::cli_run
