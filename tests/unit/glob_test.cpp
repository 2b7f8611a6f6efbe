#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "purgatory/selection.hpp"

namespace purgatory {
namespace {

/// The definition: slow, and plainly right.
bool oracle(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return oracle(pattern.substr(1), text) || (!text.empty() && oracle(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         oracle(pattern.substr(1), text.substr(1));
}

TEST_CASE("globs match bytes") {
  struct Row {
    std::string pattern;
    std::string text;
    bool match;
  };
  const std::string nul("a\0b", 3);
  const Row rows[] = {{"", "", true},
                      {"", "a", false},
                      {"a", "", false},
                      {"*", "", true},
                      {"*", "anything", true},
                      {"**", "", true},
                      {"?", "", false},
                      {"?", "a", true},
                      {"?", "ab", false},
                      {"??*", "a", false},
                      {"??*", "ab", true},
                      {"a*", "a", true},
                      {"*a", "ba", true},
                      {"*a", "ab", false},
                      {"a*c", "abbc", true},
                      {"a*c", "abbcd", false},
                      {"a*b*c", "aXbYbZc", true},
                      {"*ab", "aab", true},
                      {"*a*b*", "ba", false},
                      {"[ab]", "a", false},
                      {"[ab]", "[ab]", true},
                      {"a\\*", "a*", false},
                      {"a\\*", "a\\xyz", true},
                      {"A", "a", false},
                      {nul, nul, true},
                      {"a?b", nul, true},
                      {"a*", nul, true},
                      {"a", nul, false},
                      {nul, "a", false},
                      {"?", "\xFF", true},
                      {"\xFF*", "\xFF\xFE", true},
                      {"?", "\xC3\xA9", false},
                      {"a\n*", "a\nb", true}};
  for (const Row& row : rows) {
    INFO(row.pattern << " on " << row.text);
    CHECK(glob_match(row.pattern, row.text) == row.match);
    CHECK(oracle(row.pattern, row.text) == row.match);
  }
}

TEST_CASE("globs match as their definition says") {
  rc::prop("patterns and texts of few different bytes", [] {
    const auto bytes = [](std::string alphabet, int most) {
      return *rc::gen::resize(
          most, rc::gen::container<std::string>(rc::gen::elementOf(std::move(alphabet))));
    };
    const std::string pattern = bytes("ab*?*[", 8);
    const std::string text = bytes("ab[", 10);
    RC_CLASSIFY(oracle(pattern, text), "match");
    RC_ASSERT(glob_match(pattern, text) == oracle(pattern, text));
  });
}

/// All texts over the alphabet with at most `most` bytes.
std::vector<std::string> all_texts(const std::string& alphabet, std::size_t most) {
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() == most) break;
    for (const char c : alphabet) texts.push_back(texts[i] + c);
  }
  return texts;
}

TEST_CASE("all small globs match all small texts as their definition says") {
  const auto texts = all_texts("ab", 5);
  std::size_t wrong = 0;
  for (const std::string& pattern : all_texts("ab?*", 5)) {
    for (const std::string& text : texts) {
      if (glob_match(pattern, text) != oracle(pattern, text)) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("many stars do not blow up") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "a*";
  const std::string text(60'000, 'a');
  CHECK(glob_match(pattern, text));
  CHECK_FALSE(glob_match(pattern + "b", text));
}

}  // namespace
}  // namespace purgatory
