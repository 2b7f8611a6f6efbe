#include "core/retention/hourly_purges.hpp"

#include <vector>

#include "tests/retention/samples.hpp"

namespace purgatory::retention {
namespace {

using namespace retention_test;

const Cause kTransient{.reason = kAge, .rule = "transient"};

PurgeNote note_of(HourlyPurges& purges, const Cause& cause, Time now,
                  std::string_view project = "shop") {
  return purges.with_note(project, cause, now, [](const PurgeNote& note) { return note; });
}

/// Refuses the first `count` notes, and says which it was asked with.
auto refuse(std::vector<std::string>& asked, std::size_t count) {
  return [&asked, count](const PurgeNote& note) {
    asked.push_back(note.purge_id);
    if (asked.size() <= count) throw Error(ErrorCode::conflict, "it takes no more");
  };
}

TEST_CASE("what a rule purges within an hour has one note") {
  HourlyPurges purges(hours(24));
  const PurgeNote note = note_of(purges, kTransient, kNow + minutes(59));
  CHECK(note.purge_id == "age-transient-20261101T00Z");
  CHECK(note.actor == "policy");
  CHECK(note.reason == "age");
  CHECK(note.rule == "transient");
  CHECK(note_of(purges, kTransient, kNow).purge_id == note.purge_id);
  CHECK(note_of(purges, kTransient, kNow + hours(1)).purge_id == "age-transient-20261101T01Z");
  CHECK(note_of(purges, kTransient, kNow - milliseconds(1)).purge_id ==
        "age-transient-20261031T23Z");
}

TEST_CASE("what caps evict within an hour has one note") {
  HourlyPurges purges(hours(24));
  const PurgeNote note = note_of(purges, {.reason = kCaps}, kNow);
  CHECK(note.purge_id == "caps-20261101T00Z");
  CHECK(note.reason == "caps");
  CHECK(note.rule.empty());
}

TEST_CASE("each job of the hour can be restored for the undo window at least") {
  HourlyPurges purges(hours(24));
  CHECK(note_of(purges, kTransient, kNow).undo_until == kNow + hours(25));
  CHECK(note_of(purges, kTransient, kNow + hours(1) - milliseconds(1)).undo_until ==
        kNow + hours(25));
}

TEST_CASE("an undo window of 0 ends at once") {
  HourlyPurges purges(milliseconds(0));
  CHECK(note_of(purges, kTransient, kNow + minutes(7)).undo_until == kNow + minutes(7));
}

TEST_CASE("a purge that takes no more jobs is followed by another one, which is remembered") {
  HourlyPurges purges(hours(24));
  std::vector<std::string> asked;
  purges.with_note("shop", kTransient, kNow, refuse(asked, 2));
  CHECK(asked == std::vector<std::string>{"age-transient-20261101T00Z",
                                          "age-transient-20261101T00Z-2",
                                          "age-transient-20261101T00Z-3"});
  CHECK(note_of(purges, kTransient, kNow).purge_id == "age-transient-20261101T00Z-3");
  CHECK(note_of(purges, kTransient, kNow, "depot").purge_id == "age-transient-20261101T00Z");
  CHECK(note_of(purges, {.reason = kCaps}, kNow).purge_id == "caps-20261101T00Z");
  CHECK(note_of(purges, kTransient, kNow + hours(1)).purge_id == "age-transient-20261101T01Z");
}

TEST_CASE("another error passes") {
  HourlyPurges purges(hours(24));
  int calls = 0;
  CHECK_THROWS_AS(purges.with_note("shop", kTransient, kNow,
                                   [&](const PurgeNote&) {
                                     ++calls;
                                     throw Error(ErrorCode::timeout, "too late");
                                   }),
                  Error);
  CHECK(calls == 1);
}

TEST_CASE("if nothing is ever taken, it says so after a while") {
  HourlyPurges purges(hours(24));
  std::vector<std::string> asked;
  CHECK_THROWS_WITH(purges.with_note("shop", kTransient, kNow, refuse(asked, 5000)),
                    "it takes no more");
  CHECK(asked.size() == 1000);
}

}  // namespace
}  // namespace purgatory::retention
