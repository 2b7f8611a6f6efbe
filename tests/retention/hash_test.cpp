#include <set>

#include "core/retention/canonical.hpp"
#include "purgatory/config.hpp"
#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using namespace retention_test;

Policy a_policy() {
  return {
      .min_age = minutes(5),
      .rules = {{.name = "held", .match = {.job_type = {"pay*"}}, .hold = "say \"please\" for $5"},
                {.name = "some",
                 .match = {.project = {"a", "!b"},
                           .group = {""},
                           .job_type = {"*"},
                           .resource_type = {"r"},
                           .resource_name = {"n"},
                           .failure_status = {"s"},
                           .error_code = {"e"},
                           .fail_reason = {"f\n\x7f"},
                           .attempts = {"<=3", "7"},
                           .labels = {{"a key", {"v"}}, {"host", {"x", "y"}}}},
                 .keep_for = hours(36)},
                {.name = "rest"}},
      .caps = {{.project = {"a"}, .group = {"g*"}, .keep_last = 10, .max_bytes = 1 << 20},
               {.keep_last = 1'000'000}}};
}

TEST_CASE("a policy reads back from its canonical text") {
  const std::string yaml =
      "version: 1\nrepository:\n  backend: memory\nretention:\n" + canonical_yaml(a_policy());
  INFO(yaml);
  const Config config = Config::parse(yaml, "canonical");
  CHECK(config.retention.policy == a_policy());
  CHECK(canonical_yaml(config.retention.policy) == canonical_yaml(a_policy()));
}

TEST_CASE("archives of rules and resolved jobs read back, too") {
  Policy policy = a_policy();
  policy.rules[0].archive = "null";
  policy.rules[1].archive = "cold";
  policy.resolved_keep_for = milliseconds(0);
  const std::string yaml = "version: 1\nrepository:\n  backend: memory\nretention:\n" +
                           canonical_yaml(policy) +
                           "  archives: { cold: { directory: /c }, \"null\": { directory: /n } }\n";
  INFO(yaml);
  CHECK(Config::parse(yaml, "canonical").retention.policy == policy);
}

TEST_CASE("without archives and resolved jobs the canonical text names none") {
  CHECK(canonical_yaml({.rules = {{.name = "rest", .keep_for = hours(1)}},
                        .caps = {{.keep_last = 1}}}) == R"(  min_age: 10m
  rules:
    - name: "rest"
      match: {}
      keep_for: 1h
  caps:
    - match: {}
      keep_last: 1
)");
  CHECK(canonical_yaml({.rules = {{.name = "rest", .keep_for = hours(1), .archive = "cold"}},
                        .resolved_keep_for = minutes(90)}) == R"(  min_age: 10m
  rules:
    - name: "rest"
      match: {}
      keep_for: 1h
      archive: "cold"
  resolved:
    keep_for: 90m
)");
}

TEST_CASE("a hash is 32 hex digits, the same everywhere") {
  CHECK(a_policy().hash() == a_policy().hash());
  CHECK(a_policy().hash().size() == 32);
  CHECK(a_policy().hash().find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(Policy{}.hash() == "29944c16e49b78067e19a39575e76d13");
}

TEST_CASE("each member changes the hash") {
  std::set<std::string> hashes{a_policy().hash()};
  const auto changed = [&](auto change) {
    Policy policy = a_policy();
    change(policy);
    return hashes.insert(policy.hash()).second;
  };
  CHECK(changed([](Policy& policy) { policy.min_age = minutes(6); }));
  CHECK(changed([](Policy& policy) { policy.rules[0].name = "other"; }));
  CHECK(changed([](Policy& policy) { policy.rules[0].hold = "other"; }));
  CHECK(changed([](Policy& policy) { policy.rules[1].keep_for = hours(37); }));
  CHECK(changed([](Policy& policy) { policy.rules[1].keep_for.reset(); }));
  CHECK(changed([](Policy& policy) { policy.rules[0].archive = "cold"; }));
  CHECK(changed([](Policy& policy) { policy.rules[1].archive = "cold"; }));
  CHECK(changed([](Policy& policy) { policy.rules[1].archive = "other"; }));
  CHECK(changed([](Policy& policy) { policy.resolved_keep_for = milliseconds(0); }));
  CHECK(changed([](Policy& policy) { policy.resolved_keep_for = hours(1); }));
  CHECK(changed([](Policy& policy) { policy.rules[1].match.group = {"g"}; }));
  CHECK(changed([](Policy& policy) { policy.rules[1].match.attempts = {"3"}; }));
  CHECK(changed([](Policy& policy) { policy.rules[1].match.labels.erase("host"); }));
  CHECK(changed([](Policy& policy) { policy.rules.pop_back(); }));
  CHECK(changed([](Policy& policy) { std::swap(policy.rules[0], policy.rules[1]); }));
  CHECK(changed([](Policy& policy) { policy.caps[0].group.clear(); }));
  CHECK(changed([](Policy& policy) { policy.caps[0].keep_last = 11; }));
  CHECK(changed([](Policy& policy) { policy.caps[0].max_bytes.reset(); }));
}

TEST_CASE("where archives are, and the guard, change no hash") {
  const auto hash_with = [](std::string_view others) {
    return Config::parse(
               "version: 1\nrepository:\n  backend: memory\nretention:\n"
               "  rules: [ { name: rest, keep_for: 30d, archive: cold } ]\n" +
                   std::string(others),
               "c.yaml")
        .retention.policy.hash();
  };
  const std::string hash = hash_with("  archives: { cold: { directory: /cold } }\n");
  CHECK(hash_with("  archives: { cold: { directory: /other, compress: none } }\n") == hash);
  CHECK(hash_with("  archives: { cold: { directory: /cold }, warm: { directory: /warm } }\n"
                  "  guard: { max_fraction: 1%, min_jobs: 1, max_jobs: 2, clock_jump: 1s }\n") ==
        hash);
}

TEST_CASE("a policy with mistakes has no hash") {
  CHECK(config_error_of([] { (void)Policy{.caps = {{}}}.hash(); }) ==
        "policy.caps[0]: bounds nothing: give keep_last or max_bytes");
}

}  // namespace
}  // namespace purgatory::retention
