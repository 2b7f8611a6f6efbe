// restore, trash and journal.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

namespace json = boost::json;

TEST_CASE("restore brings a purge back in each project, or in one") {
  const Sandbox box;
  box.fill();
  box.out("purge --everything --confirm=everything --purge-id p");
  CHECK(box.out("restore p --project shop") ==
        "RESTORED  BYTES  STALE  REFUSED\n"
        "       5  525 B      0        0\n");
  CHECK(box.count() == 5);
  CHECK(box.json("restore p").at("restored") == 1);
  CHECK(box.count() == 6);
}

TEST_CASE("restore leaves in trash what failed again, and says so") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --yes --purge-id p");
  box.out("record --project shop --job-id weekly");
  const Result result = box.run("restore p -o json");
  CHECK(result.code == 0);
  CHECK(json::parse(result.out).at("restored") == 4);
  CHECK(json::parse(result.out).at("stale") == 1);
  CHECK(result.err == "1 job stayed in trash: they failed again since.\n");
}

TEST_CASE("restore of a purge that is not there says where to look") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("restore nothing");
  CHECK(result.code == 1);
  CHECK(result.err ==
        "purgatory: restore: no project has a purge 'nothing' that can be undone; the journal says "
        "what became of it\n");
  CHECK(box.run("restore nothing --project shop").code == 1);
}

TEST_CASE("restore is refused after the undo window") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --yes --purge-id p --now 2026-11-23T12:00:00Z");
  CHECK(box.run("restore p --now 2026-11-24T12:00:01Z").code == 1);
  CHECK(box.json("restore p --now 2026-11-24T11:59:59Z").at("restored") == 5);
}

TEST_CASE("trash list shows what can be restored") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --yes --purge-id p --now 2026-11-23T12:00:00Z");
  box.out("purge --project media --yes --purge-id q --now 2026-11-23T12:00:00Z");
  CHECK(box.out("trash list --now 2026-11-23T12:00:00Z") ==
        "PROJECT  PURGE ID  STATE   JOBS  BYTES  UNDO UNTIL\n"
        "media    q         sealed     1  100 B  2026-11-24T12:00:00.000Z\n"
        "shop     p         sealed     5  525 B  2026-11-24T12:00:00.000Z\n");
  const json::array piles = box.json("trash list --project shop").as_array();
  REQUIRE(piles.size() == 1);
  CHECK(piles[0].at("purge_id") == "p");
  CHECK(piles[0].at("waiting") == false);
  CHECK(lines_of(box.out("trash list -o jsonl")).size() == 2);
}

TEST_CASE("trash empty frees one purge, a project's, or all") {
  const Sandbox box;
  box.fill();
  for (const std::string purge : {"--group payments --purge-id a", "--purge-id b"}) {
    box.out("purge --yes --project shop " + purge);
  }
  box.out("purge --yes --project media --purge-id c");
  CHECK(box.out("trash empty a --yes") == "JOBS  BYTES\n   3  297 B\n");
  CHECK(box.json("trash list").as_array().size() == 2);
  CHECK(box.json("trash empty --project shop --yes").at("jobs") == 2);
  CHECK(box.json("trash empty --everything --confirm=everything").at("jobs") == 1);
  CHECK(box.json("trash list").as_array().empty());
  CHECK(box.json("journal --project shop").at(0).at("state") == "gone");
}

TEST_CASE("trash empty says what it misses") {
  const Sandbox box;
  box.fill();
  const Result nothing = box.run("trash empty --yes");
  CHECK(nothing.code == 64);
  CHECK(nothing.err ==
        "purgatory: say what to empty: a purge's ID, --project P, or --everything\n");
  const Result unknown = box.run("trash empty nothing --yes");
  CHECK(unknown.code == 1);
  CHECK(unknown.err == "purgatory: there is no purge 'nothing' in trash\n");
  CHECK(box.run("trash").code == 64);
}

TEST_CASE("trash list shows what waits for its archive, and trash empty writes it there first") {
  const Sandbox box;
  write_archiving_config(box);
  box.fill();
  box.out("purge --project shop --yes --purge-id p --now 2026-11-23T12:00:00Z");
  box.out("purge --project media --yes --purge-id q --now 2026-11-23T12:00:00Z");
  CHECK(box.out("trash list --now 2026-11-23T12:00:00Z") ==
        "PROJECT  PURGE ID  STATE   JOBS  BYTES  UNDO UNTIL                WAITING\n"
        "media    q         sealed     1  100 B  2026-11-24T12:00:00.000Z  no\n"
        "shop     p         sealed     5  525 B  2026-11-24T12:00:00.000Z  yes\n");
  CHECK(box.out("trash empty --project shop --yes") == "JOBS  BYTES\n   5  525 B\n");
  CHECK(box.json("archive list").at(0).at("jobs") == 2);
  CHECK(box.json("trash list --project shop").as_array().empty());
  CHECK_FALSE(contains(box.out("trash list"), "WAITING"));
}

TEST_CASE("trash empty frees nothing that its archive does not take, and says why") {
  const Sandbox box;
  write_archiving_config(box);
  box.fill();
  box.out("purge --project shop --yes --purge-id p");
  box.write("cold", "no directory");
  const Result refused = box.run("trash empty p --yes");
  CHECK(refused.code == 69);
  INFO(refused.err);
  CHECK(refused.err.starts_with("purgatory: archive: '"));
  CHECK(contains(refused.err, "cold"));
  CHECK(refused.err.ends_with("; 0 jobs freed, what is left stays in trash\n"));
  CHECK(box.json("trash list --project shop").at(0).at("jobs") == 5);
  fs::remove(box / "cold");
  CHECK(box.json("trash empty p --yes").at("jobs") == 5);
  CHECK(box.json("archive list").at(0).at("jobs") == 2);
}

TEST_CASE("trash empty is held up by no other project's archive") {
  const Sandbox box;
  write_archiving_config(box);
  box.fill();
  box.out("record --project aaa --job-id late --error-code TIMEOUT");
  box.out("purge --project aaa --yes --purge-id p --undo-window 0s");
  box.out("purge --project media --yes --purge-id erase");
  box.write("cold", "no directory");
  SECTION("of one purge") { CHECK(box.json("trash empty erase --yes").at("jobs") == 1); }
  SECTION("of all") {
    const Result refused = box.run("trash empty --everything --confirm=everything");
    CHECK(refused.code == 69);
    CHECK(refused.err.ends_with("; 1 job freed, what is left stays in trash\n"));
  }
  CHECK(box.json("trash list --project media").as_array().empty());
  CHECK(box.json("trash list --project aaa").as_array().size() == 1);
}

TEST_CASE("journal lists purges, newest first, with what became of them") {
  const Sandbox box;
  box.fill();
  box.out(
      "purge --project shop --group payments --yes --purge-id a --actor alice --now "
      "2026-11-23T12:00:00Z");
  box.out(
      "purge --project shop --yes --purge-id b --actor bob --reason 'why not' --now "
      "2026-11-23T13:00:00Z");
  box.out("restore a --now 2026-11-23T14:00:00Z");
  CHECK(box.out("journal --now 2026-11-23T15:00:00Z") ==
        "AT                        PROJECT  PURGE ID  ACTOR  JOBS  RESTORED  STATE   REASON\n"
        "2026-11-23T13:00:00.000Z  shop     b         bob       2         0  sealed  why not\n"
        "2026-11-23T12:00:00.000Z  shop     a         alice     3         3  sealed  scope\n");
  const json::array entries = box.json("journal --project shop").as_array();
  REQUIRE(entries.size() == 2);
  CHECK(entries[1].at("scope") == "group 'payments' of project 'shop'");
  CHECK(entries[0].at("undo_until") == "2026-11-24T13:00:00.000Z");
  CHECK(box.json("journal --project media").as_array().empty());
}

TEST_CASE("journal stops at its limit and says that there are more") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --group payments --yes");
  box.out("purge --project shop --yes");
  const Result cut = box.run("journal --limit 1 -o jsonl");
  CHECK(lines_of(cut.out).size() == 1);
  CHECK(cut.err == "There are more: --limit 0 lists all.\n");
  CHECK(lines_of(box.out("journal --limit 0 -o jsonl")).size() == 2);
  CHECK(box.run("journal --limit 2").err == "");
}

}  // namespace purgatory::cli_run
