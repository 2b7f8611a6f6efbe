#include "core/retention/compiled_policy.hpp"
#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

TEST_CASE("the first cap that matches a partition bounds it") {
  const CompiledPolicy policy({.caps = {{.project = {"shop"}, .group = {"pay*"}, .keep_last = 5},
                                        {.project = {"shop"}, .max_bytes = 4096},
                                        {.group = {""}, .keep_last = 9, .max_bytes = 8192}}});
  const auto first = policy.bound("shop", "payments");
  REQUIRE(first);
  CHECK(first->group == "payments");
  CHECK(first->jobs == 5U);
  CHECK_FALSE(first->bytes);

  const auto second = policy.bound("shop", "");
  REQUIRE(second);
  CHECK_FALSE(second->jobs);
  CHECK(second->bytes == 4096U);

  const auto third = policy.bound("depot", "");
  REQUIRE(third);
  CHECK(third->jobs == 9U);
  CHECK(third->bytes == 8192U);

  CHECK_FALSE(policy.bound("depot", "payments"));
  CHECK(policy.has_caps());
  CHECK_FALSE(CompiledPolicy({}).has_caps());
}

}  // namespace
}  // namespace purgatory::retention
