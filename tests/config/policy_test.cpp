// The retention policy and its purger in a file; broken/ has their mistakes.

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;

/// A configuration with this behind the repository, which takes three lines.
Config config_with(std::string_view others) {
  return Config::parse("version: 1\nrepository:\n  backend: memory\n" + std::string(others),
                       "c.yaml");
}

Policy policy_of(std::string_view retention) {
  return config_with("retention:\n" + std::string(retention)).retention.policy;
}

/// What one rule with this `match` is for.
Match match_of(std::string_view match) {
  const Policy policy = policy_of("  rules:\n    - name: some\n      match: " + std::string(match) +
                                  "\n      keep_for: 1d\n");
  REQUIRE(policy.rules.size() == 1);
  return policy.rules[0].match;
}

TEST_CASE("a file without a policy has an empty one, and a purger with its defaults") {
  for (const char* text :
       {"", "retention: {}\npurger: {}\n",
        "retention: { rules: [], caps: [], archives: {}, guard: {}, journal: {} }\n"}) {
    INFO(text);
    const Config config = config_with(text);
    CHECK(config.retention.policy == Policy{});
    CHECK(config.retention.policy.empty());
    CHECK(config.retention.policy.min_age == 10min);
    CHECK(config.retention.archives.empty());
    CHECK(config.retention.guard.max_fraction == 50);
    CHECK(config.retention.guard.min_jobs == 1000);
    CHECK(config.retention.guard.max_jobs == 1'000'000);
    CHECK(config.retention.guard.clock_jump == 24h);
    CHECK(config.retention.journal_keep_for == hours(24 * 365));
    CHECK(config.purger.every == 1min);
    CHECK(config.purger.jitter == 10);
    CHECK(config.purger.time_budget == 2s);
    CHECK(config.purger.slice == 5ms);
    CHECK(config.purger.lease == 30s);
    CHECK(config.warnings.empty());
  }
}

TEST_CASE("rules and caps are read in the order of the file") {
  CHECK(policy_of(R"(  min_age: 1h
  rules:
    - name: payments-stay
      match: { job_type: "payment.*" }
      hold: "finance keeps these"
    - name: transient
      match: { error_code: [ "EVS.5*", "TIMEOUT" ], attempts: "<=3" }
      keep_for: 1d
    - { name: at-once, match: { project: scratch }, keep_for: 0s }
    - name: everything-else
      keep_for: forever
  caps:
    - { match: { project: shop, group: "" }, keep_last: 100 }
    - { match: { project: "*", group: "*" }, keep_last: 10000, max_bytes: 256MiB, per: partition }
    - max_bytes: 1KiB
)") == Policy{.min_age = 1h,
              .rules = {{.name = "payments-stay",
                         .match = {.job_type = {"payment.*"}},
                         .hold = "finance keeps these"},
                        {.name = "transient",
                         .match = {.error_code = {"EVS.5*", "TIMEOUT"}, .attempts = {"<=3"}},
                         .keep_for = hours(24)},
                        {.name = "at-once", .match = {.project = {"scratch"}}, .keep_for = 0ms},
                        {.name = "everything-else"}},
              .caps = {{.project = {"shop"}, .group = {""}, .keep_last = 100},
                       {.project = {"*"},
                        .group = {"*"},
                        .keep_last = 10'000,
                        .max_bytes = std::uint64_t{256} << 20},
                       {.max_bytes = 1024}}});
}

TEST_CASE("resolved jobs, archives and a guard are read") {
  const Config::Retention retention = config_with(R"(retention:
  rules:
    - { name: held, match: { project: a }, hold: finance, archive: cold }
    - { name: rest, keep_for: 30d, archive: a.b-c_1 }
  resolved: { keep_for: 1h }
  archives:
    cold: { directory: /cold }
    a.b-c_1: { directory: "/archives/x/../plain/", compress: none }
  guard: { max_fraction: 7%, min_jobs: 8, max_jobs: 9, clock_jump: 10s }
)")
                                          .retention;
  CHECK(retention.policy ==
        Policy{.rules = {{.name = "held",
                          .match = {.project = {"a"}},
                          .hold = "finance",
                          .archive = "cold"},
                         {.name = "rest", .keep_for = hours(24 * 30), .archive = "a.b-c_1"}},
               .resolved_keep_for = 1h});
  using Archive = Config::Retention::Archive;
  CHECK(retention.archives ==
        std::map<std::string, Archive>{
            {"cold", {.directory = "/cold"}},
            {"a.b-c_1", {.directory = "/archives/plain/", .compress = Archive::Compress::none}}});
  CHECK(retention.guard.max_fraction == 7);
  CHECK(retention.guard.min_jobs == 8);
  CHECK(retention.guard.max_jobs == 9);
  CHECK(retention.guard.clock_jump == 10s);
}

TEST_CASE("directories of archives begin at the configuration's directory") {
  const WorkingDirectory here;
  write("etc/c.yaml", R"({ version: 1, repository: { backend: memory }, retention: { archives: {
    cold: { directory: ./archive }, warm: { directory: ../archive } } } })");
  const auto archives = Config::load("etc/c.yaml").retention.archives;
  CHECK(archives.at("cold").directory == here.path() / "etc" / "archive");
  CHECK(archives.at("warm").directory == here.path() / "archive");
}

TEST_CASE("archives whose names begin alike are two") {
  CHECK(config_with("retention: { archives: { a: { directory: /a }, ab: { directory: /ab } } }\n")
            .retention.archives.size() == 2);
}

TEST_CASE("everything that a job can be matched by is read") {
  CHECK(match_of(R"({ project: a, group: [ b, "!b2" ], job_type: c, resource_type: d,
        resource_name: e, failure_status: f, error_code: g, fail_reason: "h *",
        attempts: [ 1, ">=5" ], labels: { host: i, "a b.c": [ j, "k?" ] } })") ==
        Match{.project = {"a"},
              .group = {"b", "!b2"},
              .job_type = {"c"},
              .resource_type = {"d"},
              .resource_name = {"e"},
              .failure_status = {"f"},
              .error_code = {"g"},
              .fail_reason = {"h *"},
              .attempts = {"1", ">=5"},
              .labels = {{"host", {"i"}}, {"a b.c", {"j", "k?"}}}});
  CHECK(match_of("{}") == Match{});
  CHECK(match_of("{ labels: {} }") == Match{});
}

TEST_CASE("a pattern is a text, whatever it looks like") {
  CHECK(match_of("{ error_code: 500 }").error_code == Patterns{"500"});
  CHECK(match_of("{ error_code: [ 0500, true, 1e3, 5MiB ] }").error_code ==
        Patterns{"0500", "true", "1e3", "5MiB"});
  CHECK(match_of("{ error_code: \"~\" }").error_code == Patterns{"~"});
  CHECK(match_of("{ error_code: \"!\" }").error_code == Patterns{"!"});
  CHECK(match_of("{ project: \"\" }").project == Patterns{""});
  CHECK(match_of("{ group: [ '', \"g\" ] }").group == Patterns{"", "g"});
  CHECK(match_of("\n        error_code:\n          - EVS.*\n          - E?").error_code ==
        Patterns{"EVS.*", "E?"});
}

TEST_CASE("attempts are compared with a number, or with several") {
  CHECK(match_of("{ attempts: 3 }").attempts == Patterns{"3"});
  CHECK(match_of("{ attempts: <=3 }").attempts == Patterns{"<=3"});
  CHECK(match_of(R"({ attempts: [ "!=0", "<4294967295", ">0", ">=4294967295" ] })").attempts ==
        Patterns{"!=0", "<4294967295", ">0", ">=4294967295"});
}

TEST_CASE("variables stand in patterns, comparisons, durations and reasons") {
  const Variable project("PROJECT", "shop-*");
  const Variable number("NUMBER", "3");
  const Match match = match_of(
      R"({ project: "${PROJECT}", error_code: [ "E${NUMBER}", "$$", "${UNSET:-E9}" ],
        attempts: "<${NUMBER}", labels: { "${NUMBER}": "${NUMBER}" } })");
  CHECK(match.project == Patterns{"shop-*"});
  CHECK(match.error_code == Patterns{"E3", "$", "E9"});
  CHECK(match.attempts == Patterns{"<3"});
  CHECK(match.labels == std::map<std::string, Patterns>{{"${NUMBER}", {"3"}}});
  CHECK(policy_of("  rules:\n"
                  "    - { name: \"r${NUMBER}\", keep_for: \"${NUMBER}d\" }\n"
                  "    - { name: other, hold: \"until ${NUMBER}\" }\n")
            .rules == std::vector<Rule>{{.name = "r3", .keep_for = hours(72)},
                                        {.name = "other", .hold = "until 3"}});
}

TEST_CASE("the policy and the purger can be set to both ends of their ranges") {
  const Config least = config_with(R"(retention:
  min_age: 0s
  resolved: { keep_for: 0s }
  guard: { max_fraction: 0%, min_jobs: 0, max_jobs: 0, clock_jump: 1s }
  journal: { keep_for: 1h }
  rules: [ { name: n, keep_for: 0s } ]
  caps: [ { keep_last: 1, max_bytes: 1KiB } ]
purger: { every: 1ms, jitter: 0%, time_budget: 1ms, slice: 1ms, lease: 1s }
)");
  CHECK(least.retention.journal_keep_for == 1h);
  CHECK(least.retention.policy == Policy{.min_age = 0ms,
                                         .rules = {{.name = "n", .keep_for = 0ms}},
                                         .caps = {{.keep_last = 1, .max_bytes = 1024}},
                                         .resolved_keep_for = 0ms});
  CHECK(least.retention.guard.max_fraction == 0);
  CHECK(least.retention.guard.min_jobs == 0);
  CHECK(least.retention.guard.max_jobs == 0);
  CHECK(least.retention.guard.clock_jump == 1s);
  CHECK(least.purger.every == 1ms);
  CHECK(least.purger.jitter == 0);
  CHECK(least.purger.time_budget == 1ms);
  CHECK(least.purger.slice == 1ms);
  CHECK(least.purger.lease == 1s);

  const std::string longest(64, 'n');
  const Config most = config_with(
      "retention:\n  min_age: 3650d\n  journal: { keep_for: 36500d }\n"
      "  resolved: { keep_for: 36500d }\n"
      "  guard: { max_fraction: 100%, min_jobs: 1000000000000, max_jobs: 1000000000000, "
      "clock_jump: 36500d }\n"
      "  rules: [ { name: " +
      longest +
      ", keep_for: 36500d } ]\n"
      "  caps: [ { keep_last: 1000000000000, max_bytes: 1024TiB } ]\n"
      "purger: { every: 1d, jitter: 100%, time_budget: 1h, slice: 1s, lease: "
      "1d }\n");
  CHECK(most.retention.journal_keep_for == hours(24 * 36'500));
  CHECK(most.retention.policy ==
        Policy{.min_age = hours(24 * 3650),
               .rules = {{.name = longest, .keep_for = hours(24 * 36'500)}},
               .caps = {{.keep_last = 1'000'000'000'000, .max_bytes = std::uint64_t{1} << 50}},
               .resolved_keep_for = hours(24 * 36'500)});
  CHECK(most.retention.guard.max_fraction == 100);
  CHECK(most.retention.guard.min_jobs == 1'000'000'000'000);
  CHECK(most.retention.guard.max_jobs == 1'000'000'000'000);
  CHECK(most.retention.guard.clock_jump == hours(24 * 36'500));
  CHECK(most.purger.every == 24h);
  CHECK(most.purger.jitter == 100);
  CHECK(most.purger.time_budget == 1h);
  CHECK(most.purger.slice == 1s);
  CHECK(most.purger.lease == 24h);
}

TEST_CASE("a hold that is as long as texts may be is read, and a longer one is refused") {
  const auto text = [](const char* hold) {
    return "version: 1\nrepository:\n  backend: memory\nretention:\n  rules:\n    - name: held\n"
           "      hold: " +
           std::string(hold) + "\nlimits: { text: 4B }\n";
  };
  CHECK(Config::parse(text("keep"), "c.yaml").retention.policy.rules[0].hold == "keep");
  CHECK(mistakes_of(text("keeps")) ==
        "c.yaml:7:13: retention.rules[0].hold: 5 bytes are over limits.text, 4 bytes");
}

TEST_CASE("there are 1000 rules and 1000 caps at most") {
  const auto text = [](int entries) {
    std::string rules = "  rules:\n";
    std::string caps = "  caps:\n";
    for (int i = 0; i < entries; ++i) {
      rules += "    - { name: r" + std::to_string(i) + ", keep_for: 1d }\n";
      caps += "    - keep_last: 1\n";
    }
    return "version: 1\nrepository:\n  backend: memory\nretention:\n" + rules + caps;
  };
  const Policy policy = Config::parse(text(1000), "c.yaml").retention.policy;
  CHECK(policy.rules.size() == 1000);
  CHECK(policy.caps.size() == 1000);
  CHECK(mistakes_of(text(1001)) ==
        "c.yaml:5:3: retention.rules: 1001 are over the limit of 1000\n"
        "c.yaml:1007:3: retention.caps: 1001 are over the limit of 1000");
}

TEST_CASE("there are 100 archives at most") {
  std::string archives;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "a" + std::to_string(i);
    archives += "    " + name + ": { directory: /" + name + " }\n";
  }
  CHECK(config_with("retention:\n  archives:\n" + archives).retention.archives.size() == 100);
}

TEST_CASE("a policy and a purger are printed, and read as the same again") {
  Config config;
  config.repository.backend = "memory";
  config.retention.policy = {
      .min_age = 90s,
      .rules = {{.name = "null", .match = {.project = {"$5", "!\"x\""}}, .hold = "$ \\ \n"},
                {.name = "-",
                 .match = {.group = {""}, .attempts = {">3"}, .labels = {{"$a: b", {"${c}"}}}},
                 .keep_for = hours(36)},
                {.name = "010"}},
      .caps = {{.project = {"*"}, .keep_last = 5, .max_bytes = 1 << 20}, {.keep_last = 7}}};
  config.retention.policy.rules[0].archive = "null";
  config.retention.policy.rules[2].archive = "-";
  config.retention.policy.resolved_keep_for = 36h;
  config.retention.archives = {{"-", {.directory = "/-"}}, {"null", {.directory = "/null"}}};
  config.retention.journal_keep_for = 48h;
  config.purger = {.every = 90s, .jitter = 0, .time_budget = 1s, .slice = 10ms, .lease = 1min};
  const std::string printed = config.to_yaml();
  CHECK(printed.find(R"(retention:
  undo_window: 1d
  min_age: 90s
  rules:
    - name: "null"
      match: {project: ["$$5", "!\"x\""]}
      hold: "$$ \\ \x0a"
      archive: "null"
    - name: "-"
      match: {group: [""], attempts: [">3"], labels: {"$a: b": ["$${c}"]}}
      keep_for: 36h
    - name: "010"
      match: {}
      keep_for: forever
      archive: "-"
  caps:
    - match: {project: ["*"]}
      keep_last: 5
      max_bytes: 1MiB
    - match: {}
      keep_last: 7
  resolved:
    keep_for: 36h
  archives:
    "-":
      directory: "/-"
      compress: "zstd"
    "null":
      directory: "/null"
      compress: "zstd"
  guard:
    max_fraction: 50%
    min_jobs: 1000
    max_jobs: 1000000
    clock_jump: 1d
  journal:
    keep_for: 2d
purger:
  every: 90s
  jitter: 0%
  time_budget: 1s
  slice: 10ms
  lease: 1m
)") != std::string::npos);
  INFO(printed);
  const Config again = Config::parse(printed, "printed.yaml");
  CHECK(again.retention.policy == config.retention.policy);
  CHECK(again.to_yaml() == printed);
}

TEST_CASE("what is surely not meant is warned of where it stands, in the order of the file") {
  CHECK(config_with(R"(retention:
  caps:
    - keep_last: 100
    - match: { project: shop }
      keep_last: 10
  rules:
    - name: transient
      match: { error_code: [ "E5*", TIMEOUT ] }
      keep_for: 5m
    - name: timeouts
      match: { error_code: TIMEOUT, project: shop }
      keep_for: 1d
)")
            .warnings ==
        std::vector<std::string>{
            "c.yaml:7:7: retention.caps[1]: no partition reaches it: what it matches, caps[0] "
            "matches before it",
            "c.yaml:9:3: retention.rules: no rule matches every job: what none matches is kept for "
            "ever; a last rule without match says what shall become of it",
            "c.yaml:12:17: retention.rules[0].keep_for: 5m is less than min_age, 10m: jobs stay "
            "for that long",
            "c.yaml:13:7: retention.rules[1]: no job reaches the rule 'timeouts': what it matches, "
            "'transient' (rules[0]) matches before it"});
}

TEST_CASE("an archive that no rule names is warned of where it stands") {
  CHECK(config_with(R"(retention:
  archives:
    warm: { directory: /warm }
    cold: { directory: /cold }
    a.b:
      directory: /a.b
  rules:
    - { name: rest, keep_for: 30d, archive: cold }
  resolved: { keep_for: 0s }
)")
            .warnings ==
        std::vector<std::string>{"c.yaml:6:5: retention.archives.warm: no rule names it",
                                 "c.yaml:8:5: retention.archives.a.b: no rule names it"});
}

TEST_CASE("a policy that is meant as it stands is not warned of") {
  for (const char* policy : {R"(retention:
  rules:
    - { name: transient, match: { error_code: TIMEOUT }, keep_for: 10m }
    - { name: rest, keep_for: 30d }
  caps:
    - { match: { project: shop }, keep_last: 10 }
    - keep_last: 100
)",
                             R"(retention:
  min_age: 1m
  rules:
    - { name: held, match: { job_type: "payment.*" }, hold: finance }
    - { name: soon, match: { job_type: "*", attempts: [ "<=3", ">3" ] }, keep_for: 1m }
)",
                             R"(retention:
  min_age: 1h
  caps:
    - { match: { group: "!g" }, keep_last: 10 }
    - keep_last: 100
)"}) {
    INFO(policy);
    CHECK(config_with(policy).warnings.empty());
  }
}

TEST_CASE("a configuration with mistakes is refused without warnings") {
  CHECK(mistakes_of(R"(version: 1
repository:
  backend: memory
retention:
  rules:
    - name: soon
      match: { project: shop }
      keep_for: 1s
purger: { evry: 1m }
)") == "c.yaml:9:11: purger.evry: unknown key; did you mean 'every'?");
}

}  // namespace
}  // namespace purgatory::config_test
