// The program before it serves: its arguments, --check, and why it does not begin.

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

using cli_run::Result;

Result run(const Sandbox& box, const cli_run::Words& words) {
  return box.run_program(PURGATORYD_PROGRAM, words);
}

/// What the program says to a configuration, and to --check of it, and what it returns.
void check_refused(const Settings& settings, int code, const std::string& said) {
  const Sandbox box;
  configure(box, settings);
  for (const char* arguments : {"--config server.yaml", "--config server.yaml --check"}) {
    const Result result = run(box, arguments);
    INFO(result.err);
    CHECK(result.code == code);
    CHECK(cli_run::contains(result.err, said));
  }
}

}  // namespace

TEST_CASE("the program says what it is") {
  const Sandbox box;
  const Result help = run(box, "--help");
  CHECK(help.code == 0);
  CHECK(cli_run::contains(help.out, "--config"));
  CHECK(run(box, "--version").code == 0);
  CHECK(run(box, "").code == 64);
  CHECK(run(box, "--conf server.yaml").code == 64);
  CHECK(run(box, "--config").code == 64);
}

TEST_CASE("a configuration is found fine by --check, also while it is served") {
  const Sandbox box;
  const Server server(box);
  Settings same;
  same.listen = server.api().substr(server.api().find("//") + 2);
  configure(box, same);
  const Result checked = run(box, "--config server.yaml --check");
  CHECK(checked.code == 0);
  CHECK(checked.out == "purgatoryd: server.yaml: fine\n");
  CHECK(checked.err.empty());

  const Result second = run(box, "--config server.yaml");
  CHECK(second.code == 69);
  CHECK(second.err ==
        fmt::format("purgatoryd: cannot listen on {}: Address already in use\n", same.listen));
}

TEST_CASE("a server does not begin without all that its configuration names") {
  check_refused({.auth = "{ mode: tokens, tokens: { file: nowhere } }"}, 78, "nowhere'");
  check_refused({.auth = "{ mode: none }"}, 78, "server.yaml:6:17: server.auth.mode: ");
  check_refused({.auth = "{ mode: gateway, gateway: { secret: short } }"}, 78,
                "server.auth.gateway");
  check_refused({.more = {"tls: { cert: nowhere.pem, key: nowhere.key }"}}, 78, "nowhere.pem'");
  check_refused({.repository = "{ backend: file, file: { path: /dev/null/store.db } }"}, 69,
                "/dev/null/store.db'");
  const Sandbox box;
  CHECK(run(box, "--config nowhere.yaml").code == 78);
}

}  // namespace purgatory::server_test
