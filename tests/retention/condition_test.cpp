#include "core/retention/condition.hpp"

#include <random>

#include "purgatory/selection.hpp"
#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

bool matches(const Patterns& patterns, std::string_view text) {
  return TextCondition(patterns).matches(text);
}

bool covers(const Patterns& wide, const Patterns& narrow) {
  return TextCondition(wide).covers(TextCondition(narrow));
}

/// A text of few letters, so that patterns meet it often.
std::string random_text(std::mt19937& random, std::string_view letters, std::size_t most) {
  std::string text(random() % (most + 1), ' ');
  for (char& c : text) c = letters[random() % letters.size()];
  return text;
}

TEST_CASE("a pattern is a literal, or a glob of * and ?") {
  CHECK(matches({"TIMEOUT"}, "TIMEOUT"));
  CHECK_FALSE(matches({"TIMEOUT"}, "TIMEOUT2"));
  CHECK_FALSE(matches({"TIMEOUT"}, "timeout"));
  CHECK(matches({"EVS.5*"}, "EVS.5"));
  CHECK(matches({"EVS.5*"}, "EVS.5021"));
  CHECK_FALSE(matches({"EVS.5*"}, "EVS.4021"));
  CHECK(matches({"*.capture"}, "payment.capture"));
  CHECK(matches({"EVS.????"}, "EVS.0204"));
  CHECK_FALSE(matches({"EVS.????"}, "EVS.020"));
  CHECK(matches({"*"}, ""));
  CHECK(matches({""}, ""));
  CHECK_FALSE(matches({""}, "x"));
  CHECK(matches({"[a]"}, "[a]"));
}

TEST_CASE("of several patterns any may match") {
  CHECK(matches({"a", "b*"}, "a"));
  CHECK(matches({"a", "b*"}, "bc"));
  CHECK_FALSE(matches({"a", "b*"}, "c"));
}

TEST_CASE("a pattern behind ! refuses, whatever the others match") {
  CHECK(matches({"!EVS.*"}, "TIMEOUT"));
  CHECK_FALSE(matches({"!EVS.*"}, "EVS.1"));
  CHECK(matches({"EVS.*", "!EVS.0204"}, "EVS.0205"));
  CHECK_FALSE(matches({"EVS.*", "!EVS.0204"}, "EVS.0204"));
  CHECK_FALSE(matches({"EVS.*", "!EVS.0204"}, "TIMEOUT"));
  CHECK(matches({"!"}, "not empty"));
  CHECK_FALSE(matches({"!"}, ""));
}

TEST_CASE("a text that is not there matches patterns with ! alone") {
  CHECK(TextCondition({"!a"}).matches_absent());
  CHECK_FALSE(TextCondition({"*"}).matches_absent());
  CHECK_FALSE(TextCondition({"a", "!b"}).matches_absent());
}

TEST_CASE("a pattern matches what the glob that it is does") {
  std::mt19937 random(42);
  int matched = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string pattern = random_text(random, "ab*?", 5);
    const std::string text = random_text(random, "ab", 6);
    INFO(pattern << " on " << text);
    REQUIRE(matches({pattern}, text) == glob_match(pattern, text));
    matched += matches({pattern}, text) ? 1 : 0;
  }
  CHECK(matched > 1000);
}

TEST_CASE("one condition covers another") {
  CHECK(covers({"*"}, {"a"}));
  CHECK(covers({"a*"}, {"ab*", "a"}));
  CHECK(covers({"a?c"}, {"abc"}));
  CHECK(covers({"*b*"}, {"a*b"}));
  CHECK(covers({"a", "b"}, {"b"}));
  CHECK(covers({"!a"}, {"!a*"}));
  CHECK(covers({"*", "!ab"}, {"a*", "!ab", "!ac"}));

  CHECK_FALSE(covers({"a"}, {"a*"}));
  CHECK_FALSE(covers({"a?c"}, {"a*c"}));
  CHECK_FALSE(covers({"ab*"}, {"a*"}));
  CHECK_FALSE(covers({"a"}, {"a", "b"}));
  CHECK_FALSE(covers({"a*"}, {"!b"}));
  CHECK_FALSE(covers({"*", "!ab"}, {"a*"}));
}

Patterns random_patterns(std::mt19937& random) {
  Patterns patterns(1 + random() % 2);
  for (std::string& pattern : patterns) {
    pattern = random_text(random, "ab*?", 4);
    if (random() % 4 == 0) pattern.insert(0, "!");
  }
  return patterns;
}

TEST_CASE("what a condition covers, it matches") {
  std::mt19937 random(42);
  int covered = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Patterns wide = random_patterns(random);
    const Patterns narrow = random_patterns(random);
    if (!covers(wide, narrow)) continue;
    ++covered;
    for (int j = 0; j < 20; ++j) {
      const std::string text = random_text(random, "ab", 5);
      if (!matches(narrow, text) || matches(wide, text)) continue;
      INFO(Catch::Detail::stringify(wide) << " covers " << Catch::Detail::stringify(narrow));
      FAIL(text);
    }
  }
  CHECK(covered > 1000);
}

bool number_matches(const std::vector<std::string>& comparisons, std::uint32_t number) {
  return NumberCondition(comparisons).matches(number);
}

TEST_CASE("a comparison of numbers") {
  constexpr std::uint32_t kMost = 4'294'967'295;
  CHECK(number_matches({"3"}, 3));
  CHECK_FALSE(number_matches({"3"}, 2));
  CHECK_FALSE(number_matches({"!=3"}, 3));
  CHECK(number_matches({"!=3"}, 0));
  CHECK(number_matches({"!=3"}, kMost));
  CHECK(number_matches({"<3"}, 2));
  CHECK_FALSE(number_matches({"<3"}, 3));
  CHECK(number_matches({"<=3"}, 3));
  CHECK_FALSE(number_matches({"<=3"}, 4));
  CHECK(number_matches({">3"}, 4));
  CHECK_FALSE(number_matches({">3"}, 3));
  CHECK(number_matches({">=3"}, kMost));
  CHECK(number_matches({"0", ">=5"}, 0));
  CHECK(number_matches({"0", ">=5"}, 5));
  CHECK_FALSE(number_matches({"0", ">=5"}, 4));
  CHECK(number_matches({"4294967295"}, kMost));
}

TEST_CASE("what is no comparison") {
  for (const char* text : {"", "<", "3 ", " 3", "<>3", "=3", "==3", "-1", "+3", "03", "3.5", "many",
                           "<0", ">4294967295", "4294967296", "<=4294967296"}) {
    INFO(text);
    CHECK(ranges_of(text).empty());
  }
}

TEST_CASE("one condition on numbers covers another") {
  const auto covers_numbers = [](const std::vector<std::string>& wide,
                                 const std::vector<std::string>& narrow) {
    return NumberCondition(wide).covers(NumberCondition(narrow));
  };
  CHECK(covers_numbers({"<=3"}, {"3", "0"}));
  CHECK(covers_numbers({"<=3", ">3"}, {">=0"}));
  CHECK(covers_numbers({"<=3", "4", ">=5"}, {"!=2"}));
  CHECK(covers_numbers({"!=3"}, {"<3"}));
  CHECK_FALSE(covers_numbers({"<=3"}, {"<=4"}));
  CHECK_FALSE(covers_numbers({"!=3"}, {"<=3"}));
  CHECK(NumberCondition(std::vector<std::string>{">=0"}).matches_all());
  CHECK_FALSE(NumberCondition(std::vector<std::string>{">=1"}).matches_all());
}

}  // namespace
}  // namespace purgatory::retention
