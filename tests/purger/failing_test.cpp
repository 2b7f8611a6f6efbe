// A store that fails, and a host that does: the purger says so, leaves it alone for a while, and
// goes on by itself.

#include <algorithm>
#include <stdexcept>

#include "tests/purger/fixture.hpp"
#include "tests/unit/fake_repository.hpp"

namespace purgatory::purger_test {
namespace {

/// A purger of a repository whose calls a test makes fail.
class Fragile {
 public:
  explicit Fragile(milliseconds every = milliseconds(1), Policy policy = keep_all_for(minutes(10)))
      : policy_(std::make_shared<retention::CompiledPolicy>(std::move(policy))),
        purger_(store_, purges_, archiver_, config_of(every)) {
    host_.log = [this](const LogEvent& event) { ear.hear(event); };
  }

  RunResult run() {
    return purger_.run(policy_, {.time_budget = minutes(1)}, [] { return false; });
  }

  unit::FakeRepository fake;
  Ear ear;

 private:
  static Config config_of(milliseconds every) {
    Config config = unguarded();
    config.purger.every = every;
    return config;
  }

  Host host_;
  Store store_{fake, host_, [this] { return begin_call(host_); }};
  retention::HourlyPurges purges_{hours(1)};
  archive::Archiver archiver_{store_, {}};
  std::shared_ptr<const retention::CompiledPolicy> policy_;
  retention::Purger purger_;
};

void fail_with(Fragile& fragile, const Error& error) {
  fragile.fake.on_call = [error](std::string_view) { throw error; };
}

TEST_CASE("a run of a store that fails is a result, never an exception") {
  Fragile fragile;
  fail_with(fragile, Error(ErrorCode::unavailable, "nobody is there", "fake"));
  const RunResult result = fragile.run();
  CHECK(result.state == State::failed);
  REQUIRE(result.error);
  CHECK(result.error->code() == ErrorCode::unavailable);
  CHECK(result.error->what() == std::string("nobody is there"));
  CHECK(fragile.ear.events(LogEvent::Level::error) ==
        std::vector<std::string>{"purger_failed code=unavailable why=nobody is there"});
}

TEST_CASE("after a failure the store is left alone, and runs say what it was") {
  Fragile fragile(hours(1));
  fail_with(fragile, Error(ErrorCode::timeout, "too late"));
  REQUIRE(fragile.run().state == State::failed);
  int calls = 0;
  fragile.fake.on_call = [&](std::string_view) { ++calls; };
  const RunResult result = fragile.run();
  CHECK(result.state == State::failed);
  REQUIRE(result.error);
  CHECK(result.error->code() == ErrorCode::timeout);
  CHECK(calls == 0);
  CHECK(fragile.ear.events(LogEvent::Level::error).size() == 1);
}

TEST_CASE("a store that works again is gone on with, and that is said") {
  Service service([](Config& config) {
    with_policy(keep_all_for(minutes(10)))(config);
    config.purger.every = milliseconds(1);
  });
  service.record(numbered_jobs(3));
  service.meanwhile([] { throw Error(ErrorCode::unavailable, "nobody is there"); });
  REQUIRE(service->run_due().state == State::failed);
  RunResult result;
  do {
    result = service->run_due();  // until the pause of a millisecond is over
  } while (result.state == State::failed);
  CHECK(result.purged == 3);
  const auto events = service.ear().events();
  CHECK(std::ranges::count(events, "purger_failed code=unavailable why=nobody is there") == 1);
  CHECK(std::ranges::count(events, "purger_recovered") == 1);
}

TEST_CASE("an activation that others always overtake ends") {
  Fragile fragile;  // its settings never are what was written
  const RunResult result = fragile.run();
  CHECK(result.error->code() == ErrorCode::conflict);
  CHECK(result.error->what() ==
        std::string("activate: other policies are activated all the time; try again later"));
}

TEST_CASE("a process that runs out of memory, and a host that throws, end a run and no more") {
  Fragile fragile;
  SECTION("memory") {
    fragile.fake.on_call = [](std::string_view) { throw std::bad_alloc(); };
    CHECK(fragile.run().error->code() == ErrorCode::exhausted);
  }
  SECTION("a callback") {
    fragile.fake.on_call = [](std::string_view) { throw std::runtime_error("the host's"); };
    CHECK(fragile.run().error->code() == ErrorCode::plugin);
  }
}

TEST_CASE("what of a project can be done is done") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  service.record(numbered_jobs(3));
  service->purge(project_level(), kAlice, {.undo_window = milliseconds(0)});
  service.record(numbered_jobs(2));
  service.after("setting", 3, [&] {  // before the first slice, which is of what is due
    service.meanwhile([] { throw Error(ErrorCode::corrupt, "a damaged job"); });
  });
  const RunResult result = service->run_due();
  CHECK(result.state == State::failed);
  CHECK(result.error->code() == ErrorCode::corrupt);
  CHECK(result.purged == 0);
  CHECK(result.freed == 3);
  CHECK(service->run_due().purged == 2);
}

TEST_CASE("a project that cannot be purged keeps no other waiting") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  service.record({a_job("a").project("p1"), a_job("a").project("p2"), a_job("a").project("p3")});
  // A purge_id of the hour that is another kind of purge takes no jobs, nor do those behind it.
  for (int i = 1; i <= 1000; ++i) {
    const std::string number = i == 1 ? "" : "-" + std::to_string(i);
    service->purge(Scope::group("p2", "none"), kAlice,
                   {.purge_id = "age-all-20240101T00Z" + number});
  }
  const RunResult result = service->run_due();
  CHECK(result.state == State::failed);
  CHECK(result.error->code() == ErrorCode::conflict);
  CHECK(result.purged == 2);
  CHECK(service.live("p2") == IdSet{"a"});
  const auto errors = service.ear().events(LogEvent::Level::error);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].starts_with("project_not_purged project=p2 code=conflict why=remove: "));

  service.advance(hours(1));
  CHECK(service->run_due().purged == 1);
}

}  // namespace
}  // namespace purgatory::purger_test
