#include "core/retention/slice.hpp"

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

constexpr std::chrono::nanoseconds kTarget = std::chrono::milliseconds(5);

TEST_CASE("slices that take less than half of their time double") {
  SliceSize size(kTarget);
  const std::size_t first = size.jobs();
  size.took(first, kTarget / 2 - std::chrono::nanoseconds(1));
  CHECK(size.jobs() == 2 * first);
  for (int i = 0; i < 20; ++i) size.took(size.jobs(), {});
  CHECK(size.jobs() == kMaxJobsPerCall);
}

TEST_CASE("slices that take longer than they should halve, down to a few jobs") {
  SliceSize size(kTarget);
  const std::size_t first = size.jobs();
  size.took(first, kTarget + std::chrono::nanoseconds(1));
  CHECK(size.jobs() == first / 2);
  for (int i = 0; i < 20; ++i) size.took(size.jobs(), 2 * kTarget);
  CHECK(size.jobs() == 32);
}

TEST_CASE("slices recover by themselves") {
  SliceSize size(kTarget);
  for (int i = 0; i < 20; ++i) size.took(size.jobs(), 2 * kTarget);
  for (int i = 0; i < 20; ++i) size.took(size.jobs(), {});
  CHECK(size.jobs() == kMaxJobsPerCall);
}

TEST_CASE("a time between half and whole changes nothing") {
  SliceSize size(kTarget);
  const std::size_t first = size.jobs();
  size.took(first, kTarget);
  size.took(first, kTarget / 2);
  CHECK(size.jobs() == first);
}

TEST_CASE("a slice that found less to do says nothing about larger ones") {
  SliceSize size(kTarget);
  const std::size_t first = size.jobs();
  size.took(first - 1, {});
  CHECK(size.jobs() == first);
  size.took(first - 1, 2 * kTarget);
  CHECK(size.jobs() == first / 2);
}

}  // namespace
}  // namespace purgatory::retention
