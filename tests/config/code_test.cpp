// Options that are set in code.

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>

#include "core/config/archives.hpp"
#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

using namespace std::chrono_literals;
using List = Options::List;

Config sample_with(const Options& options) {
  Config config;
  config.repository.backend = "sample";
  config.repository.options = options;
  return config;
}

/// Why these options of the sample plugin are refused: the same by `open` as by `to_yaml`.
std::string refusal(const Options& options) {
  const Config config = sample_with(options);
  const Host host;
  const Error printing = error_of([&] { return config.to_yaml(); });
  const Error opening = error_of([&] { return open(config, host); });
  CHECK(printing.code() == ErrorCode::config);
  CHECK(opening.code() == ErrorCode::config);
  CHECK(std::string(opening.what()) == printing.what());
  return opening.what();
}

TEST_CASE("options are the same from a file and from code") {
  Config config;
  config.repository.backend = "memory";
  config.repository.options.set("max_bytes", 64 << 20);
  const Config read = Config::parse(
      "{ version: 1, repository: { backend: memory, memory: { max_bytes: 64MiB } } }", "c.yaml");
  CHECK(read.repository.options == config.repository.options);
  CHECK(read.to_yaml() == config.to_yaml());
}

TEST_CASE("options differ if one value does") {
  CHECK(options_of("url: here") != options_of("url: there"));
  CHECK(options_of("url: here") != options_of("url: here\nport: 1"));
  CHECK(Options().set("a", 1) != Options().set("a", "1"));
  CHECK(Options().set("a", 1000) != Options().set("a", 1s));
  CHECK(Options().set("a", true) != Options().set("a", 1));
}

TEST_CASE("the last value that is set counts") {
  CHECK(Options().set("a", 1).set("a", "text") == Options().set("a", "text"));
}

TEST_CASE("a store opens with options that are set in code, the others by default") {
  const Host host;
  Config config;
  config.repository.backend = "memory";
  CHECK(open(config, host) != nullptr);
  config.repository.options.set("max_bytes", 1 << 20);
  CHECK(open(config, host) != nullptr);
}

TEST_CASE("options that are right reach the backend") {
  const Host host;
  const Error error =
      error_of([&] { return open(sample_with(Options().set("url", "here")), host); });
  CHECK(error.code() == ErrorCode::unsupported);
  CHECK(std::string(error.what()) == "the sample plugin opens no store");
}

TEST_CASE("an option that the backend does not have is refused") {
  CHECK(refusal(Options().set("url", "here").set("tiemout", 5s)) ==
        "repository.sample.tiemout: unknown key; did you mean 'timeout'?");
  CHECK(refusal(Options().set("url", "here").set("retries", 5)) ==
        "repository.sample.retries: unknown key; known are: url, directory, read_only, "
        "connections, port, cache, timeout, reserve, durability, nodes, certificates, password");
}

TEST_CASE("the file of a secret is for configurations in files") {
  CHECK(refusal(Options().set("url", "here").set("password_file", "secret")) ==
        "repository.sample.password_file: unknown key; known are: url, directory, read_only, "
        "connections, port, cache, timeout, reserve, durability, nodes, certificates, password");
}

TEST_CASE("a value of another type is refused, each with what it should be") {
  CHECK(refusal(Options()
                    .set("url", 5)
                    .set("directory", true)
                    .set("read_only", "true")
                    .set("connections", "5")
                    .set("port", 5s)
                    .set("cache", "5MiB")
                    .set("timeout", 5)
                    .set("reserve", "5%")
                    .set("durability", List{"full"})
                    .set("nodes", "one")
                    .set("certificates", false)
                    .set("password", List{"hunter2"})) ==
        R"(repository.sample.cache: was set as another type than bytes
repository.sample.certificates: was set as another type than list of paths
repository.sample.connections: was set as another type than integer
repository.sample.directory: was set as another type than path
repository.sample.durability: was set as another type than one of full, normal
repository.sample.nodes: was set as another type than list of texts
repository.sample.password: was set as another type than secret text
repository.sample.port: was set as another type than integer
repository.sample.read_only: was set as another type than boolean
repository.sample.reserve: was set as another type than percentage
repository.sample.timeout: was set as another type than duration
repository.sample.url: was set as another type than text)");
}

TEST_CASE("a value out of range is refused") {
  CHECK(refusal(Options()
                    .set("url", "")
                    .set("connections", 65)
                    .set("port", -1)
                    .set("cache", 1023)
                    .set("timeout", 2h)
                    .set("reserve", 101)
                    .set("durability", "fast")
                    .set("nodes", List{"one", ""})
                    .set("password", "")) ==
        R"(repository.sample.cache: 1023B is out of range: 1KiB to 1TiB
repository.sample.connections: 65 is out of range: 1 to 64
repository.sample.durability: 'fast' is not one of full, normal
repository.sample.nodes: has an empty item
repository.sample.password: is empty: give it a value
repository.sample.port: -1 is negative
repository.sample.reserve: 101% is out of range: 0% to 100%
repository.sample.timeout: 2h is out of range: 1ms to 1h
repository.sample.url: is empty: give it a value)");
}

TEST_CASE("a number that is too large for an option stays too large") {
  CHECK(refusal(Options()
                    .set("url", "here")
                    .set("connections", std::numeric_limits<std::uint64_t>::max())) ==
        "repository.sample.connections: 9223372036854775807 is out of range: 1 to 64");
}

TEST_CASE("an option that is required must be set") {
  CHECK(refusal(Options()) == "repository.sample.url: is required and was not set");
}

TEST_CASE("a backend that is not there is refused when the store is opened") {
  const Host host;
  Config config;
  config.repository.backend = "cassandra";
  CHECK(error_of([&] { return open(config, host); }).code() == ErrorCode::plugin);
  CHECK(error_of([&] { return config.to_yaml(); }).code() == ErrorCode::plugin);
}

/// The text that a configuration of code is refused with, opened or printed.
std::string refusal_of(const std::function<void(Config&)>& change) {
  const Host host;
  Config config;
  config.repository.backend = "memory";
  change(config);
  const Error error = error_of([&] { return open(config, host); });
  CHECK(error.code() == ErrorCode::config);
  CHECK(std::string(error_of([&] { return config.to_yaml(); }).what()) == error.what());
  return error.what();
}

TEST_CASE("what is set in code has the ranges of a file") {
  CHECK(refusal_of([](Config& config) { config.repository.backend = ""; }) ==
        "repository.backend: is empty: give it a value");
  CHECK(refusal_of([](Config& config) { config.repository.timeout = 0ms; }) ==
        "repository.timeout: 0s is out of range: 1ms to 1h");
  CHECK(refusal_of([](Config& config) { config.repository.timeout = 61min; }) ==
        "repository.timeout: 61m is out of range: 1ms to 1h");
  CHECK(refusal_of([](Config& config) { config.retention.undo_window = -1ms; }) ==
        "retention.undo_window: -1ms is out of range: 0s to 3650d");
  CHECK(refusal_of([](Config& config) {
          config.retention.undo_window = std::chrono::milliseconds::max();
        }) == "retention.undo_window: 9223372036854775807ms is out of range: 0s to 3650d");
  CHECK(refusal_of([](Config& config) {
          config.limits = {.max_text_bytes = 100'001, .max_payload_bytes = 3'145'729};
        }) ==
        "limits.payload: 3145729B is out of range: 0B to 3MiB\n"
        "limits.text: 100001B is out of range: 0B to 100kB");
}

TEST_CASE("a policy and a purger that are set in code have the ranges of a file") {
  CHECK(refusal_of([](Config& config) { config.retention.journal_keep_for = 59min; }) ==
        "retention.journal.keep_for: 59m is out of range: 1h to 36500d");
  CHECK(refusal_of([](Config& config) {
          config.purger = {
              .every = 0ms, .jitter = 101, .time_budget = 2h, .slice = 1001ms, .lease = 999ms};
        }) == R"(purger.every: 0s is out of range: 1ms to 1d
purger.jitter: 101% is out of range: 0% to 100%
purger.lease: 999ms is out of range: 1s to 1d
purger.slice: 1001ms is out of range: 1ms to 1s
purger.time_budget: 2h is out of range: 1ms to 1h)");
  CHECK(refusal_of([](Config& config) { config.purger.jitter = -1; }) ==
        "purger.jitter: -1% is out of range: 0% to 100%");
  CHECK(refusal_of([](Config& config) { config.retention.policy.min_age = -1ms; }) ==
        "retention.min_age: -1ms is out of range: 0s to 3650d");
  CHECK(refusal_of([](Config& config) {
          config.retention.policy = {
              .rules = {{.name = "a b", .match = {.attempts = {"many"}}, .keep_for = -1ms},
                        {.name = "both", .keep_for = 1h, .hold = "finance"}},
              .caps = {{}}};
        }) ==
        "retention.rules[0].name: 'a b' is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' "
        "and '-'\n"
        "retention.rules[0].match.attempts[0]: 'many' is no comparison with a number up to "
        "4294967295: write 3, \"!=3\", \"<3\", \"<=3\", \">3\" or \">=3\"\n"
        "retention.rules[0].keep_for: -1ms is out of range: 0s to 36500d\n"
        "retention.rules[1].keep_for: a rule that holds keeps for ever: leave keep_for or hold "
        "out\n"
        "retention.caps[0]: bounds nothing: give keep_last or max_bytes");
}

TEST_CASE("a guard and resolved jobs that are set in code have the ranges of a file") {
  CHECK(refusal_of([](Config& config) {
          config.retention.guard = {.max_fraction = 101,
                                    .min_jobs = 1'000'000'000'001,
                                    .max_jobs = std::numeric_limits<std::uint64_t>::max(),
                                    .clock_jump = 999ms};
        }) == R"(retention.guard.clock_jump: 999ms is out of range: 1s to 36500d
retention.guard.max_fraction: 101% is out of range: 0% to 100%
retention.guard.max_jobs: 9223372036854775807 is out of range: 0 to 1000000000000
retention.guard.min_jobs: 1000000000001 is out of range: 0 to 1000000000000)");
  CHECK(refusal_of([](Config& config) { config.retention.policy.resolved_keep_for = -1ms; }) ==
        "retention.resolved.keep_for: -1ms is out of range: 0s to 36500d");
}

TEST_CASE("archives that are set in code are what a file could say") {
  const auto refusal_with = [](const std::map<std::string, Config::Retention::Archive>& archives) {
    return refusal_of([&](Config& config) { config.retention.archives = archives; });
  };
  CHECK(refusal_with({{"cold", {}}}) ==
        "retention.archives.cold.directory: is empty: give it a value");
  CHECK(refusal_with({{"", {.directory = "/a"}},
                      {"a b", {.directory = "/b"}},
                      {std::string(65, 'n'), {.directory = "/c"}}}) ==
        "retention.archives.?: is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'\n"
        "retention.archives.?: is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'\n"
        "retention.archives.?: is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'");
  CHECK(refusal_with({{"a", {.directory = "/a"}},
                      {"b", {.directory = "//a/."}},
                      {"c", {.directory = "/a/c"}},
                      {"d", {.directory = "/"}},
                      {"e", {.directory = "/ab/../e"}}}) ==
        "retention.archives.b.directory: is also the directory of 'a': each archive needs its own\n"
        "retention.archives.c.directory: is below the directory of 'a': each archive needs its "
        "own\n"
        "retention.archives.d.directory: is above the directory of 'a': each archive needs its "
        "own\n"
        "retention.archives.e.directory: is below the directory of 'd': each archive needs its "
        "own");
  std::map<std::string, Config::Retention::Archive> many;
  for (int i = 0; i < 101; ++i) {
    many["a" + std::to_string(i)] = {.directory = "/" + std::to_string(i)};
  }
  CHECK(refusal_with(many) == "retention.archives: 101 are over the limit of 100");
}

TEST_CASE("relative directories of archives begin at the working directory") {
  const WorkingDirectory here;
  CHECK(refusal_of([&](Config& config) {
          config.retention.archives = {{"a", {.directory = "cold"}},
                                       {"b", {.directory = (here.path() / "cold/b").string()}}};
        }) ==
        "retention.archives.b.directory: is below the directory of 'a': each archive needs its "
        "own");
}

TEST_CASE("symbolic links do not hide that two archives have one directory") {
  const WorkingDirectory here;
  fs::create_directories("disk/cold");
  fs::create_directory_symlink("disk", "mount");
  fs::create_symlink("loop", "loop");
  const auto refusal_with = [](const std::string& first, const std::string& second) {
    return refusal_of([&](Config& config) {
      config.retention.archives = {{"a", {.directory = first}}, {"b", {.directory = second}}};
    });
  };
  CHECK(refusal_with("disk/cold", "mount/x/../cold/") ==
        "retention.archives.b.directory: is also the directory of 'a': each archive needs its own");
  CHECK(refusal_with("mount/cold", "disk/cold/none/yet") ==
        "retention.archives.b.directory: is below the directory of 'a': each archive needs its "
        "own");
  CHECK(refusal_with("loop/x", "loop/y/../x") ==
        "retention.archives.b.directory: is also the directory of 'a': each archive needs its own");
}

TEST_CASE("the archives that rules name are there, in code and on a reload") {
  const Policy policy{.rules = {{.name = "a"},
                                {.name = "b", .archive = "cold"},
                                {.name = "c", .hold = "finance", .archive = "clod"}}};
  CHECK(refusal_of([&](Config& config) {
          config.retention.policy = policy;
          config.retention.archives = {{"cold", {.directory = "/cold"}}};
        }) == "retention.rules[2].archive: 'clod' is no archive; did you mean 'cold'?");
  CHECK(std::string(error_of([&] { config::check_archives(policy, {}, "policy"); }).what()) ==
        "policy.rules[1].archive: 'cold' is no archive: there are none in retention.archives\n"
        "policy.rules[2].archive: 'clod' is no archive: there are none in retention.archives");
  config::check_archives(policy, {{"cold", {}}, {"clod", {}}}, "policy");
}

TEST_CASE("a hold is no longer than texts may be") {
  CHECK(refusal_of([](Config& config) {
          config.limits.max_text_bytes = 10;
          config.retention.policy.rules = {{.name = "held", .hold = "twelve bytes"},
                                           {.name = "other", .hold = "ten bytes."}};
        }) == "retention.rules[0].hold: 12 bytes are over limits.text, 10 bytes");
}

TEST_CASE("both ends of a range can be set in code") {
  const Host host;
  Config config;
  config.repository.backend = "memory";
  config.repository.timeout = 1ms;
  config.retention.undo_window = 0ms;
  config.limits = {.max_text_bytes = 0, .max_payload_bytes = 0};
  CHECK(open(config, host) != nullptr);
  config.repository.timeout = 1h;
  config.retention.undo_window = kMaxUndoWindow;
  config.limits = {.max_text_bytes = Limits::kMostTextBytes,
                   .max_payload_bytes = Limits::kMostPayloadBytes};
  CHECK(open(config, host) != nullptr);
}

TEST_CASE("a working directory that was removed is missed by relative paths alone") {
  const WorkingDirectory here;
  fs::create_directory("gone");
  fs::current_path("gone");
  fs::remove(here.path() / "gone");

  const Host host;
  Config config;
  config.repository.backend = "memory";
  CHECK(open(config, host) != nullptr);
  CHECK(Config::parse(sample("url: here\ndirectory: /data"), "c.yaml")
            .repository.options.text("directory") == "/data");
  CHECK(options_of("url: here\ndirectory: data").text("directory") == "data");
  config.repository.backend = "file";
  config.repository.options.set("path", "jobs");
  CHECK_THROWS_AS(open(config, host), Error);
}

TEST_CASE("a backend that asks for what its table does not list is told so") {
  const Options options = Options().set("port", 5);
  const Error absent = error_of([&] { return options.text("url"); });
  CHECK(absent.code() == ErrorCode::plugin);
  CHECK(std::string(absent.what()) ==
        "a backend asked for its option 'url', which it has no value for; its table must list it, "
        "required or with a default");
  const Error other = error_of([&] { return options.text("port"); });
  CHECK(other.code() == ErrorCode::plugin);
  CHECK(std::string(other.what()) ==
        "a backend asked for its option 'port' as another type than its table says");
}

}  // namespace
}  // namespace purgatory::config_test
