// A plan as JSON: what comes back, and what is refused.

#include "purgatory/plan.hpp"
#include "tests/retention/samples.hpp"

namespace purgatory::retention_test {
namespace {

Plan policy_plan() {
  Plan plan;
  plan.policy = std::string(32, 'a');
  plan.cutoff = kNow;
  plan.watermarks = {{"shop", 17}, {"\xff not utf8", 18'000'000'000'000'000'000U}};
  plan.jobs = 3;
  plan.bytes = 900;
  plan.held = 1;
  plan.purges = {{.rule = "transient",
                  .reason = "age",
                  .jobs = 3,
                  .bytes = 900,
                  .oldest = kNow - hours(9),
                  .newest = kNow,
                  .samples = {{"shop", "g\n\xfe", "a", kNow}, {"shop", "", "b", kNow}}}};
  plan.unmatched = 5;
  plan.over_caps = 7;
  plan.guard = "too much";
  return plan;
}

std::string error_of_plan(const std::string& json) {
  try {
    (void)read_plan(json);
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + " " + error.what();
  }
  return "no error";
}

/// A plan's JSON with one part of it replaced.
std::string changed(const std::string& what, const std::string& by) {
  std::string json = to_json(policy_plan());
  const std::size_t place = json.find(what);
  REQUIRE(place != std::string::npos);
  return json.replace(place, what.size(), by);
}

TEST_CASE("a policy's plan comes back as it was") {
  CHECK(read_plan(to_json(policy_plan())) == policy_plan());
  CHECK(read_plan(to_json(Plan{})) == Plan{});
}

TEST_CASE("a selection's plan comes back as it was") {
  Plan plan;
  plan.cutoff = kNow;
  plan.scope =
      GENERATE(Scope::project("shop"), Scope::project_level("shop"), Scope::group("shop", "g\xff"));
  plan.filter.failure_status = "f";
  plan.filter.resource_type = "t";
  plan.filter.resource_id = "\xff";
  plan.filter.job_type = "j*";
  plan.filter.error_code = "";
  plan.filter.resource_name = "n";
  plan.filter.rule = "r";
  plan.filter.literal = true;
  plan.filter.failed_from = kNow;
  plan.filter.failed_before = kNow + hours(1);
  plan.filter.held = false;
  plan.filter.resolved = true;
  CHECK(read_plan(to_json(plan)) == plan);
}

TEST_CASE("what is no plan is refused, naming the member") {
  CHECK_THAT(error_of_plan("{"), Catch::StartsWith("invalid_argument plan: is no JSON: "));
  CHECK(error_of_plan("[]") == "invalid_argument plan: is no JSON object");
  CHECK(error_of_plan(changed("\"everything\":true,", "")) ==
        "invalid_argument plan: scope: or everything: give one of both");
  CHECK(error_of_plan("{}") == "invalid_argument plan: form: is missing");
  CHECK(error_of_plan(changed("\"form\":1", "\"form\":2")) ==
        "invalid_argument plan: form: is not 1: another version of the library wrote it");
  CHECK(error_of_plan(changed("\"unmatched\":5", "\"unmatched\":-5")) ==
        "invalid_argument plan: unmatched: is no number of 0 or more");
  CHECK(error_of_plan(changed("\"held\":1", "\"held\":1.5")) ==
        "invalid_argument plan: held: is no number of 0 or more");
  CHECK(error_of_plan(changed("\"held\":1", "\"held\":1,\"holds\":1")) ==
        "invalid_argument plan: 'holds': is not known");
  CHECK(error_of_plan(changed("\"cutoff\":\"2026", "\"cutoff\":\"soon 2026")) ==
        "invalid_argument plan: cutoff: is no time: write it as 2026-11-28T08:30:00Z");
  CHECK(error_of_plan(changed("\"rule\":\"transient\"", "\"rule\":7")) ==
        "invalid_argument plan: purges[0]: rule: is no text");
  CHECK(error_of_plan(changed("\"reason\":\"age\",", "")) ==
        "invalid_argument plan: purges[0]: reason: is missing");
  CHECK(error_of_plan(changed("\"group_id_base64\":\"", "\"group_id_base64\":\"!")) ==
        "invalid_argument plan: purges[0]: samples[0]: group_id_base64: is no base64");
  CHECK(error_of_plan(changed("\"watermarks\":[", "\"watermarks\":7,\"more\":[")) ==
        "invalid_argument plan: watermarks: is no list");
  CHECK(error_of_plan(changed("\"jobs\":3,", "\"jobs\":3,\"filter\":{\"held\":\"no\"},")) ==
        "invalid_argument plan: filter: held: is neither true nor false");
}

}  // namespace
}  // namespace purgatory::retention_test
