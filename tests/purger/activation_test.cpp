// One policy is active at a time; a purger with another one gives way.

#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

TEST_CASE("a run activates its policy once") {
  Service service(with_policy(keep_all_for(hours(1))));
  CHECK_FALSE(service->active_policy());
  service->run_due();
  const auto active = service->active_policy();
  REQUIRE(active);
  CHECK(active->hash == keep_all_for(hours(1)).hash());
  CHECK(active->activated_at == service.now());
  CHECK(active->actor == "purger");

  service.advance(minutes(1));
  service->run_due();
  CHECK(service->active_policy() == active);
}

TEST_CASE("a run that may not activate only frees trash until somebody does") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  service->purge(project_level(), kAlice, {.undo_window = milliseconds(0)});
  service.record(numbered_jobs(2));

  const RunResult result = service->run_due({.activate = false});
  CHECK(result.state == State::superseded);
  CHECK(result.purged == 0);
  CHECK(result.freed == 3);
  CHECK_FALSE(service->active_policy());

  const ActivePolicy active = service->activate_policy(kAlice);
  CHECK(active.actor == "alice");
  CHECK(service->active_policy() == active);
  CHECK(service->run_due({.activate = false}).purged == 2);
}

TEST_CASE("whoever activates a policy has a name, and one that is active stays as it was") {
  Service service(with_policy(keep_all_for(hours(1))));
  CHECK(error_of([&] { service->activate_policy(Actor{""}); }) ==
        "invalid_argument: actor: is empty; give 1 to 255 bytes");
  const ActivePolicy active = service->activate_policy(Actor{"ann with\nany \xff byte"});
  CHECK(service->active_policy() == active);
  service.advance(minutes(1));
  CHECK(service->activate_policy(kAlice) == active);
}

TEST_CASE("a purger whose policy was superseded purges nothing, and does not take turns") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  Rival rival(service, keep_all_for(hours(10), "rival"));
  CHECK(rival.run().state == State::not_leader);  // its policy is active from now on
  service.record(numbered_jobs(3));

  for (int i = 0; i < 3; ++i) {
    CHECK(service->run_due().state == State::superseded);
    CHECK(rival.run().state == State::done);
    CHECK(service->active_policy()->hash == keep_all_for(hours(10), "rival").hash());
  }
  CHECK(service.live().size() == 3);
  CHECK(service.journal().empty());
}

TEST_CASE("a superseded purger still frees trash") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  Rival(service, keep_all_for(hours(10))).run();
  service.record(numbered_jobs(3));
  service->purge(project_level(), kAlice, {.undo_window = milliseconds(0)});
  const RunResult result = service->run_due();
  CHECK(result.state == State::superseded);
  CHECK(result.freed == 3);
}

TEST_CASE("what the active policy keeps no superseded one purges, though its stamp is due") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(3));
  Rival rival(service, keep_all_for(hours(10), "rival"));
  rival.run();
  service.record(a_job("stamped by the superseded one"));
  CHECK(service->run_due({.activate = false}).purged == 0);
  CHECK(rival.run().purged == 0);
  CHECK(service.live().size() == 4);
  CHECK(service.store().get("stamped by the superseded one").retention.stamp.rule == "rival");
}

TEST_CASE("a purger whose policy becomes active again goes on") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  Rival(service, keep_all_for(hours(10), "rival")).run();
  service.record(numbered_jobs(3));
  REQUIRE(service->run_due().state == State::superseded);

  SECTION("because somebody activates it") { service->activate_policy(kAlice); }
  SECTION("because it is reloaded") { service->reload(service->policy()); }
  CHECK(service->run_due().purged == 3);
}

TEST_CASE("a policy that is activated in the middle of a run ends it before the next slice") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service.record(numbered_jobs(1000));
  service->run_due({.time_budget = milliseconds(0)});  // activates alone
  Rival rival(service, keep_all_for(hours(10), "rival"));
  std::size_t left = 0;
  service.meanwhile([&] {
    const std::size_t stored = service.store().count();
    if (left == 0 && stored < 1000 && stored > 0) {
      left = stored;
      rival.run();
    }
  });
  const RunResult result = service->run_due();
  service.meanwhile({});
  CHECK(result.state == State::superseded);
  REQUIRE(left > 0);
  // One slice was decided before; the rest is kept.
  CHECK(service.store().count() + 64 >= left);
  CHECK(service.store().count() > 0);
  rival.run();
  CHECK(service.store().due().empty());
}

TEST_CASE("of two that activate at the same time the later one's policy is active") {
  Service service(with_policy(keep_all_for(hours(1))));
  Rival rival(service, keep_all_for(hours(10), "rival"));
  service.after("setting", 1, [&] { rival.run(); });
  const ActivePolicy active = service->activate_policy(kAlice);
  CHECK(active.hash == keep_all_for(hours(1)).hash());
  CHECK(service->active_policy() == active);
}

TEST_CASE("a setting that does not say which policy is active is an error until one is activated") {
  Service service(with_policy(keep_all_for(hours(1))));
  service->repository().compare_and_set(service->begin_call(), "purgatory.active_policy", {},
                                        "nonsense");
  CHECK(error_of([&] { (void)service->active_policy(); }) ==
        "corrupt: the store's setting 'purgatory.active_policy' does not say which policy is "
        "active: activate one, which writes it anew");
  CHECK(service->run_due({.activate = false}).state == State::failed);
  service->activate_policy(kAlice);
  CHECK(service->active_policy()->actor == "alice");
}

TEST_CASE("only one of several purgers works at a time, and the next one takes over") {
  Service service(with_policy(keep_all_for(minutes(10))));
  Rival other(service, keep_all_for(minutes(10)));
  REQUIRE(service->run_due().state == State::done);
  service.record(numbered_jobs(3));
  CHECK(other.run().state == State::not_leader);
  CHECK(service.store().count() == 3);

  SECTION("once the lease ran out") { service.advance(seconds(30)); }
  SECTION("once the first one stops") { service->stop(); }
  CHECK(other.run().purged == 3);
}

TEST_CASE("a superseded purger keeps no lease from the active one") {
  Service service(with_policy(keep_all_for(minutes(10))));
  service->run_due();
  Rival rival(service, keep_all_for(hours(10), "rival"));
  CHECK(rival.run().state == State::not_leader);
  CHECK(service->run_due().state == State::superseded);
  CHECK(rival.run().state == State::done);
}

}  // namespace
}  // namespace purgatory::purger_test
