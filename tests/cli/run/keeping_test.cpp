// hold, release and resolve.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

namespace json = boost::json;

/// A store under a policy that holds the group "payments", and lets go what was resolved an hour
/// ago.
class KeepingShop : public Sandbox {
 public:
  KeepingShop() {
    write("plain.yaml", "version: 1\nrepository: { backend: file, file: { path: store.db } }\n");
    write("purgatory.yaml", read("plain.yaml") +
                                "retention:\n"
                                "  rules:\n"
                                "    - { name: stay, match: { group: payments }, hold: finance }\n"
                                "    - { name: rest, keep_for: 90d }\n"
                                "  resolved: { keep_for: 1h }\n");
    out("import - --now 2026-11-06T12:00:00Z", small_store());
  }
};

}  // namespace

TEST_CASE("hold keeps a job from every purge until it is released") {
  const KeepingShop box;
  const Result held = box.run(
      "hold weekly --reason 'ticket 7' --actor alice --until 2026-12-01T00:00:00Z --now "
      "2026-11-06T12:00:00Z");
  CHECK(held.code == 0);
  CHECK(held.out == "HELD\n   1\n");
  CHECK(held.err == "");
  const json::value job = box.json("get weekly");
  CHECK(job.at("held") == true);
  CHECK(job.at("hold_actor") == "alice");
  CHECK(job.at("hold_reason") == "ticket 7");
  CHECK(job.at("hold_until") == "2026-12-01T00:00:00.000Z");
  CHECK(box.json("list --held yes --project-level --project shop").at(0).at("hold_actor") ==
        "alice");
  CHECK(box.run("purge weekly --yes").code == 75);
  CHECK(box.out("release weekly --actor bob -o json") == "{\"released\":1}\n");
  CHECK(box.json("get weekly").at("held") == false);
  CHECK(box.run("purge weekly --yes").code == 0);
}

TEST_CASE("hold takes a duration, and the user's name if none is given") {
  const KeepingShop box;
  CHECK(box.out("hold weekly --reason why --until 90d --now 2026-11-06T12:00:00Z -o jsonl") ==
        "{\"held\":1}\n");
  const json::value job = box.json("get weekly");
  CHECK(job.at("hold_until") == "2027-02-04T12:00:00.000Z");
  CHECK_FALSE(job.at("hold_actor").as_string().empty());
}

TEST_CASE("hold says whose hold it takes the place of") {
  const KeepingShop box;
  box.out("hold weekly --reason 'ticket 7' --actor alice");
  CHECK(box.run("hold weekly --reason 'ticket 8' --actor bob").err ==
        "It was held by alice (\"ticket 7\"): this hold takes the place of that one.\n");
  CHECK(box.json("get weekly").at("hold_actor") == "bob");
}

TEST_CASE("hold, release and resolve want one job that is there") {
  const KeepingShop box;
  for (const std::string command : {"hold", "release", "resolve"}) {
    INFO(command);
    const std::string flags = command == "hold" ? " --reason why" : "";
    const Result absent = box.run(command + " nothing" + flags);
    CHECK(absent.code == 1);
    CHECK(absent.err == "purgatory: there is no failed job 'nothing'\n");
    CHECK(box.run(command + " nightly" + flags).code == 64);
    CHECK(box.run(command + " weekly --project media" + flags).code == 1);
  }
  CHECK(box.count("--held yes --project shop --project-level") == 0);
  CHECK(box.count("--resolved yes") == 0);
}

TEST_CASE("hold refuses an end that has passed") {
  const KeepingShop box;
  const Result past =
      box.run("hold weekly --reason why --until 2026-11-06T12:00:00Z --now 2026-11-06T12:00:00Z");
  CHECK(past.code == 64);
  CHECK(past.err ==
        "purgatory: --until: '2026-11-06T12:00:00Z' is no time to come; write "
        "2027-01-01T00:00:00Z, or how far off: 90d\n");
  CHECK(box.json("get weekly").at("held") == false);
}

TEST_CASE("release of a job that nobody holds says so") {
  const KeepingShop box;
  const Result result = box.run("release weekly");
  CHECK(result.code == 1);
  CHECK(result.out == "");
  CHECK(result.err ==
        "purgatory: nobody holds job 'weekly' of the project level of project 'shop'\n");
}

TEST_CASE("release does not end what a rule holds") {
  const KeepingShop box;
  const Result rule = box.run("release capture-1");
  CHECK(rule.code == 75);
  CHECK(rule.err ==
        "purgatory: release: rule 'stay' holds job 'capture-1' (\"finance\"): that ends by the "
        "policy alone\n");
  box.out("hold capture-1 --reason 'ticket 7'");
  const Result both = box.run("release capture-1");
  CHECK(both.code == 0);
  CHECK(both.err == "Rule 'stay' holds it, too (\"finance\"): that ends by the policy alone.\n");
  CHECK(box.json("get capture-1").at("held") == true);
}

TEST_CASE("resolve marks a job, which then goes sooner") {
  const KeepingShop box;
  const Result result = box.run("resolve weekly --now 2026-11-06T13:00:00Z");
  CHECK(result.code == 0);
  CHECK(result.out == "RESOLVED\n       1\n");
  CHECK(result.err == "");
  const json::value job = box.json("get weekly");
  CHECK(job.at("resolved_at") == "2026-11-06T13:00:00.000Z");
  CHECK(job.at("purge_after") == "2026-11-06T14:00:00.000Z");
  CHECK(box.count("--resolved yes") == 1);
  const Result again = box.run("resolve weekly -o json");
  CHECK(again.code == 0);
  CHECK(again.out == "{\"resolved\":0}\n");
  CHECK(again.err == "It is resolved already, since 2026-11-06T13:00:00.000Z.\n");
}

TEST_CASE("resolve marks all failures of a resource, in a group or in the project") {
  const KeepingShop box;
  for (const std::string place : {"--job-id a", "--job-id b --group g", "--job-id c --group g"}) {
    box.out("record --project shop --resource-id tape-7 " + place);
  }
  CHECK(box.json("resolve --project shop --group g --resource tape-7").at("resolved") == 2);
  CHECK(box.json("get a").as_object().contains("resolved_at") == false);
  CHECK(box.json("resolve --project shop --group '' --resource tape-7").at("resolved") == 1);
  CHECK(box.json("resolve --project shop --resource tape-7").at("resolved") == 0);
  CHECK(box.json("resolve --project media --resource tape-7").at("resolved") == 0);
  CHECK(box.count("--resolved yes") == 3);
}

TEST_CASE("resolve says what it misses") {
  const KeepingShop box;
  const Result nothing = box.run("resolve --project shop");
  CHECK(nothing.code == 64);
  CHECK(nothing.err ==
        "purgatory: say what to resolve: a job's ID, or --project P [--group G] --resource ID\n");
}

TEST_CASE("resolve says if the configuration lets nothing go sooner") {
  const KeepingShop box;
  CHECK(box.run("-c plain.yaml resolve weekly").err ==
        "The configuration has no retention.resolved.keep_for: what is resolved stays as long as "
        "what is not.\n");
}

}  // namespace purgatory::cli_run
