// purgatory serve: the same program as purgatoryd, found beside this one. (What it serves:
// tests/server.)

#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

TEST_CASE("serve needs a configuration") {
  Sandbox box;
  box.unset("PURGATORY_CONFIG");
  const Result result = box.run("serve");
  CHECK(result.code == 64);
  CHECK(result.err ==
        "purgatory: serve needs a configuration with a section 'server:': name it with -c or "
        "PURGATORY_CONFIG\n");
}

TEST_CASE("serve works on the real store by the real clock") {
  const Sandbox box;
  for (const char* flag : {"--load jobs.jsonl", "--now 2026-11-27T08:00:00Z"}) {
    const Result result = box.run("serve " + std::string(flag));
    CHECK(result.code == 64);
    CHECK(result.err ==
          "purgatory: serve works on the real store by the real clock: leave out --load and "
          "--now\n");
  }
}

TEST_CASE("serve is purgatoryd, with its messages and exit codes") {
  const Sandbox box;
  const Result result = box.run("serve --check");
  CHECK(result.code == 78);
  CHECK(result.err ==
        "purgatoryd: the configuration has no 'server:', which says where to listen and whom to "
        "trust\n");
}

TEST_CASE("serve says where it looked for the server") {
  const Sandbox box;
  fs::create_directory(box / "bin");
  fs::copy(PURGATORY_PROGRAM, box / "bin/purgatory");
  const File err = file_of("");
  Start start = box.start("serve");
  start.err = err.number();
  CHECK(Process((box / "bin/purgatory").string(), start).wait() == 69);
  CHECK(content_of(err) == "purgatory: '" PURGATORY_INSTALLED_SERVER
                           "' cannot be started: No such file or directory\n");
}

}  // namespace
}  // namespace purgatory::cli_run
