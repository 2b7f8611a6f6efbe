// Plugins that are loaded, and then refused for what they say about themselves or do.

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/plugin/elf.hpp"
#include "core/plugin/file.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/loader.hpp"
#include "tests/loader/fixture.hpp"

namespace purgatory::loader_test {
namespace {

Refusal loading(const std::string& way) {
  return {.name = way,
          .attempt =
              [way](const Place& place) {
                place.put(way);
                load(place);
              },
          .code_runs = true};
}

Refusal opening(const std::string& way, ErrorCode code = ErrorCode::plugin) {
  return {.name = way,
          .attempt =
              [way](const Place& place) {
                place.put(way);
                const Host host;
                (void)open(config_for(kName, place.directory()), host);
              },
          .code_runs = true,
          .code = code};
}

}  // namespace

std::vector<Refusal> refusals_of_descriptors() {
  std::vector<Refusal> refusals;
  for (const char* way : {"wrong_abi",
                          "wrong_size",
                          "wrong_build_tag",
                          "null_build_tag",
                          "wrong_name",
                          "null_name",
                          "null_version",
                          "null_open",
                          "bad_key",
                          "null_key",
                          "long_key",
                          "key_twice",
                          "unknown_type",
                          "null_help",
                          "required_with_default",
                          "secret_number",
                          "unreadable_default",
                          "default_out_of_range",
                          "impossible_range",
                          "secret_with_default",
                          "list_with_default",
                          "choice_of_nothing",
                          "null_table",
                          "too_many_options"}) {
    refusals.push_back(loading(way));
  }
  refusals.push_back(opening("throws_own"));
  refusals.push_back(opening("throws_number"));
  refusals.push_back(opening("throws_error", ErrorCode::unavailable));
  refusals.push_back(opening("returns_null"));

  // The dynamic loader refuses these before it runs anything of them.
  for (const char* way : {"undefined_function", "absent_library"}) {
    refusals.push_back(loading(way));
    refusals.back().code_runs = false;
  }
  refusals.push_back({.name = "replaced_meanwhile",
                      .attempt =
                          [](const Place& place) {
                            const fs::path file = plugin::locate_file(place.put("plain"));
                            plugin::check_exports(file);
                            place.put("no_descriptor");
                            (void)plugin::load_library(file);
                          },
                      .code_runs = true});
  return refusals;
}

TEST_CASE("a plugin of another build, or with a table that cannot be read, is refused") {
  check(refusals_of_descriptors());
}

TEST_CASE("a plugin that was refused once is refused again") {
  const Place place;
  place.put("wrong_abi");
  for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(load(place), Error);
}

TEST_CASE("the backend of an error in open is named") {
  const Place place;
  place.put("throws_own");
  const Host host;
  try {
    (void)open(config_for(kName, place.directory()), host);
    FAIL("it opened");
  } catch (const Error& error) {
    CHECK(error.backend() == kName);
  }
}

}  // namespace purgatory::loader_test
