// Each exit code, by a cause of it. 70 is a defect of the program: it has none.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <iostream>

#include "tests/cli/run/sandbox.hpp"
#include "tests/cli/run/write_lock.hpp"

namespace purgatory::cli_run {
namespace {

void expect(const Result& result, int code, std::string_view said) {
  INFO(result.err);
  CHECK(result.code == code);
  CHECK(contains(result.err, said));
}

/// As one who may not do everything: root could read any file.
Result run_as_nobody(const Sandbox& box, const Words& words) {
  const File out = file_of("");
  const File err = file_of("");
  const File in = file_of("");
  Start start = box.start(words);
  start.in = in.number();
  start.out = out.number();
  start.err = err.number();
  start.as_nobody = ::geteuid() == 0;
  const int code = Process(start).wait();
  return {code, content_of(out), content_of(err)};
}

/// False, and told: the program lies where nobody else may look.
bool others_can_run_it() {
  for (fs::path path = PURGATORY_PROGRAM; path != path.parent_path(); path = path.parent_path()) {
    if (::geteuid() == 0 &&
        (fs::status(path).permissions() & fs::perms::others_exec) == fs::perms::none) {
      std::cout << "not run: other users cannot reach " << path << '\n';
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("0 and 1: done, not found") {
  const Sandbox box;
  box.fill();
  expect(box.run("get weekly"), 0, "");
  expect(box.run("get nothing"), 1, "purgatory: there is no failed job 'nothing'\n");
  expect(box.run("get weekly --project media"), 1, "no failed job 'weekly' in project 'media'\n");
  expect(box.run("forget nothing --yes"), 1, "there is no failed job 'nothing'");
  expect(box.run("purge nothing --yes"), 1, "there is no failed job 'nothing'");
  expect(box.run("restore nothing"), 1, "no project has a purge 'nothing'");
}

TEST_CASE("2: a plan has jobs, for who asks") {
  const Sandbox box;
  box.write("purgatory.yaml",
            "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
            "retention: { min_age: 0s, rules: [ { name: all, keep_for: 0s } ] }\n");
  expect(box.run("plan --exit-code"), 0, "Nothing is due.\n");
  box.fill();
  expect(box.run("plan"), 0, "");
  expect(box.run("plan --exit-code"), 2, "");
}

TEST_CASE("64: the command line is wrong") {
  const Sandbox box;
  expect(box.run("pruge"), 64, "did you mean 'purge'?");
  expect(box.run("purge"), 64, "say what to purge");
}

TEST_CASE("65: what was read is wrong, or over a limit") {
  const Sandbox box;
  expect(box.run("import -", "no\n"), 65, "stdin:1: is no JSON");
  expect(box.run("apply - --yes", "no\n"), 65, "purgatory: stdin: plan: is no JSON");
  expect(box.run({"record", "--project", std::string(256, 'x'), "--job-id", "j"}), 65, "project");
  expect(box.run({"record", "--project", "p", "--job-id", ""}), 65, "job_id");
  const std::string payload(2 << 20, 'x');
  expect(box.run("record --project p --job-id j --payload-file -", payload), 65, "payload");
}

TEST_CASE("66: a file to read is not there") {
  const Sandbox box;
  expect(box.run("import nowhere.jsonl"), 66,
         "purgatory: nowhere.jsonl: cannot be read: No such file or directory\n");
  expect(box.run("import ."), 66, "purgatory: .: cannot be read: Is a directory\n");
  expect(box.run("apply nowhere.json --yes"), 66, "nowhere.json: cannot be read");
  expect(box.run("archive list --directory nowhere"), 66, "there is no directory 'nowhere'");
  expect(box.run("--load nowhere.jsonl count"), 66, "nowhere.jsonl: cannot be read");
}

TEST_CASE("69: the store cannot be reached") {
  const Sandbox box;
  box.write("file", "");
  box.write("purgatory.yaml",
            "version: 1\nrepository: { backend: file, file: { path: file/store.db } }\n");
  expect(box.run("count"), 69, "file/store.db' cannot be looked at: Not a directory");
}

TEST_CASE("74: nobody can be told, or the disk is full") {
  const Sandbox box;
  box.fill();
  const File full = open_file("/dev/full", O_WRONLY);
  for (const std::string line :
       {"list", "list -o json", "get weekly", "count", "export", "--help", "--version",
        "config show", "store stats", "plugins list", "record --project p --job-id j",
        "token create --project p --role reader --file tokens"}) {
    const File err = file_of("");
    Start start = box.start(line);
    start.out = full.number();
    start.err = err.number();
    INFO(line);
    CHECK(Process(start).wait() == 74);
    CHECK(content_of(err) == "purgatory: stdout: cannot be written: No space left on device\n");
  }
}

TEST_CASE("74: nobody reads any more") {
  const Sandbox box;
  box.fill();
  Pipe pipe;
  pipe.read_end.close();
  const File err = file_of("");
  Start start = box.start("export");
  start.out = pipe.write_end.number();
  start.err = err.number();
  CHECK(Process(start).wait() == 74);
  CHECK(content_of(err) == "purgatory: stdout: cannot be written: Broken pipe\n");
}

TEST_CASE("74: the store is damaged") {
  const Sandbox box;
  box.fill();
  std::string store = box.read("store.db");
  store.replace(0, 16, "this is no store");
  box.write("store.db", store);
  expect(box.run("count"), 74, "the file is no SQLite database, or its first page is damaged");
}

TEST_CASE("75: another state, or another process, is in the way") {
  const Sandbox box;
  box.fill();
  expect(box.run("forget weekly --yes --if-version 99"), 75, "has not version 99 any more");
  box.hold("shop", "weekly");
  expect(box.run("purge weekly --yes"), 75,
         "is held by alice (\"evidence\"): release it first, by: ");
  box.out("purge --project shop --error-code TIMEOUT --yes --purge-id p");
  expect(box.run("purge --project media --yes --purge-id p"), 0, "");
  box.out("restore p --project shop");
  expect(box.run("purge --project shop --error-code TIMEOUT --yes --purge-id p"), 75, "purge 'p'");
  box.write("hasty.yaml",
            "version: 1\nrepository: { backend: file, timeout: 50ms, file: { path: store.db } }\n");
  const WriteLock lock(box / "store.db");
  expect(box.run("-c hasty.yaml record --project p --job-id j"), 75,
         "another process holds the file's lock; give the call more time\n");
  expect(box.run("-c hasty.yaml import -", numbered_line(1)), 75,
         "give the call more time; nothing is recorded\n");
}

TEST_CASE("77: this user may not") {
  if (!others_can_run_it()) return;
  const Sandbox box;
  box.fill();
  fs::permissions(box.path(), fs::perms(0755));
  box.write("secret.jsonl", small_store());
  fs::permissions(box / "secret.jsonl", fs::perms::none);
  fs::permissions(box / "store.db", fs::perms::owner_read);
  fs::permissions(box / "purgatory.yaml", fs::perms::all);
  if (::geteuid() != 0) fs::permissions(box / "store.db", fs::perms::none);
  expect(run_as_nobody(box, "--load secret.jsonl count"), 77,
         "purgatory: secret.jsonl: cannot be read: Permission denied\n");
  expect(run_as_nobody(box, "count"), 77,
         "this user needs to read and write the file and its directory");
  expect(run_as_nobody(box, "token create --project p --role reader --file tokens"), 77,
         "purgatory: 'tokens' cannot be opened: Permission denied\n");
}

TEST_CASE("78: the configuration, or a plugin") {
  const Sandbox box;
  expect(box.run("-c nowhere.yaml count"), 78,
         "purgatory: the configuration 'nowhere.yaml' does not exist\n");
  box.write("wrong.yaml", "version: 2\n");
  expect(box.run("-c wrong.yaml count"), 78, "wrong.yaml:1:10: version: ");
  box.write("wrong.yaml", "version: 1\nrepository: { backend: rediss }\n");
  expect(box.run("-c wrong.yaml count"), 78, "there is no backend 'rediss'");
  expect(box.run("plugins verify nowhere.so"), 78, "is refused");
}

}  // namespace purgatory::cli_run
