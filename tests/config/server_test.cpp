// The section `server`; broken/server_*.yaml are its mistakes.

#include <chrono>

#include "core/config/server.hpp"
#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

using namespace std::chrono_literals;
using Mode = Config::Server::Auth::Mode;

Config with_server(const std::string& server) {
  return Config::parse("version: 1\nrepository:\n  backend: memory\nserver:\n" + server, "c.yaml");
}

/// The smallest that is right.
Config::Server open_to_all() {
  Config::Server server;
  server.auth = {.mode = Mode::none, .insecure = true};
  return server;
}

/// Why this server is refused when it was set in code, opened or printed.
std::string refusal_of(const Config::Server& server) {
  Config config;
  config.repository.backend = "memory";
  config.server = server;
  const Host host;
  const Error error = error_of([&] { return open(config, host); });
  CHECK(error.code() == ErrorCode::config);
  CHECK(std::string(error_of([&] { return config.to_yaml(); }).what()) == error.what());
  return error.what();
}

TEST_CASE("without the section there is no server, and none is printed") {
  const Config config = Config::parse("{ version: 1, repository: { backend: memory } }", "c.yaml");
  CHECK_FALSE(config.server.has_value());
  CHECK(config.to_yaml().find("server") == std::string::npos);
}

TEST_CASE("a server has defaults for all but how it learns who asks") {
  const Config config = with_server("  auth: { mode: none, insecure: true }\n");
  REQUIRE(config.server.has_value());
  CHECK(config.server->auth.mode == Mode::none);
  CHECK_FALSE(config.server->tls.has_value());
  CHECK(config::to_yaml(*config.server) == R"(server:
  listen: "127.0.0.1:8080"
  admin: "127.0.0.1:9080"
  threads: 4
  connections: 1024
  header_timeout: 10s
  idle_timeout: 30s
  drain_timeout: 30s
  auth:
    mode: "none"
    insecure: true
)");
  CHECK(config::to_yaml(*config.server) == config::to_yaml(open_to_all()));
}

TEST_CASE("everything that a server takes is read, and printed without its secret") {
  const Config config = with_server(R"(  listen: "[::]:443"
  admin: 10.0.0.1:0
  threads: 256
  connections: 100000
  header_timeout: 1ms
  idle_timeout: 1h
  drain_timeout: 2s
  tls: { cert: /etc/server.pem, key: /etc/server.key }
  auth:
    mode: gateway
    tokens: { file: /etc/tokens }
    gateway: { secret: hunter2hunter2hu }
)");
  const Config::Server& server = config.server.value();
  CHECK(server.listen == "[::]:443");
  CHECK(server.admin == "10.0.0.1:0");
  CHECK(server.threads == 256);
  CHECK(server.connections == 100'000);
  CHECK(server.header_timeout == 1ms);
  CHECK(server.idle_timeout == 1h);
  CHECK(server.drain_timeout == 2s);
  CHECK(server.tls.value().cert == "/etc/server.pem");
  CHECK(server.tls.value().key == "/etc/server.key");
  CHECK(server.auth.mode == Mode::gateway);
  CHECK(server.auth.tokens_file == "/etc/tokens");
  CHECK(server.auth.gateway_secret == "hunter2hunter2hu");
  CHECK_FALSE(server.auth.insecure);
  CHECK(config.to_yaml().ends_with(R"(server:
  listen: "[::]:443"
  admin: "10.0.0.1:0"
  threads: 256
  connections: 100000
  header_timeout: 1ms
  idle_timeout: 1h
  drain_timeout: 2s
  tls:
    cert: "/etc/server.pem"
    key: "/etc/server.key"
  auth:
    mode: "gateway"
    insecure: false
    tokens:
      file: "/etc/tokens"
    gateway:
      secret: <redacted>
plugins:
  path: []
  allow_insecure: false
)"));
}

TEST_CASE("what was printed of a server is read as the same again") {
  const std::string printed =
      with_server("  tls: { cert: a, key: b }\n  auth: { mode: tokens, tokens: { file: c } }\n")
          .to_yaml();
  CHECK(Config::parse(printed, "printed.yaml").to_yaml() == printed);
}

TEST_CASE("files of a server begin at the configuration's directory") {
  const WorkingDirectory here;
  write("etc/secret", "hunter2hunter2hunter2\n");
  write("etc/c.yaml", R"({ version: 1, repository: { backend: memory }, server: {
    tls: { cert: server.pem, key: ../server.key },
    auth: { mode: tokens, tokens: { file: ./tokens }, gateway: { secret_file: secret } } } })");
  const Config::Server server = Config::load("etc/c.yaml").server.value();
  CHECK(server.tls.value().cert == here.path() / "etc" / "server.pem");
  CHECK(server.tls.value().key == here.path() / "server.key");
  CHECK(server.auth.tokens_file == here.path() / "etc" / "tokens");
  CHECK(server.auth.gateway_secret == "hunter2hunter2hunter2");
}

TEST_CASE("a server that is set in code has the ranges of a file") {
  Config::Server server = open_to_all();
  server.threads = 0;
  server.connections = 100'001;
  server.header_timeout = 0ms;
  server.idle_timeout = 61min;
  server.drain_timeout = -1ms;
  CHECK(refusal_of(server) ==
        "server.connections: 100001 is out of range: 1 to 100000\n"
        "server.drain_timeout: -1ms is out of range: 1ms to 1h\n"
        "server.header_timeout: 0s is out of range: 1ms to 1h\n"
        "server.idle_timeout: 61m is out of range: 1ms to 1h\n"
        "server.threads: 0 is out of range: 1 to 256");
}

TEST_CASE("a server that is set in code needs addresses with a port") {
  Config::Server server = open_to_all();
  server.listen = "localhost:80";
  CHECK(refusal_of(server) ==
        "server.listen: 'localhost:80' is not ADDRESS:PORT: write a numeric address and a port up "
        "to 65535, \"127.0.0.1:8080\" or \"[::1]:8080\"");
  server = open_to_all();
  server.admin = "127.0.0.1:";
  CHECK(refusal_of(server) ==
        "server.admin: '127.0.0.1:' is not ADDRESS:PORT: write a numeric address and a port up to "
        "65535, \"127.0.0.1:8080\" or \"[::1]:8080\"");
}

TEST_CASE("a server that is set in code needs both files of TLS") {
  Config::Server server = open_to_all();
  server.tls = {.cert = "server.pem", .key = ""};
  CHECK(refusal_of(server) == "server.tls.key: is empty: give it a value");
  server.tls = {.cert = "", .key = "server.key"};
  CHECK(refusal_of(server) == "server.tls.cert: is empty: give it a value");
}

TEST_CASE("a server that is set in code needs what its way to authenticate needs") {
  Config::Server server;
  CHECK(refusal_of(server) == "server.auth.tokens.file: is empty: give it a value");
  server.auth.mode = Mode::gateway;
  CHECK(refusal_of(server) == "server.auth.gateway.secret: is empty: give it a value");
  server.auth.gateway_secret = "hunter2hunter2x";
  CHECK(refusal_of(server) ==
        "server.auth.gateway.secret: takes 16 visible ASCII characters or more, without spaces; "
        "'openssl rand -hex 32' prints some");
  server.auth = {.mode = Mode::none};
  CHECK(refusal_of(server) ==
        "server.auth.mode: mode none lets everybody who reaches the server delete: 'insecure: "
        "true' says that this is meant");
}

}  // namespace
}  // namespace purgatory::config_test
