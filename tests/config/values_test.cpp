// What each type takes, and what it becomes.

#include <chrono>
#include <cstdint>
#include <limits>
#include <variant>

#include "core/options/value.hpp"
#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

using namespace std::chrono_literals;
using List = Options::List;

Options with(std::string_view option) { return options_of("url: here\n" + std::string(option)); }

TEST_CASE("a value of each type is read as what it says") {
  Options expected;
  expected.set("url", "redis://localhost:6379/0")
      .set("directory", "/var/lib/jobs")
      .set("read_only", true)
      .set("connections", 8)
      .set("port", 6379)
      .set("cache", std::int64_t{3} << 20)
      .set("timeout", 90s)
      .set("reserve", 50)
      .set("durability", "normal")
      .set("nodes", List{"one", "two:2"})
      .set("certificates", List{"/etc/a.pem", "/etc/b.pem"})
      .set("password", "hunter2");
  CHECK(options_of(R"(url: redis://localhost:6379/0
directory: /var/lib/jobs
read_only: true
connections: 8
port: 6379
cache: 3MiB
timeout: 90s
reserve: 50%
durability: normal
nodes: [one, "two:2"]
certificates:
  - /etc/a.pem
  - /etc/b.pem
password: hunter2
)") == expected);
}

TEST_CASE("an option that is not written has its default, or none") {
  const WorkingDirectory here;
  Options expected;
  expected.set("url", "here")
      .set("directory", (here.path() / "sample").string())
      .set("read_only", false)
      .set("connections", 4)
      .set("cache", 16 << 20)
      .set("timeout", 5s)
      .set("reserve", 25)
      .set("durability", "full")
      .set("nodes", List{})
      .set("certificates", List{});
  CHECK(options_of("url: here") == expected);
}

TEST_CASE("a section that is not written gives the defaults, too") {
  const Config config = Config::parse("{ version: 1, repository: { backend: memory } }", "c.yaml");
  CHECK(config.repository.backend == "memory");
  CHECK(config.repository.options == Options().set("max_bytes", 256 << 20));
  CHECK(config.plugins.path.empty());
  CHECK_FALSE(config.plugins.allow_insecure);
}

TEST_CASE("each unit of bytes has its size") {
  struct Row {
    const char* text;
    std::int64_t bytes;
  };
  const Row rows[] = {{"2000B", 2000},
                      {"3kB", 3'000},
                      {"3MB", 3'000'000},
                      {"3GB", 3'000'000'000},
                      {"1TB", 1'000'000'000'000},
                      {"3KiB", 3 << 10},
                      {"3MiB", 3 << 20},
                      {"3GiB", std::int64_t{3} << 30},
                      {"1TiB", std::int64_t{1} << 40},
                      {"\"3MiB\"", 3 << 20}};
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(with(std::string("cache: ") + row.text).integer("cache") == row.bytes);
  }
}

TEST_CASE("each unit of time has its length") {
  struct Row {
    const char* text;
    std::chrono::milliseconds time;
  };
  const Row rows[] = {{"3ms", 3ms},    {"3s", 3s},          {"3m", 3min}, {"3h", 3h},
                      {"3d", 3 * 24h}, {"3w", 3 * 7 * 24h}, {"0s", 0ms}};
  const Option age{.key = "age", .type = OptionType::duration};
  for (const Row& row : rows) {
    INFO(row.text);
    const auto value = options::read(age, {.text = row.text, .written = row.text}, {});
    REQUIRE(std::holds_alternative<Options::Value>(value));
    CHECK(std::get<Options::Value>(value) == Options::Value(row.time));
  }
  CHECK(with("timeout: '3s'").duration("timeout") == 3s);
}

TEST_CASE("a percentage is a whole number of percent") {
  CHECK(with("reserve: 7%").integer("reserve") == 7);
  CHECK(with("reserve: '7%'").integer("reserve") == 7);
  CHECK(with("reserve: +7%").integer("reserve") == 7);
}

TEST_CASE("both bounds of a range are in it") {
  CHECK(with("connections: 1").integer("connections") == 1);
  CHECK(with("connections: 64").integer("connections") == 64);
  CHECK(with("cache: 1024B").bytes("cache") == 1024);
  CHECK(with("cache: 1024GiB").bytes("cache") == std::uint64_t{1} << 40);
  CHECK(with("timeout: 1ms").duration("timeout") == 1ms);
  CHECK(with("timeout: 3600000ms").duration("timeout") == 1h);
  CHECK(with("reserve: 0%").integer("reserve") == 0);
  CHECK(with("reserve: 100%").integer("reserve") == 100);
}

TEST_CASE("a number without a range takes what is not negative") {
  CHECK(with("port: 0").integer("port") == 0);
  CHECK(with("port: 9223372036854775807").integer("port") ==
        std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("text stays text, whatever it looks like") {
  for (const char* text :
       {"5", "010", "true", "yes", "1e3", "5MiB", "a: b", "#", "~", "null", "é"}) {
    INFO(text);
    CHECK(options_of("url: \"" + std::string(text) + "\"").text("url") == text);
  }
  CHECK(options_of("url: 010").text("url") == "010");
  CHECK(options_of("url: true").text("url") == "true");
  CHECK(options_of("url: redis://here:1#2").text("url") == "redis://here:1#2");
}

TEST_CASE("text can be of several lines") {
  CHECK(options_of("url: |\n  one\n  two").text("url") == "one\ntwo\n");
  CHECK(options_of("url: >-\n  one\n  two").text("url") == "one two");
  CHECK(options_of("url: one\n  two").text("url") == "one two");
}

TEST_CASE("items of a list are text, and a list can be empty") {
  CHECK(with("nodes: []").list("nodes").empty());
  CHECK(with("nodes: [1, true, ' a ']").list("nodes") == List{"1", "true", " a "});
  CHECK(with("nodes:\n- one\n- two").list("nodes") == List{"one", "two"});
}

TEST_CASE("relative paths of a text begin at the working directory") {
  const WorkingDirectory here;
  const auto path = [&](const char* written) {
    return with("directory: " + std::string(written)).text("directory");
  };
  CHECK(path("data") == here.path() / "data");
  CHECK(path("./data/../jobs") == here.path() / "jobs");
  CHECK(path("../data") == here.path().parent_path() / "data");
  CHECK(path("/data//jobs/.") == "/data/jobs/");
  CHECK(with("certificates: [a.pem, /b.pem]").list("certificates") ==
        List{(here.path() / "a.pem").string(), "/b.pem"});
}

TEST_CASE("directories of plugins are paths of the configuration") {
  const WorkingDirectory here;
  const Config config = Config::parse(
      "{ version: 1, plugins: { path: [mine, /theirs], allow_insecure: true },"
      "  repository: { backend: memory } }",
      "c.yaml");
  CHECK(config.plugins.path == List{(here.path() / "mine").string(), "/theirs"});
  CHECK(config.plugins.allow_insecure);
}

/// A configuration with these lines of the repository, and these behind it.
Config with_lines(const std::string& repository, const std::string& others) {
  return Config::parse("version: 1\nrepository:\n  backend: memory\n" + repository + others,
                       "c.yaml");
}

TEST_CASE("what the library itself takes has its defaults") {
  const Config config = with_lines("", "");
  CHECK(config.repository.timeout == 5s);
  CHECK(config.retention.undo_window == 24h);
  CHECK(config.limits.max_text_bytes == 64 << 10);
  CHECK(config.limits.max_payload_bytes == 1 << 20);
}

TEST_CASE("a section without a key leaves that at its default") {
  const Config config = with_lines("", "retention: {}\nlimits: { text: 1KiB }\n");
  CHECK(config.retention.undo_window == 24h);
  CHECK(config.limits.max_text_bytes == 1 << 10);
  CHECK(config.limits.max_payload_bytes == 1 << 20);
}

TEST_CASE("what the library itself takes can be set to both ends of its range") {
  const Config least = with_lines(
      "  timeout: 1ms\n", "retention: { undo_window: 0s }\nlimits: { text: 0B, payload: 0B }\n");
  CHECK(least.repository.timeout == 1ms);
  CHECK(least.retention.undo_window == 0ms);
  CHECK(least.limits.max_text_bytes == 0);
  CHECK(least.limits.max_payload_bytes == 0);
  const Config most =
      with_lines("  timeout: 1h\n",
                 "retention: { undo_window: 3650d }\nlimits: { text: 100kB, payload: 3MiB }\n");
  CHECK(most.repository.timeout == 1h);
  CHECK(most.retention.undo_window == kMaxUndoWindow);
  CHECK(most.limits.max_text_bytes == Limits::kMostTextBytes);
  CHECK(most.limits.max_payload_bytes == Limits::kMostPayloadBytes);
}

TEST_CASE("the order and the style of the keys mean nothing") {
  const std::string plain = sample("url: here\nport: 5\nnodes: [a]");
  const Options expected = Config::parse(plain, "c.yaml").repository.options;
  const std::string same[] = {
      "repository:\n  sample: { nodes: [a], port: 5, url: here }\n  backend: sample\nversion: 1\n",
      R"({"version": 1, "repository": {"backend": "sample",
          "sample": {"url": "here", "port": 5, "nodes": ["a"]}}})",
      "# a comment\n---\n" + plain + "# the end\n...\n",
      "\xEF\xBB\xBF" + plain,
      "%YAML 1.2\n---\n" + plain,
      plain.substr(0, plain.size() - 1)};
  for (const std::string& text : same) {
    INFO(text);
    CHECK(Config::parse(text, "c.yaml").repository.options == expected);
  }
}

TEST_CASE("line ends of Windows are line ends") {
  std::string text;
  for (const char c : sample("url: here\nnodes:\n- a\n- b"))
    text += c == '\n' ? "\r\n" : std::string{c};
  const Options options = Config::parse(text, "c.yaml").repository.options;
  CHECK(options.text("url") == "here");
  CHECK(options.list("nodes") == List{"a", "b"});
}

TEST_CASE("one word swaps the backend of a file that has a section for each") {
  const auto with_backend = [](const std::string& backend) {
    return Config::parse("version: 1\nrepository:\n  backend: " + backend +
                             "\n  memory: { max_bytes: 1MiB }\n  sample: { url: here }\n",
                         "c.yaml")
        .repository;
  };
  CHECK(with_backend("memory").backend == "memory");
  CHECK(with_backend("memory").options == Options().set("max_bytes", 1 << 20));
  CHECK(with_backend("sample").backend == "sample");
  CHECK(with_backend("sample").options == options_of("url: here"));
}

}  // namespace
}  // namespace purgatory::config_test
