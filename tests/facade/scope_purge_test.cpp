// purge of a whole scope, and what is asked of every purge.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

TEST_CASE("a scope's purge takes the scope, leaves held jobs, and says what it did") {
  Service service;
  const std::vector<NewJob> gone{a_job("a").group("g"), a_job("b").group("g").payload("longer")};
  service.record(gone);
  service.record({a_job("held").group("g"), a_job("a")});
  service.store().hold("held", "g");

  const Receipt receipt = service->purge(in_group("g"), kAlice);
  CHECK(receipt.jobs == 2);
  CHECK(receipt.bytes == gone[0].bytes() + gone[1].bytes());
  CHECK(receipt.held == 1);
  CHECK(service.live() == IdSet{"a", "held"});
  CHECK_FALSE(service->find(kProject, "g", "a"));
}

TEST_CASE("the journal says who purged, why, and until when it can be undone") {
  Service service([](Config& config) { config.retention.undo_window = hours(3); });
  service.record(a_job("a"));
  const Receipt receipt = service->purge(project_level(), kAlice, {.reason = "tidy up"});

  const JournalEntry entry = service.entry();
  CHECK(entry.purge_id == receipt.purge_id);
  CHECK(entry.at == service.now());
  CHECK(entry.actor == "alice");
  CHECK(entry.reason == "tidy up");
  CHECK(entry.rule.empty());
  CHECK(entry.scope == project_level());
  CHECK(entry.undo_until == service.now() + hours(3));
  CHECK(entry.jobs == 1);
}

TEST_CASE("a purge has the undo window of a day unless it is told another one") {
  const milliseconds asked = GENERATE(milliseconds(0), milliseconds(1), milliseconds(hours(1)),
                                      milliseconds(kMaxUndoWindow));
  Service service;
  service.record(a_job("a"));
  service->purge(project_level(), kAlice);
  service.record(a_job("b"));
  service->purge(project_level(), kAlice, {.purge_id = "told", .undo_window = asked});

  for (const JournalEntry& entry : service.journal()) {
    CHECK(entry.undo_until - service.now() == (entry.purge_id == "told" ? asked : hours(24)));
  }
}

TEST_CASE("a purge without undo window cannot be restored") {
  Service service;
  service.record(a_job("a"));
  service->purge(project_level(), kAlice, {.purge_id = "p", .undo_window = milliseconds(0)});
  CHECK(code_of([&] { service->restore(kProject, "p"); }) == ErrorCode::not_found);
}

TEST_CASE("the default reason of a scope's purge is \"scope\"") {
  Service service;
  service.record(a_job("a"));
  service->purge(project_level(), kAlice);
  CHECK(service.entry().reason == "scope");
}

TEST_CASE("each purge has a purge_id of its own") {
  Service service;
  service.record(a_job("a"));
  const Receipt first = service->purge(project_level(), kAlice);
  service.record(a_job("a"));
  CHECK(service->purge(project_level(), kAlice).purge_id != first.purge_id);
}

TEST_CASE("a scope's purge that is repeated by its purge_id takes no more") {
  Service service;
  service.record({a_job("a"), a_job("b")});
  const PurgeOptions options{.purge_id = "p"};
  const Receipt receipt = service->purge(project_level(), kAlice, options);
  CHECK(receipt.purge_id == "p");
  service.record(a_job("c"));

  CHECK(service->purge(project_level(), kAlice, options) == receipt);
  CHECK(service.live() == IdSet{"c"});
}

TEST_CASE("a purge is told as one step, at its end") {
  Service service;
  service.record(numbered_jobs(3));
  std::vector<std::uint64_t> told;
  const Receipt receipt =
      service->purge(project_level(), kAlice, {.progress = [&](std::uint64_t jobs) {
                       told.push_back(jobs);
                       return false;
                     }});
  CHECK(told == std::vector<std::uint64_t>{3});
  CHECK(receipt.jobs == 3);
}

TEST_CASE("a scope's purge is refused while an overlapping one is being restored") {
  Service service;
  service.record(numbered_jobs(2500));
  service->purge(project_level(), kAlice, {.purge_id = "p"});
  REQUIRE(service->restore(kProject, "p", stop_after(1)).next);

  CHECK(error_of([&] { service->purge(whole_project(), kAlice); }) ==
        "conflict: detach: purge 'p' of an overlapping scope is being restored; try again when "
        "that is done");
}

/// What each form of purge says, with nothing to be purged and with something.
std::set<std::string> refusals(const Actor& actor, const PurgeOptions& options = {}) {
  Service service;
  std::set<std::string> said;
  const Filter filter = with_code("E");
  const auto try_all = [&](std::span<const JobRef> refs) {
    said.insert(error_of([&] { service->purge(whole_project(), actor, options); }));
    said.insert(error_of([&] {
      service->purge(Selection{whole_project(), filter}, actor, options);
    }));
    said.insert(error_of([&] { service->purge(kProject, refs, actor, options); }));
    said.insert(error_of([&] { service->purge(Everything{}, actor, options); }));
    said.insert(error_of([&] { service->purge(Everything{filter}, actor, options); }));
  };
  try_all({});
  service.record(jobs_with_code(2, "E"));
  const std::vector<StoredJob> jobs = service.store().list();
  try_all(refs_of(jobs));
  CHECK(service.live().size() == 2);
  CHECK(service.journal().empty());
  return said;
}

TEST_CASE("every purge refuses an actor without a name") {
  CHECK(refusals(Actor{}) ==
        std::set<std::string>{"invalid_argument: actor: is empty; give 1 to 255 bytes"});
}

TEST_CASE("every purge refuses an actor with too long a name") {
  CHECK(refusals(Actor{std::string(256, 'a')}) ==
        std::set<std::string>{"invalid_argument: actor: 256 bytes are over the limit of 255"});
}

TEST_CASE("an actor may have a name of 255 bytes") {
  Service service;
  service.record(a_job("a"));
  const Actor actor{std::string(255, 'a')};
  service->purge(whole_project(), actor);
  CHECK(service.entry().actor == actor.name);
}

TEST_CASE("every purge refuses an undo window that nobody means") {
  CHECK(refusals(kAlice, {.undo_window = milliseconds(-1)}) ==
        std::set<std::string>{
            "invalid_argument: undo_window: -1 ms is outside of 0 .. 315360000000"});
  CHECK(refusals(kAlice, {.undo_window = milliseconds(315'360'000'001)}) ==
        std::set<std::string>{"invalid_argument: undo_window: 315360000001 ms is outside of 0 .. "
                              "315360000000"});
  CHECK(refusals(kAlice, {.undo_window = milliseconds::max()}) ==
        std::set<std::string>{"invalid_argument: undo_window: 9223372036854775807 ms is outside "
                              "of 0 .. 315360000000"});
  CHECK(refusals(kAlice, {.undo_window = milliseconds::min()}) ==
        std::set<std::string>{"invalid_argument: undo_window: -9223372036854775808 ms is outside "
                              "of 0 .. 315360000000"});
}

TEST_CASE("every purge refuses too long a purge_id or reason") {
  CHECK(refusals(kAlice, {.purge_id = std::string(256, 'p')}) ==
        std::set<std::string>{"invalid_argument: purge_id: 256 bytes are over the limit of 255"});
  CHECK(refusals(kAlice, {.reason = std::string(65'537, 'r')}) ==
        std::set<std::string>{"invalid_argument: reason: 65537 bytes are over the limit of 65536"});
}

}  // namespace
}  // namespace purgatory::facade_test
