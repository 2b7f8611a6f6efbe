// Texts that are too large, too deep, or no text: what no file in broken/ can show nicely.

#include "tests/config/setting.hpp"

namespace purgatory::config_test {
namespace {

/// A configuration whose document has 13 values beside the items of a list.
std::string with_items(std::size_t items) {
  std::string list;
  for (std::size_t i = 0; i < items; ++i) list += "x,";
  return sample("url: here\nnodes: [" + list + "]");
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("a text has 1 MiB at most") {
  std::string text = sample("url: here") + "#";
  text.resize(1 << 20, 'x');
  CHECK(Config::parse(text, "c.yaml").repository.backend == "sample");
  text.resize(2 << 20, 'x');
  CHECK(mistakes_of(text) ==
        "c.yaml:1:1: is too large: 2097152 bytes, and a configuration has at most 1048576");
}

TEST_CASE("a document has 10,000 values at most") {
  CHECK(Config::parse(with_items(9'987), "c.yaml").repository.options.list("nodes").size() ==
        9'987);
  CHECK(mistakes_of(with_items(9'988)) ==
        "c.yaml:6:19987: repository.sample.nodes[9987]: is too large: more than 10000 values");
}

TEST_CASE("nesting stops at 16 levels, however deep it goes on") {
  const std::string_view too_deep = ": is nested too deeply: more than 16 levels";
  CHECK(mistakes_of(std::string(100'000, '[')).ends_with(too_deep));
  CHECK(mistakes_of("a: " + std::string(100'000, '[') + std::string(100'000, ']')) ==
        "c.yaml:1:19: a" + repeat("[0]", 15) + std::string(too_deep));
  CHECK(mistakes_of(repeat("{a: ", 100'000) + std::string(100'000, '}')) ==
        "c.yaml:1:62: a" + repeat(".a", 14) + std::string(too_deep));
  CHECK(mistakes_of(repeat("- ", 100'000)) ==
        "c.yaml:1:33: " + repeat("[0]", 16) + std::string(too_deep));
  CHECK(mistakes_of("repository: " + std::string(15, '[') + std::string(15, ']')) ==
        "c.yaml:1:1: version: is required and is missing\n"
        "c.yaml:1:13: repository: takes keys, each with a value, not a list");
}

TEST_CASE("what is not UTF-8 text is refused where it begins") {
  const std::string refused = "this is not UTF-8 text";
  CHECK(mistakes_of("\xFF") == "c.yaml:1:1: " + refused);
  CHECK(mistakes_of("version: 1\n# a\xC3\n") == "c.yaml:2:4: " + refused);
  CHECK(mistakes_of("version: 1\nb\xC3\xA4\x80") == "c.yaml:2:3: " + refused);
  CHECK(mistakes_of("a: \xC0\xAF") == "c.yaml:1:4: " + refused);      // overlong
  CHECK(mistakes_of("a: \xED\xA0\x80") == "c.yaml:1:4: " + refused);  // half of a pair
  CHECK(mistakes_of("a: \xF4\x90\x80\x80") == "c.yaml:1:4: " + refused);
  CHECK(mistakes_of("a: b\xE2\x82") == "c.yaml:1:5: " + refused);  // cut off
}

TEST_CASE("a NUL byte is no text, so UTF-16 is none either") {
  using namespace std::string_view_literals;
  CHECK(mistakes_of("version: 1\0\n"sv) == "c.yaml:1:11: this is not UTF-8 text");
  CHECK(mistakes_of("v\0e\0r\0"sv) == "c.yaml:1:2: this is not UTF-8 text");
  CHECK(mistakes_of("\xFE\xFF\0v"sv) == "c.yaml:1:1: this is not UTF-8 text");
}

TEST_CASE("a key that is too long to be one is not shown") {
  CHECK(mistakes_of(sample("url: here\n" + std::string(64, 'k') + ": 1"))
            .starts_with("c.yaml:6:5: repository.sample." + std::string(64, 'k') +
                         ": unknown key; known are: "));
  CHECK(mistakes_of(sample("url: here\n" + std::string(65, 'k') + ": 1")) ==
        "c.yaml:6:5: repository.sample.?: is not a key; perhaps a space is missing behind a colon");
}

TEST_CASE("the name that a text is given stands in each line") {
  const Error error = error_of([] { return Config::parse("{}", "the table config, row 7"); });
  CHECK(std::string(error.what()) ==
        "the table config, row 7:1:1: version: is required and is missing\n"
        "the table config, row 7:1:1: repository: is required and is missing");
}

}  // namespace
}  // namespace purgatory::config_test
