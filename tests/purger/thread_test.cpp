// The purger in a thread of its own, beside the threads of a host.

#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "tests/contract/threads.hpp"
#include "tests/file/child.hpp"
#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

Service::Change often(Policy policy) {
  return [policy = std::move(policy)](Config& config) {
    with_policy(policy)(config);
    config.purger.every = milliseconds(1);
    config.purger.jitter = 0;
  };
}

Service::Change rarely(Policy policy) {
  return [policy = std::move(policy)](Config& config) {
    with_policy(policy)(config);
    config.purger.every = hours(24);
    config.purger.jitter = 0;
  };
}

template <typename Condition>
bool within_a_minute(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_CASE("a started purger purges by itself, and stops") {
  Service service(often(keep_all_for(minutes(10))));
  service->start();
  service->start();
  service.record(numbered_jobs(100));
  CHECK(within_a_minute([&] { return service.store().count() == 0; }));
  service->stop();
  service->stop();
  service.record(numbered_jobs(3));
  CHECK(service.store().count() == 3);
  service->start();
  CHECK(within_a_minute([&] { return service.store().count() == 0; }));
}

TEST_CASE("a purger that is not stopped ends with its service") {
  Service service(often(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3000));
  service->start();
}

TEST_CASE("a reloaded policy is activated at once, however rare runs are") {
  Service service(rarely(keep_all_for(hours(10))));
  service->start();
  CHECK(within_a_minute([&] { return service->active_policy().has_value(); }));
  service.record(numbered_jobs(3));
  service->reload(keep_all_for(minutes(10)));
  CHECK(within_a_minute([&] { return service.store().count() == 0; }));
}

TEST_CASE("a started purger goes on when its store failed") {
  Service service(often(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  service.meanwhile([] { throw Error(ErrorCode::unavailable, "nobody is there"); });
  service->start();
  CHECK(within_a_minute([&] { return service.store().count() == 0; }));
  service->stop();
  const auto events = service.ear().events();
  CHECK(std::ranges::count(events, "purger_failed code=unavailable why=nobody is there") == 1);
  CHECK(std::ranges::count(events, "purger_recovered") == 1);
}

TEST_CASE("while threads record, list, purge and restore, the purger loses and repeats nothing") {
  Policy policy{.min_age = milliseconds(0),
                .rules = {{.name = "gone", .match = {.error_code = {"E1"}}, .keep_for = minutes(1)},
                          {.name = "kept"}}};
  Service service(often(policy));
  service->start();
  constexpr std::size_t kJobsPerThread = 300;
  contract::run_together(contract::kThreads, [&](std::size_t thread) {
    for (std::size_t i = 0; i < kJobsPerThread; ++i) {
      NewJob job = a_job(numbered(thread, i)).group(numbered("g", i % 3));
      if (i % 2 == 0) job.fields.error_code = "E1";
      service.record(job);
      if (i % 50 == 0) (void)service.store().list();
      if (thread == 0 && i % 20 == 0) {
        service.record(a_job(numbered("own", i)).group("own"));
        const Receipt receipt = service->purge(in_group("own"), kAlice);
        service->restore(kProject, receipt.purge_id);
      }
    }
  });
  const std::size_t half = contract::kThreads * kJobsPerThread / 2;
  const std::size_t own = kJobsPerThread / 20;
  CHECK(within_a_minute([&] { return service.store().count() == half + own; }));
  service->stop();
  std::uint64_t purged = 0;
  for (const JournalEntry& entry : service.journal()) {
    if (entry.actor == "policy") purged += entry.jobs;
  }
  CHECK(purged == half);
  for (const StoredJob& stored : service.store().list())
    CHECK(stored.retention.stamp.rule == "kept");
}

TEST_CASE("policies that are reloaded while others record end with one that stamps everything") {
  Service service(often(keep_all_for(hours(10), "first")));
  service->start();
  contract::run_together(4, [&](std::size_t thread) {
    for (std::size_t i = 0; i < 50; ++i) {
      if (thread == 0) {
        service->reload(keep_all_for(hours(10), numbered("policy", i)));
      } else {
        service.record(a_job(numbered(thread, i)));
      }
    }
  });
  service->reload(keep_all_for(hours(10), "last"));
  CHECK(within_a_minute([&] {
    for (const StoredJob& stored : service.store().list()) {
      if (stored.retention.stamp.rule != "last") return false;
    }
    return true;
  }));
}

TEST_CASE("the purger's thread takes none of the host's signals") {
  Service service(often(keep_all_for(minutes(10))));
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &usr1, &before);
  service->start();
  ::kill(::getpid(), SIGUSR1);  // would end the process if a thread took it
  const timespec wait{.tv_sec = 10, .tv_nsec = 0};
  CHECK(sigtimedwait(&usr1, nullptr, &wait) == SIGUSR1);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("a child that is forked while the purger works can destroy what it inherited") {
  auto service = std::make_unique<Service>(with_policy(keep_all_for(minutes(10))));
  service->record(numbered_jobs(3));
  std::string answer;
  service->after("remove", 1, [&] {
    answer = file_test::in_child([&] {
      service.reset();
      return std::string("destroyed");
    });
  });
  CHECK(service->jobs().run_due().purged == 3);
  CHECK(answer == "destroyed");
}

TEST_CASE("a child of fork can let go of a service whose purger runs") {
  Service service(rarely(keep_all_for(minutes(10))));
  service->start();
  const auto has_run = [&] { return !service.ear().events(LogEvent::Level::debug).empty(); };
  REQUIRE(within_a_minute([&] { return has_run() && service->run_due().state == State::done; }));
  CHECK(file_test::in_child([&] {
          service->stop();
          return std::string("let go");
        }) == "let go");
  CHECK(file_test::in_child([&] { return error_of([&] { service->start(); }); }) ==
        "unsupported: the store was opened by process " + std::to_string(::getpid()) +
            ", and this is a child of it: a purger runs where its store was opened");
  CHECK(file_test::in_child([&] {
          const RunResult result = service->run_due();
          return std::string(to_string(result.error->code()));
        }) == "unsupported");
}

}  // namespace
}  // namespace purgatory::purger_test
