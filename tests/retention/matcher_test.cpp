#include "core/retention/matcher.hpp"

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using retention_test::a_job;

bool matches(const Match& match, const FailedJob& job = a_job()) {
  return Matcher(match).matches(job);
}

TEST_CASE("an empty match is every job") {
  CHECK(matches({}));
  CHECK(Matcher({}).matches_all());
}

TEST_CASE("each text of a job can be matched") {
  for (const MatchField& field : kMatchFields) {
    INFO(field.key);
    Match match;
    match.*field.patterns = {a_job().*field.text};
    CHECK(matches(match));
    CHECK_FALSE(Matcher(match).matches_all());
    FailedJob other = a_job();
    other.*field.text += "x";
    CHECK_FALSE(matches(match, other));
  }
}

TEST_CASE("all conditions have to match") {
  CHECK(matches({.project = {"shop"}, .error_code = {"EVS.*"}, .attempts = {"<=3"}}));
  CHECK_FALSE(matches({.project = {"shop"}, .error_code = {"EVS.*"}, .attempts = {"<3"}}));
  CHECK_FALSE(matches({.project = {"depot"}, .error_code = {"EVS.*"}}));
}

TEST_CASE("the empty group is the project level") {
  FailedJob job = a_job();
  CHECK_FALSE(matches({.group = {""}}, job));
  job.group.clear();
  CHECK(matches({.group = {""}}, job));
}

TEST_CASE("labels are matched by key, and one that is absent by ! alone") {
  CHECK(matches({.labels = {{"host", {"web*"}}}}));
  CHECK_FALSE(matches({.labels = {{"host", {"db*"}}}}));
  CHECK_FALSE(matches({.labels = {{"zone", {"*"}}}}));
  CHECK(matches({.labels = {{"zone", {"!a"}}}}));
  CHECK_FALSE(matches({.labels = {{"host", {"web1"}}, {"zone", {"*"}}}}));
}

TEST_CASE("texts may hold any byte") {
  FailedJob job = a_job();
  job.error_code = std::string("a\0\n\xff", 4);
  CHECK(matches({.error_code = {std::string("a\0*", 3)}}, job));
  CHECK(matches({.error_code = {"?*\n?"}}, job));
}

TEST_CASE("one match covers another if each of its conditions does") {
  const auto covers = [](const Match& wide, const Match& narrow) {
    return Matcher(wide).covers(Matcher(narrow));
  };
  CHECK(covers({}, {.project = {"shop"}}));
  CHECK(covers({.project = {"*"}}, {}));
  CHECK(covers({.error_code = {"EVS.*"}}, {.project = {"shop"}, .error_code = {"EVS.5*"}}));
  CHECK(covers({.attempts = {"<=3"}}, {.attempts = {"2"}}));
  CHECK(covers({.labels = {{"host", {"web*"}}}}, {.labels = {{"host", {"web1"}}, {"a", {"b"}}}}));

  CHECK_FALSE(covers({.project = {"shop"}}, {}));
  CHECK_FALSE(covers({.error_code = {"EVS.*"}}, {.job_type = {"EVS.*"}}));
  CHECK_FALSE(covers({.attempts = {"<=3"}}, {}));
  CHECK_FALSE(covers({.labels = {{"host", {"*"}}}}, {}));
  CHECK_FALSE(covers({.labels = {{"host", {"*"}}}}, {.labels = {{"host", {"!a"}}}}));
}

}  // namespace
}  // namespace purgatory::retention
