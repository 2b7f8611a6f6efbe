#include "core/retention/back_off.hpp"

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using Clock = BackOff::Clock;

TEST_CASE("a store that never failed is not left alone") {
  BackOff back_off(std::chrono::minutes(1));
  CHECK_FALSE(back_off.waits(Clock::now()));
  CHECK_FALSE(back_off.worked());
}

TEST_CASE("after each failure in a row the pause is twice as long, up to half an hour") {
  BackOff back_off(std::chrono::minutes(1));
  Clock::time_point now{};
  for (const int minutes : {1, 2, 4, 8, 16, 30, 30}) {
    back_off.failed(now);
    now += std::chrono::minutes(minutes);
    CHECK(back_off.waits(now - std::chrono::nanoseconds(1)));
    CHECK_FALSE(back_off.waits(now));
  }
}

TEST_CASE("once it worked, it begins anew") {
  BackOff back_off(std::chrono::minutes(1));
  back_off.failed(Clock::time_point{});
  back_off.failed(Clock::time_point{});
  CHECK(back_off.worked());
  CHECK_FALSE(back_off.worked());
  CHECK_FALSE(back_off.waits(Clock::time_point{}));
  back_off.failed(Clock::time_point{});
  CHECK_FALSE(back_off.waits(Clock::time_point{} + std::chrono::minutes(1)));
}

TEST_CASE("runs that are rarer than that stay as rare as they are") {
  BackOff back_off(std::chrono::hours(2));
  back_off.failed(Clock::time_point{});
  back_off.failed(Clock::time_point{});
  CHECK(back_off.waits(Clock::time_point{} + std::chrono::minutes(119)));
  CHECK_FALSE(back_off.waits(Clock::time_point{} + std::chrono::hours(2)));
}

}  // namespace
}  // namespace purgatory::retention
