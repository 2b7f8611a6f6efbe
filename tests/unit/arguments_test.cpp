// What `checked` refuses before a backend is asked, with its text.

#include <catch2/catch.hpp>

#include "tests/unit/shut_door.hpp"

namespace purgatory {
namespace {

using unit::Door;
using unit::error_of;
using unit::kEmpty;
using unit::kLongId;
using unit::kTooLong;
using unit::Shut;

TEST_CASE("every operation with right arguments reaches the backend once") {
  Door door;
  std::vector<std::string> asked;
  door.fake->on_call = [&](std::string_view name) { asked.emplace_back(name); };
  std::vector<std::string> expected;
  for (const Door::Operation& operation : door.operations()) {
    CHECK(error_of(operation.call) == "no error");
    expected.emplace_back(operation.name);
  }
  CHECK(asked == expected);
  CHECK(asked.size() == 29);
}

TEST_CASE("an empty or too long project is refused by every call that has one") {
  Shut shut;
  for (const std::string& project : {std::string(), kLongId}) {
    const std::string text = "project" + (project.empty() ? kEmpty : kTooLong);
    const Scope scope = Scope::project(project);
    const Call& call = shut.call;
    const PurgeNote& note = shut.note;
    shut.refuses([&](auto& door) { door.record(call, project, {}, {}, note); }, text);
    shut.refuses([&](auto& door) { door.find(call, project, "", "j"); }, text);
    shut.refuses([&](auto& door) { door.locate(call, project, "j"); }, text);
    shut.refuses([&](auto& door) { door.list(call, {scope, {}}, {}, 1); }, text);
    shut.refuses([&](auto& door) { door.count(call, {scope, {}}, 1); }, text);
    shut.refuses([&](auto& door) { door.forget(call, project, "", "j", {}); }, text);
    shut.refuses([&](auto& door) { door.detach(call, scope, note); }, text);
    shut.refuses([&](auto& door) { door.remove(call, project, {}, note); }, text);
    shut.refuses([&](auto& door) { door.restore(call, project, "x", {}, {}, {}, {}); }, text);
    shut.refuses([&](auto& door) { door.piles(call, project, {}); }, text);
    shut.refuses([&](auto& door) { door.trash(call, project, "x", {}); }, text);
    shut.refuses([&](auto& door) { door.seal(call, project, "x"); }, text);
    shut.refuses([&](auto& door) { door.mark_archived(call, project, "x"); }, text);
    shut.refuses([&](auto& door) { door.expire(call, project, "x"); }, text);
    shut.refuses([&](auto& door) { door.reclaim(call, project, {}); }, text);
    shut.refuses([&](auto& door) { door.due(call, project, 1); }, text);
    shut.refuses([&](auto& door) { door.partitions(call, project); }, text);
    shut.refuses([&](auto& door) { door.restamp(call, project, {}); }, text);
    shut.refuses([&](auto& door) { door.journal(call, project, {}); }, text);
    shut.refuses([&](auto& door) { door.trim_journal(call, project, {}); }, text);
    shut.refuses([&](auto& door) { door.with_resource(call, project, {}, "r", 1); }, text);
  }
}

TEST_CASE("a too long group, and an empty or too long job_id, are refused") {
  Shut shut;
  const Call& call = shut.call;
  const PurgeNote& note = shut.note;
  const std::string group = "group" + kTooLong;
  const Scope scope = Scope::group("p", kLongId);
  const JobRef ref{kLongId, "j", 1, 0};
  const Bound bound{kLongId, 1, {}};
  const Restamp change{ref, {}};
  shut.refuses([&](auto& door) { door.find(call, "p", kLongId, "j"); }, group);
  shut.refuses([&](auto& door) { door.forget(call, "p", kLongId, "j", {}); }, group);
  shut.refuses([&](auto& door) { door.list(call, {scope, {}}, {}, 1); }, group);
  shut.refuses([&](auto& door) { door.count(call, {scope, {}}, 1); }, group);
  shut.refuses([&](auto& door) { door.detach(call, scope, note); }, group);
  shut.refuses([&](auto& door) { door.remove(call, "p", {&ref, 1}, note); }, group);
  shut.refuses([&](auto& door) { door.restamp(call, "p", {&change, 1}); }, group);
  shut.refuses([&](auto& door) { door.record(call, "p", {}, {&bound, 1}, note); }, group);
  shut.refuses([&](auto& door) { door.restore(call, "p", "x", {}, {&bound, 1}, {}, {}); }, group);
  shut.refuses([&](auto& door) { door.with_resource(call, "p", kLongId, "r", 1); }, group);

  for (const std::string& job_id : {std::string(), kLongId}) {
    const std::string text = "job_id" + (job_id.empty() ? kEmpty : kTooLong);
    const JobRef named{"", job_id, 1, 0};
    const Restamp changed{named, {}};
    shut.refuses([&](auto& door) { door.find(call, "p", "", job_id); }, text);
    shut.refuses([&](auto& door) { door.locate(call, "p", job_id); }, text);
    shut.refuses([&](auto& door) { door.forget(call, "p", "", job_id, {}); }, text);
    shut.refuses([&](auto& door) { door.remove(call, "p", {&named, 1}, note); }, text);
    shut.refuses([&](auto& door) { door.restamp(call, "p", {&changed, 1}); }, text);
  }
}

TEST_CASE("a purge_id has 1 to 255 bytes") {
  Shut shut;
  const Call& call = shut.call;
  for (const std::string& id : {std::string(), kLongId}) {
    const std::string text = "purge_id" + (id.empty() ? kEmpty : kTooLong);
    shut.note.purge_id = id;
    const Bound bound{"", 1, {}};
    shut.refuses([&](auto& door) { door.restore(call, "p", id, {}, {}, {}, {}); }, text);
    shut.refuses([&](auto& door) { door.trash(call, "p", id, {}); }, text);
    shut.refuses([&](auto& door) { door.seal(call, "p", id); }, text);
    shut.refuses([&](auto& door) { door.mark_archived(call, "p", id); }, text);
    shut.refuses([&](auto& door) { door.expire(call, "p", id); }, text);
    shut.refuses([&](auto& door) { door.detach(call, Scope::project("p"), shut.note); }, text);
    shut.refuses([&](auto& door) { door.remove(call, "p", {}, shut.note); }, text);
    shut.refuses([&](auto& door) { door.record(call, "p", {}, {&bound, 1}, shut.note); }, text);
  }
}

TEST_CASE("a note is looked at only if something can be evicted") {
  Door door;
  door.note.purge_id.clear();
  CHECK(error_of([&] { door.repository->record(door.call, "p", {}, {}, door.note); }) ==
        "no error");
}

TEST_CASE("the texts of a note are limited") {
  Shut shut;
  const auto detach = [&](auto& door) { door.detach(shut.call, Scope::project("p"), shut.note); };
  shut.note.actor = kLongId;
  shut.refuses(detach, "actor" + kTooLong);
  shut.note.actor.clear();
  shut.note.rule = kLongId;
  shut.refuses(detach, "rule" + kTooLong);
  shut.note.rule.clear();
  shut.note.reason = std::string(65'537, 'x');
  shut.refuses(detach, "reason: 65537 bytes are over the limit of 65536");
}

TEST_CASE("a limit is 1 to 1000") {
  Shut shut;
  const Scope scope = Scope::project("p");
  for (const std::size_t limit : {std::size_t{0}, std::size_t{1001}}) {
    const std::string text = "limit: " + std::to_string(limit) + " is outside of 1 .. 1000";
    shut.refuses([&](auto& door) { door.list(shut.call, {scope, {}}, {}, limit); }, text);
    shut.refuses([&](auto& door) { door.due(shut.call, "p", limit); }, text);
    shut.refuses([&](auto& door) { door.with_resource(shut.call, "p", {}, "r", limit); }, text);
  }
  Door open;
  CHECK_NOTHROW(open.repository->due(open.call, "p", 1000));
}

TEST_CASE("a budget that would do nothing is refused") {
  Shut shut;
  using std::chrono::microseconds;
  struct Row {
    Budget budget;
    const char* text;
  };
  for (const Row& row : {Row{{0, 1, microseconds(1)}, "0 jobs, 1 bytes, 1 us"},
                         Row{{1, 0, microseconds(1)}, "1 jobs, 0 bytes, 1 us"},
                         Row{{1, 1, microseconds(0)}, "1 jobs, 1 bytes, 0 us"},
                         Row{{1, 1, microseconds(-1)}, "1 jobs, 1 bytes, -1 us"}}) {
    const std::string text =
        std::string("budget: ") + row.text + " would do nothing; each must be over 0";
    const Call& call = shut.call;
    shut.refuses([&](auto& door) { door.reclaim(call, "p", row.budget); }, text);
    shut.refuses([&](auto& door) { door.restore(call, "p", "x", {}, {}, row.budget, {}); }, text);
    shut.refuses([&](auto& door) { door.check(call, {}, row.budget); }, text);
    shut.refuses([&](auto& door) { door.compact(call, row.budget); }, text);
  }
}

TEST_CASE("restamp takes 1000 changes and 4 MiB, and limits their texts") {
  Shut shut;
  const auto refuses = [&](std::size_t count, const Retention& retention, const std::string& text) {
    const std::vector<Restamp> changes(count, Restamp{{"", "j", 1, 0}, retention});
    shut.refuses([&](auto& door) { door.restamp(shut.call, "p", changes); }, text);
  };
  refuses(1001, {}, "restamp: 1001 jobs are over the limit of 1000 a call; split them");
  Retention retention;
  retention.stamp.rule = kLongId;
  refuses(1, retention, "rule" + kTooLong);
  retention = {};
  retention.hold.emplace().actor = kLongId;
  refuses(1, retention, "hold's actor" + kTooLong);
  retention.hold->actor.clear();
  retention.hold->reason = std::string(65'537, 'x');
  refuses(1, retention, "hold's reason: 65537 bytes are over the limit of 65536");
  retention.stamp.rule_hold = std::string(32'768, 'x');
  retention.hold->reason = std::string(32'768, 'x');
  refuses(65, retention, "restamp: 4259840 bytes are over the limit of 4194304 a call; split them");
}

TEST_CASE("with_resource needs a resource_id") {
  Shut shut;
  shut.refuses([&](auto& door) { door.with_resource(shut.call, "p", {}, "", 1); },
               "resource_id: is empty; jobs without one are not indexed");
}

TEST_CASE("a lease has a name, an owner, and a ttl of at most 30 days") {
  Shut shut;
  using std::chrono::milliseconds;
  for (const std::string& id : {std::string(), kLongId}) {
    const std::string wrong = id.empty() ? kEmpty : kTooLong;
    shut.refuses([&](auto& door) { door.lease(shut.call, id, "o", milliseconds(1)); },
                 "lease" + wrong);
    shut.refuses([&](auto& door) { door.lease(shut.call, "l", id, milliseconds(1)); },
                 "owner" + wrong);
  }
  constexpr milliseconds kMonth = kMaxLease;
  shut.refuses([&](auto& door) { door.lease(shut.call, "l", "o", milliseconds(-1)); },
               "ttl: -1 ms is outside of 0 .. 2592000000");
  shut.refuses([&](auto& door) { door.lease(shut.call, "l", "o", kMonth + milliseconds(1)); },
               "ttl: 2592000001 ms is outside of 0 .. 2592000000");
  Door open;
  CHECK_NOTHROW(open.repository->lease(open.call, "l", "o", kMonth));
  CHECK_NOTHROW(open.repository->lease(open.call, "l", "o", milliseconds(0)));
}

TEST_CASE("a setting has a name, and a value of at most 4 KiB") {
  Shut shut;
  for (const std::string& name : {std::string(), kLongId}) {
    const std::string text = "setting" + (name.empty() ? kEmpty : kTooLong);
    shut.refuses([&](auto& door) { door.setting(shut.call, name); }, text);
    shut.refuses([&](auto& door) { door.compare_and_set(shut.call, name, {}, ""); }, text);
  }
  const std::string value(4096, 'x');
  shut.refuses([&](auto& door) { door.compare_and_set(shut.call, "s", {}, value + "x"); },
               "setting's value: 4097 bytes are over the limit of 4096");
  Door open;
  CHECK_NOTHROW(open.repository->compare_and_set(open.call, "s", {}, value));
}

}  // namespace
}  // namespace purgatory
