// Environment variables in values, and secrets that stand in files.

#include <chrono>

#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

std::string url(std::string_view written) {
  return options_of("url: \"" + std::string(written) + "\"").text("url");
}

std::string password(std::string_view bytes) {
  write("secret", bytes);
  return options_of("url: here\npassword_file: secret").text("password");
}

TEST_CASE("a variable stands for its value") {
  const Variable host("HOST", "example.org");
  const Variable port("_port9", "6379");
  CHECK(url("${HOST}") == "example.org");
  CHECK(url("redis://${HOST}:${_port9}/0") == "redis://example.org:6379/0");
  CHECK(url("${HOST}${HOST}") == "example.orgexample.org");
  CHECK(options_of("url: ${HOST}").text("url") == "example.org");
}

TEST_CASE("a default stands for a variable that is unset or empty") {
  const Variable set("SET", "value");
  const Variable empty("EMPTY", "");
  const Variable unset("UNSET", std::nullopt);
  CHECK(url("${SET:-other}") == "value");
  CHECK(url("${EMPTY:-other}") == "other");
  CHECK(url("${UNSET:-other}") == "other");
  CHECK(url("${UNSET:-a:-b c}") == "a:-b c");
  CHECK(url("a${UNSET:-}b") == "ab");
}

TEST_CASE("a variable that is empty is empty if it has no default") {
  const Variable empty("EMPTY", "");
  CHECK(url("a${EMPTY}b") == "ab");
}

TEST_CASE("two dollars are one") {
  const Variable host("HOST", "example.org");
  CHECK(url("$$") == "$");
  CHECK(url("$${HOST}") == "${HOST}");
  CHECK(url("$$$$${HOST}$$") == "$$example.org$");
}

TEST_CASE("what a variable holds is not looked into") {
  const Variable yaml("YAML", "a: [b, ${YAML}, $$] # c");
  CHECK(url("${YAML}") == "a: [b, ${YAML}, $$] # c");
  const Variable list("LIST", "a, b");
  CHECK(options_of("url: here\nnodes: [\"${LIST}\"]").list("nodes") == Options::List{"a, b"});
}

TEST_CASE("variables stand in values of each type") {
  const WorkingDirectory here;
  const Variable five("FIVE", "5");
  const Variable yes("YES", "true");
  const Variable word("WORD", "normal");
  const Options options = options_of(R"(url: here
directory: ./${WORD}/data
read_only: ${YES}
port: ${FIVE}
cache: ${FIVE}MiB
timeout: ${FIVE}0s
durability: ${WORD}
nodes: ["node${FIVE}"]
certificates: ["${WORD}.pem"]
password: ${WORD})");
  CHECK(options.text("directory") == here.path() / "normal" / "data");
  CHECK(options.boolean("read_only"));
  CHECK(options.integer("port") == 5);
  CHECK(options.bytes("cache") == 5 << 20);
  CHECK(options.duration("timeout") == std::chrono::seconds(50));
  CHECK(options.text("durability") == "normal");
  CHECK(options.list("nodes") == Options::List{"node5"});
  CHECK(options.list("certificates") == Options::List{(here.path() / "normal.pem").string()});
  CHECK(options.text("password") == "normal");
}

TEST_CASE("a variable names the backend and a directory of plugins") {
  const WorkingDirectory here;
  const Variable backend("BACKEND", "memory");
  const Config config = Config::parse(
      "{ version: 1, repository: { backend: \"${BACKEND}\" }, plugins: { path: [\"${BACKEND}\"] } "
      "}",
      "c.yaml");
  CHECK(config.repository.backend == "memory");
  CHECK(config.plugins.path == Options::List{(here.path() / "memory").string()});
}

TEST_CASE("a secret is read from its file without the line's end") {
  const WorkingDirectory here;
  CHECK(password("hunter2") == "hunter2");
  CHECK(password("hunter2\n") == "hunter2");
  CHECK(password("hunter2\r\n") == "hunter2");
  CHECK(password("hunter2\n\n") == "hunter2\n");
  CHECK(password("hunter2\r") == "hunter2\r");
  CHECK(password(" ${HOME} # $$ \n") == " ${HOME} # $$ ");
}

TEST_CASE("the file of a secret has 64 KiB at most") {
  const WorkingDirectory here;
  CHECK(password(std::string(65'536, 'x')) == std::string(65'536, 'x'));
}

TEST_CASE("the file of a secret can be named by a variable, and from the root on") {
  const WorkingDirectory here;
  const Variable secrets("SECRETS", (here.path() / "secrets").string());
  write("secrets/password", "hunter2\n");
  CHECK(options_of("url: here\npassword_file: ${SECRETS}/password").text("password") == "hunter2");
}

}  // namespace
}  // namespace purgatory::config_test
