// What the guard refuses, and when a clock has jumped.

#include "core/retention/guard.hpp"

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using retention_test::kNow;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr GuardSettings kSettings{.max_fraction = 50, .min_jobs = 1000, .max_jobs = 100'000};

bool refuses(std::uint64_t jobs, std::uint64_t of) {
  return exceeds(kSettings, {.project = "shop", .jobs = jobs, .of = of});
}

TEST_CASE("a change is refused beyond both max_fraction and min_jobs") {
  CHECK_FALSE(refuses(1000, 2000));
  CHECK_FALSE(refuses(1000, 1000));  // all of a small project
  CHECK_FALSE(refuses(1001, 2002));  // half of it
  CHECK(refuses(1001, 2001));
}

TEST_CASE("a change is refused beyond max_jobs, however little of a project that is") {
  CHECK_FALSE(refuses(100'000, 10'000'000));
  CHECK(refuses(100'001, 10'000'000));
  CHECK_FALSE(exceeds(kSettings, {.project = {}, .jobs = 100'000}));
  CHECK(exceeds(kSettings, {.project = {}, .jobs = 100'001}));
}

TEST_CASE("limits of 0 and of 100 percent") {
  const GuardSettings none{.max_fraction = 0, .min_jobs = 0, .max_jobs = 0};
  CHECK(exceeds(none, {.project = "shop", .jobs = 1, .of = 1'000'000}));
  CHECK_FALSE(exceeds(none, {.project = "shop", .jobs = 0, .of = 10}));
  const GuardSettings all{.max_fraction = 100, .min_jobs = 0, .max_jobs = 100};
  CHECK_FALSE(exceeds(all, {.project = "shop", .jobs = 100, .of = 100}));
}

TEST_CASE("a refusal has the numbers, the limit and the way out") {
  CHECK(text_of(kSettings, Impact{.project = "shop", .jobs = 1200, .of = 2000}) ==
        "the change of the policy would purge 1200 of 2000 jobs of project 'shop' at once "
        "(retention.guard: max_fraction is 50%, beyond min_jobs 1000): nothing goes sooner than it "
        "did, and no cap is lowered; to allow it: purgatory policy activate --override-guard, or "
        "FailedJobs::activate_policy with override_guard");
  CHECK_THAT(text_of(kSettings, Impact{.project = "shop", .jobs = 200'000, .of = 2'000'000}),
             Catch::Contains("200000 of 2000000 jobs of project 'shop' at once (retention.guard: "
                             "max_jobs is 100000)"));
  CHECK_THAT(text_of(kSettings, Impact{.project = {}, .jobs = 200'000}),
             Catch::Contains("would purge 200000 jobs at once (retention.guard: max_jobs is "
                             "100000)"));
}

TEST_CASE("what cannot be counted is refused") {
  const Impact uncounted{.project = "shop", .counted = false};
  CHECK(exceeds(kSettings, uncounted));
  CHECK_THAT(text_of(kSettings, uncounted),
             Catch::StartsWith("what the change of the policy would purge of project 'shop' cannot "
                               "be counted, as it is damaged: nothing goes sooner than it did"));
}

TEST_CASE("a process that slept for a week has seen no jump") {
  ClockWatch watch(hours(24));
  CHECK_FALSE(watch.jump(kNow, hours(10)));
  CHECK_FALSE(watch.jump(kNow + hours(7 * 24), hours(10 + 7 * 24)));
}

TEST_CASE("a wall clock that moves without the time is one that jumped, ahead and back") {
  ClockWatch watch(hours(24));
  CHECK_FALSE(watch.jump(kNow, hours(10)));
  CHECK_FALSE(watch.jump(kNow + hours(24), hours(10)));  // as far as it may
  CHECK(watch.jump(kNow + hours(72), hours(11)) == hours(47));
  CHECK(watch.jump(kNow + hours(73), hours(12)) == hours(47));  // as long as it is wrong
  CHECK_FALSE(watch.jump(kNow + hours(26), hours(12)));         // it was set right
  CHECK(watch.jump(kNow - hours(24), hours(12)) == -hours(50));
}

TEST_CASE("a jump that was confirmed is none") {
  ClockWatch watch(hours(24));
  CHECK_FALSE(watch.jump(kNow, hours(10)));
  REQUIRE(watch.jump(kNow + hours(1000), hours(10)));
  watch.accept(kNow + hours(1000), hours(10));
  CHECK_FALSE(watch.jump(kNow + hours(1001), hours(11)));
  CHECK(watch.jump(kNow, hours(11)) == -hours(1001));
}

TEST_CASE("a clock that is set right little by little has not jumped") {
  ClockWatch watch(minutes(1));
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(watch.jump(kNow + i * seconds(60), i * seconds(1)));
}

TEST_CASE("what is said about a jump") {
  CHECK(text_of_jump(hours(36)) ==
        "the clock jumped ahead by 36.0 hours (retention.guard.clock_jump): nothing is purged or "
        "freed before it is right again or somebody confirms it; to allow it: purgatory policy "
        "activate --override-guard, or FailedJobs::activate_policy with override_guard (which also "
        "allows what the guard refuses of a change of the policy); or start the process anew");
  CHECK_THAT(text_of_jump(-hours(73)), Catch::Contains("jumped back by 3.0 days"));
  CHECK_THAT(text_of_jump(seconds(90)), Catch::Contains("jumped ahead by 90 seconds"));
}

TEST_CASE("the time since the machine was started goes on") {
  const auto before = ClockWatch::since_boot();
  CHECK(before.count() > 0);
  CHECK(ClockWatch::since_boot() >= before);
}

}  // namespace
}  // namespace purgatory::retention
