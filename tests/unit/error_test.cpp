#include <catch2/catch.hpp>
#include <type_traits>
#include <utility>

#include "purgatory/error.hpp"

namespace purgatory {
namespace {

static_assert(std::is_nothrow_copy_constructible_v<Error>);
static_assert(std::is_nothrow_copy_assignable_v<Error>);

TEST_CASE("each code has the name it is written with, and says if repeating can help") {
  struct Row {
    ErrorCode code;
    const char* name;
    bool retryable;
  };
  const Row rows[] = {{ErrorCode::invalid_argument, "invalid_argument", false},
                      {ErrorCode::not_found, "not_found", false},
                      {ErrorCode::conflict, "conflict", false},
                      {ErrorCode::unavailable, "unavailable", true},
                      {ErrorCode::timeout, "timeout", true},
                      {ErrorCode::outcome_unknown, "outcome_unknown", true},
                      {ErrorCode::corrupt, "corrupt", false},
                      {ErrorCode::permission, "permission", false},
                      {ErrorCode::unsupported, "unsupported", false},
                      {ErrorCode::exhausted, "exhausted", false},
                      {ErrorCode::config, "config", false},
                      {ErrorCode::plugin, "plugin", false},
                      {ErrorCode::guard, "guard", false}};
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(to_string(row.code) == row.name);
    const Error error(row.code, "text");
    CHECK(error.code() == row.code);
    CHECK(error.retryable() == row.retryable);
    CHECK(std::string(error.what()) == "text");
  }
}

TEST_CASE("a code that is none has a name too") {
  CHECK(to_string(static_cast<ErrorCode>(255)) == "unknown");
}

TEST_CASE("an error without a backend is the core's") {
  CHECK(Error(ErrorCode::config, "text").backend().empty());
}

TEST_CASE("a backend's name is kept up to 32 bytes") {
  CHECK(Error(ErrorCode::config, "", std::string(31, 'a')).backend() == std::string(31, 'a'));
  CHECK(Error(ErrorCode::config, "", std::string(32, 'a')).backend() == std::string(32, 'a'));
  CHECK(Error(ErrorCode::config, "", std::string(33, 'a')).backend() == std::string(32, 'a'));
}

TEST_CASE("a copy says what the original said") {
  const Error copy = [] {
    const Error error(ErrorCode::timeout, std::string(1000, 'm'), "memory");
    return Error(error);
  }();
  CHECK(copy.what() == std::string(1000, 'm'));
  CHECK(copy.backend() == "memory");
  CHECK(copy.code() == ErrorCode::timeout);
}

}  // namespace
}  // namespace purgatory
