// Clocks that stand on a boundary, go back, or jump.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

constexpr milliseconds kMs{1};

/// Moves the clock of a service to a time, also back.
void set_clock(Service& service, Time now) { service.advance(now - service.now()); }

TEST_CASE("a job goes at the millisecond at which its rule says so, and not before") {
  Service service(with_policy(keep_all_for(hours(1))));
  service.record(a_job("a"));
  set_clock(service, at(0) + hours(1) - kMs);
  CHECK(service->run_due().purged == 0);
  set_clock(service, at(0) + hours(1));
  CHECK(service->run_due().purged == 1);
}

TEST_CASE("min_age keeps a late job to the millisecond") {
  Policy policy = keep_all_for(hours(1));
  policy.min_age = minutes(10);
  Service service(with_policy(policy));
  set_clock(service, at(0) + hours(100));
  service.record(a_job("late"));
  service.advance(minutes(10) - kMs);
  CHECK(service->run_due().purged == 0);
  service.advance(kMs);
  CHECK(service->run_due().purged == 1);
}

TEST_CASE("a job that claims to fail in 2099 goes when it would have if it failed now") {
  Service service(with_policy(keep_all_for(hours(1))));
  FailedJob job = a_job("a").fields;
  job.failed_at = Time{std::chrono::sys_days{std::chrono::year{2099} / 1 / 1}};
  service->record(job);
  service.advance(hours(1) - kMs);
  CHECK(service->run_due().purged == 0);
  service.advance(kMs);
  CHECK(service->run_due().purged == 1);
}

TEST_CASE("a job that failed in 1970 is not gone on arrival") {
  Policy policy = keep_all_for(hours(1));
  policy.min_age = minutes(10);
  Service service(with_policy(policy));
  FailedJob job = a_job("a").fields;
  job.failed_at = Time{};
  service->record(job);
  CHECK(service->run_due().purged == 0);
  service.advance(minutes(10));
  CHECK(service->run_due().purged == 1);
}

TEST_CASE("a clock that goes back purges nothing early, and nothing gets stuck") {
  Service service(with_policy(keep_all_for(hours(1))));
  set_clock(service, at(0) + hours(10));
  service.record(a_job("recorded late").failed_at(36'000));
  CHECK(service->run_due().purged == 0);
  set_clock(service, at(0));
  service.record(a_job("recorded back").failed_at(36'000));
  CHECK(service->run_due().state == State::done);
  CHECK(service.live().size() == 2);

  set_clock(service, at(0) + hours(1) - kMs);
  CHECK(service->run_due().purged == 0);
  set_clock(service, at(0) + hours(1));
  CHECK(service->run_due().purged == 1);
  CHECK(service.live() == IdSet{"recorded late"});
  set_clock(service, at(0) + hours(11));
  CHECK(service->run_due().purged == 1);
}

TEST_CASE("a clock that goes back in the middle of a run purges by what it read") {
  Service service(with_policy(keep_all_for(hours(1))));
  service.record(numbered_jobs(200));
  set_clock(service, at(0) + hours(2));
  bool back = false;
  service.meanwhile([&] {
    back = !back;
    set_clock(service, back ? at(0) + minutes(1) : at(0) + hours(2));
  });
  for (int i = 0; i < 50 && !service.live().empty(); ++i) {
    CHECK(service->run_due().state != State::failed);
  }
  service.meanwhile({});
  set_clock(service, at(0) + hours(2));
  service->run_due();
  CHECK(service.live().empty());
  std::uint64_t purged = 0;
  for (const JournalEntry& entry : service.journal()) purged += entry.jobs;
  CHECK(purged == 200);
}

TEST_CASE("a clock that jumps far ahead and back keeps what was not due") {
  Service service(with_policy(keep_all_for(hours(1))));
  service.record({a_job("a"), a_job("b").failed_at(100'000)});
  set_clock(service, at(0) + hours(24 * 365));
  CHECK(service->run_due().purged == 2);  // by the clock they are
  set_clock(service, at(1000));
  const std::string purge_id = service.entry().purge_id;
  CHECK(service->restore(kProject, purge_id).restored == 2);
  CHECK(service->run_due().purged == 0);
}

}  // namespace
}  // namespace purgatory::purger_test
