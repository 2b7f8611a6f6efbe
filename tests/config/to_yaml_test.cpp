// The configuration in force, as YAML.

#include <chrono>

#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

/// Checks that what `config` prints is read as the same again.
void check_reads_back(const Config& config) {
  INFO(config.to_yaml());
  const Config again = Config::parse(config.to_yaml(), "printed.yaml");
  CHECK(again.repository.backend == config.repository.backend);
  CHECK(again.repository.options == config.repository.options);
  CHECK(again.repository.timeout == config.repository.timeout);
  CHECK(again.retention.undo_window == config.retention.undo_window);
  CHECK(again.retention.policy == config.retention.policy);
  CHECK(again.retention.archives == config.retention.archives);
  CHECK(again.retention.guard.max_fraction == config.retention.guard.max_fraction);
  CHECK(again.retention.guard.min_jobs == config.retention.guard.min_jobs);
  CHECK(again.retention.guard.max_jobs == config.retention.guard.max_jobs);
  CHECK(again.retention.guard.clock_jump == config.retention.guard.clock_jump);
  CHECK(again.retention.journal_keep_for == config.retention.journal_keep_for);
  CHECK(again.purger.every == config.purger.every);
  CHECK(again.purger.jitter == config.purger.jitter);
  CHECK(again.purger.time_budget == config.purger.time_budget);
  CHECK(again.purger.slice == config.purger.slice);
  CHECK(again.purger.lease == config.purger.lease);
  CHECK(again.limits.max_text_bytes == config.limits.max_text_bytes);
  CHECK(again.limits.max_payload_bytes == config.limits.max_payload_bytes);
  CHECK(again.plugins.path == config.plugins.path);
  CHECK(again.plugins.allow_insecure == config.plugins.allow_insecure);
}

TEST_CASE("what is in force is printed with its defaults") {
  const Config config = Config::parse("{ version: 1, repository: { backend: memory } }", "c.yaml");
  CHECK(config.to_yaml() == R"(version: 1
repository:
  backend: memory
  timeout: 5s
  memory:
    max_bytes: 256MiB
retention:
  undo_window: 1d
  min_age: 10m
  guard:
    max_fraction: 50%
    min_jobs: 1000
    max_jobs: 1000000
    clock_jump: 1d
  journal:
    keep_for: 365d
purger:
  every: 1m
  jitter: 10%
  time_budget: 2s
  slice: 5ms
  lease: 30s
limits:
  text: 64KiB
  payload: 1MiB
task_center:
  batch_scope: project_level
  count_limit: 100000
plugins:
  path: []
  allow_insecure: false
)");
  check_reads_back(config);
}

TEST_CASE("each type is printed as a file would have it, and a secret is not") {
  const Config config = Config::parse(sample(R"(url: "redis://localhost?a=\"b\""
directory: /var/lib/jobs/
read_only: true
port: 6379
cache: 1536KiB
timeout: 1500ms
reserve: 100%
durability: normal
nodes: [one, "two, three"]
certificates: [/a.pem]
password: hunter2)") + "plugins: { path: [/opt/plugins], allow_insecure: true }\n",
                                      "c.yaml");
  CHECK(config.to_yaml() == R"(version: 1
repository:
  backend: sample
  timeout: 5s
  sample:
    url: "redis://localhost?a=\"b\""
    directory: "/var/lib/jobs/"
    read_only: true
    connections: 4
    port: 6379
    cache: 1536KiB
    timeout: 1500ms
    reserve: 100%
    durability: "normal"
    nodes: ["one", "two, three"]
    certificates: ["/a.pem"]
    password: <redacted>
retention:
  undo_window: 1d
  min_age: 10m
  guard:
    max_fraction: 50%
    min_jobs: 1000
    max_jobs: 1000000
    clock_jump: 1d
  journal:
    keep_for: 365d
purger:
  every: 1m
  jitter: 10%
  time_budget: 2s
  slice: 5ms
  lease: 30s
limits:
  text: 64KiB
  payload: 1MiB
task_center:
  batch_scope: project_level
  count_limit: 100000
plugins:
  path: ["/opt/plugins"]
  allow_insecure: true
)");
}

TEST_CASE("what was printed is read as the same again") {
  check_reads_back(Config::parse(sample("url: here"), "c.yaml"));
  check_reads_back(Config::parse(sample(R"(url: "$$5 \\ \" ' \n\t\x01\x7f \u00e4 {}[],:#&*!|>%@`"
directory: "/a b/$$c/"
port: 0
cache: 1025B
timeout: 61s
nodes: ["a: b", "- c", "~", "$${HOME}", "\r\n"])"),
                                 "c.yaml"));
}

TEST_CASE("what was set for all backends is printed") {
  Config config = Config::parse(R"(version: 1
repository: { backend: memory, timeout: 1500ms }
retention:
  undo_window: 0s
  min_age: 90m
  resolved: { keep_for: 3600s }
  archives: { "null": { directory: /a/../b }, cold.1: { compress: none, directory: "/$$" } }
  guard: { max_fraction: 0%, min_jobs: 0, max_jobs: 1000000000000, clock_jump: 60s }
  journal: { keep_for: 1h }
purger: { every: 1h, jitter: 0%, time_budget: 1500ms, slice: 1s, lease: 60s }
limits: { text: 1000B, payload: 0B }
task_center: { batch_scope: project, count_limit: 10 }
)",
                                "c.yaml");
  CHECK(config.to_yaml() == R"(version: 1
repository:
  backend: memory
  timeout: 1500ms
  memory:
    max_bytes: 256MiB
retention:
  undo_window: 0s
  min_age: 90m
  resolved:
    keep_for: 1h
  archives:
    "cold.1":
      directory: "/$$"
      compress: "none"
    "null":
      directory: "/b"
      compress: "zstd"
  guard:
    max_fraction: 0%
    min_jobs: 0
    max_jobs: 1000000000000
    clock_jump: 1m
  journal:
    keep_for: 1h
purger:
  every: 1h
  jitter: 0%
  time_budget: 1500ms
  slice: 1s
  lease: 1m
limits:
  text: 1kB
  payload: 0B
task_center:
  batch_scope: project
  count_limit: 10
plugins:
  path: []
  allow_insecure: false
)");
  check_reads_back(config);
  config.repository.timeout = std::chrono::hours(1);
  config.retention.undo_window = kMaxUndoWindow;
  config.limits = {.max_text_bytes = Limits::kMostTextBytes,
                   .max_payload_bytes = Limits::kMostPayloadBytes};
  check_reads_back(config);
}

TEST_CASE("a number is printed in the largest unit that leaves it whole") {
  const auto printed = [](std::string_view option) {
    const std::string yaml =
        Config::parse(sample("url: here\n" + std::string(option)), "c.yaml").to_yaml();
    const std::size_t begin = yaml.rfind(option.substr(0, option.find(':') + 2));
    return yaml.substr(begin, yaml.find('\n', begin) - begin);
  };
  CHECK(printed("cache: 2048KiB") == "cache: 2MiB");
  CHECK(printed("cache: 1000MB") == "cache: 1GB");
  CHECK(printed("cache: 1025B") == "cache: 1025B");
  CHECK(printed("cache: 1024GiB") == "cache: 1TiB");
  CHECK(printed("timeout: 60000ms") == "timeout: 1m");
  CHECK(printed("timeout: 90s") == "timeout: 90s");
  CHECK(printed("timeout: 60m") == "timeout: 1h");
}

TEST_CASE("options that were set in code are printed with the defaults of the others") {
  const WorkingDirectory here;
  Config config;
  config.repository.backend = "sample";
  config.repository.options.set("url", "here").set("timeout", std::chrono::minutes(1));
  CHECK(Config::parse(config.to_yaml(), "printed.yaml").repository.options ==
        options_of("url: here\ntimeout: 1m"));
}

}  // namespace
}  // namespace purgatory::config_test
