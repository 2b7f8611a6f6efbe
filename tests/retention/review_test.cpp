// Each text that is said against a policy.

#include "core/retention/review.hpp"

#include <vector>

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using namespace retention_test;

using Lines = std::vector<std::string>;

Lines lines_of(const std::vector<Remark>& remarks) {
  Lines lines;
  for (const Remark& remark : remarks) lines.push_back(remark.path + ": " + text_of(remark));
  return lines;
}

Lines mistakes(const Policy& policy) { return lines_of(mistakes_of(policy)); }
Lines warnings(const Policy& policy) {
  REQUIRE(mistakes(policy).empty());
  return lines_of(warnings_of(policy));
}

TEST_CASE("a policy without mistakes") {
  CHECK(mistakes({}).empty());
  CHECK(mistakes({.min_age = milliseconds(0),
                  .rules = {{.name = "A-z.0_9", .match = {.attempts = {"!=3"}}, .hold = "x"},
                            {.name = std::string(64, 'n'), .keep_for = milliseconds(0)}},
                  .caps = {{.keep_last = 1}, {.max_bytes = 1024}}})
            .empty());
}

TEST_CASE("the name of a rule") {
  CHECK(mistakes({.rules = {{.name = ""}, {.name = "a b"}, {.name = std::string(65, 'n')}}}) ==
        Lines{"rules[0].name: '' is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'",
              "rules[1].name: 'a b' is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and "
              "'-'",
              "rules[2].name: 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...' is "
              "no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'"});
  CHECK(mistakes({.rules = {{.name = "a"}, {.name = "b"}, {.name = "a"}}}) ==
        Lines{"rules[2].name: 'a' is the name of rules[0], too"});
}

TEST_CASE("how long a rule keeps") {
  CHECK(mistakes({.rules = {{.name = "a", .keep_for = hours(24 * 36'500)}}}).empty());
  CHECK(mistakes({.rules = {{.name = "a", .keep_for = hours(24 * 36'500) + milliseconds(1)},
                            {.name = "b", .keep_for = milliseconds(-1)},
                            {.name = "c", .keep_for = hours(1), .hold = "x"},
                            {.name = "d", .hold = std::string(256, 'x')}}}) ==
        Lines{"rules[0].keep_for: 3153600000001ms is out of range: 0s to 36500d",
              "rules[1].keep_for: -1ms is out of range: 0s to 36500d",
              "rules[2].keep_for: a rule that holds keeps for ever: leave keep_for or hold out",
              "rules[3].hold: 256 bytes are over the limit of 255"});
  CHECK(mistakes({.min_age = milliseconds(-1)}) ==
        Lines{"min_age: -1ms is out of range: 0s to 3650d"});
}

TEST_CASE("how long resolved jobs are kept") {
  CHECK(mistakes({.resolved_keep_for = milliseconds(0)}).empty());
  CHECK(mistakes({.resolved_keep_for = hours(24 * 36'500)}).empty());
  CHECK(mistakes({.resolved_keep_for = milliseconds(-1)}) ==
        Lines{"resolved.keep_for: -1ms is out of range: 0s to 36500d"});
  CHECK(mistakes({.resolved_keep_for = milliseconds::max()}) ==
        Lines{"resolved.keep_for: 9223372036854775807ms is out of range: 0s to 36500d"});
}

TEST_CASE("the archive of a rule, of one that holds, too, is a name or nothing") {
  CHECK(mistakes({.rules = {{.name = "a", .archive = std::string(64, 'n')},
                            {.name = "b", .hold = "x", .archive = "A-z.0_9"},
                            {.name = "c", .archive = ""}}})
            .empty());
  CHECK(mistakes({.rules = {{.name = "a", .archive = "./cold"},
                            {.name = "b", .hold = "x", .archive = std::string(65, 'n')}}}) ==
        Lines{"rules[0].archive: './cold' is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' "
              "and '-'",
              "rules[1].archive: 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...' "
              "is no name: it takes 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-'"});
}

TEST_CASE("patterns, labels and comparisons") {
  const std::string long_pattern(1001, 'p');
  CHECK(mistakes({.rules = {{.name = "a",
                             .match = {.group = {"g", long_pattern},
                                       .attempts = {"3", "many"},
                                       .labels = {{"", {"x"}},
                                                  {std::string(256, 'k'), {"x"}},
                                                  {"a b", {long_pattern}},
                                                  {"host", {}}}}}}}) ==
        Lines{"rules[0].match.group[1]: a pattern of 1001 bytes is over the limit of 1000",
              "rules[0].match.attempts[1]: 'many' is no comparison with a number up to 4294967295: "
              "write 3, \"!=3\", \"<3\", \"<=3\", \">3\" or \">=3\"",
              "rules[0].match.labels.?: a label has a name",
              "rules[0].match.labels.?[0]: a pattern of 1001 bytes is over the limit of 1000",
              "rules[0].match.labels.host: needs a pattern; \"*\" is any value",
              "rules[0].match.labels.?: a name of 256 bytes is over the limit of 255"});
}

TEST_CASE("caps") {
  CHECK(mistakes({.caps = {{},
                           {.keep_last = 0},
                           {.max_bytes = 1023},
                           {.max_bytes = UINT64_MAX},
                           {.project = {std::string(1001, 'p')}, .keep_last = 1}}}) ==
        Lines{"caps[0]: bounds nothing: give keep_last or max_bytes",
              "caps[1].keep_last: 0 is out of range: 1 to 1000000000000",
              "caps[2].max_bytes: 1023B is out of range: 1KiB to 1024TiB",
              "caps[3].max_bytes: 9223372036854775807B is out of range: 1KiB to 1024TiB",
              "caps[4].match.project[0]: a pattern of 1001 bytes is over the limit of 1000"});
}

TEST_CASE("a hold is a text that the store takes") {
  const Policy policy{.rules = {{.name = "a", .hold = "four"}, {.name = "b", .hold = "fives"}}};
  CHECK(mistakes(policy).empty());
  CHECK(lines_of(mistakes_of(policy, {.max_text_bytes = 4})) ==
        Lines{"rules[1].hold: 5 bytes are over limits.text, 4 bytes"});
}

TEST_CASE("there are not too many of them") {
  Policy policy;
  for (int i = 0; i < 1001; ++i) {
    policy.rules.push_back({.name = "r" + std::to_string(i)});
    policy.caps.push_back({.keep_last = 1});
  }
  CHECK(mistakes(policy) ==
        Lines{"rules: 1001 are over the limit of 1000", "caps: 1001 are over the limit of 1000"});
}

TEST_CASE("what can be applied, and is surely not meant") {
  CHECK(warnings({}).empty());
  CHECK(
      warnings({.rules = {{.name = "a", .match = {.project = {"p"}}}, {.name = "rest"}}}).empty());
  CHECK(warnings({.rules = {{.name = "a", .match = {.project = {"p"}}}}}) ==
        Lines{"rules: no rule matches every job: what none matches is kept for ever; a last rule "
              "without match says what shall become of it"});
  CHECK(warnings({.rules = {{.name = "a", .match = {.error_code = {"E*"}}},
                            {.name = "b", .match = {.job_type = {"x"}, .error_code = {"E1"}}},
                            {.name = "c"},
                            {.name = "d"}}}) ==
        Lines{"rules[1]: no job reaches the rule 'b': what it matches, 'a' (rules[0]) matches "
              "before it",
              "rules[3]: no job reaches the rule 'd': what it matches, 'c' (rules[2]) matches "
              "before it"});
  CHECK(warnings({.rules = {{.name = "a", .keep_for = minutes(10) - milliseconds(1)}}}) ==
        Lines{"rules[0].keep_for: 599999ms is less than min_age, 10m: jobs stay for that long"});
  CHECK(warnings({.rules = {{.name = "a", .keep_for = minutes(10)}}}).empty());
  CHECK(warnings({.resolved_keep_for = milliseconds(0)}).empty());
  CHECK(warnings({.caps = {{.keep_last = 5}, {.project = {"p"}, .keep_last = 1}}}) ==
        Lines{"caps[1]: no partition reaches it: what it matches, caps[0] matches before it"});
}

TEST_CASE("a policy with mistakes is refused with all of them") {
  CHECK(config_error_of([] { check({.min_age = milliseconds(-1), .caps = {{}}}, "retention"); }) ==
        "retention.min_age: -1ms is out of range: 0s to 3650d\n"
        "retention.caps[0]: bounds nothing: give keep_last or max_bytes");
  CHECK(config_error_of([] { check({}, "retention"); }) == "no error");
}

}  // namespace
}  // namespace purgatory::retention
