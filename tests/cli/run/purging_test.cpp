// purge and forget.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

namespace json = boost::json;

TEST_CASE("purge of an id takes one job, and says how to undo it") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("purge capture-1 --yes --purge-id p");
  CHECK(result.code == 0);
  CHECK(result.out ==
        "PURGE ID  JOBS  BYTES  HELD\n"
        "p            1   99 B     0\n");
  CHECK(result.err == "To undo: purgatory restore p\n");
  CHECK(box.count() == 5);
  CHECK(box.run("get capture-1").code == 1);
}

TEST_CASE("purge of an id that several jobs have wants the place") {
  const Sandbox box;
  box.fill();
  CHECK(box.run("purge nightly --yes").code == 64);
  CHECK(box.count() == 6);
  box.out("purge nightly --project shop --group '' --yes");
  CHECK(box.json("get nightly").at("project_id") == "media");
}

TEST_CASE("purge of an id takes nothing that selects many") {
  const Sandbox box;
  box.fill();
  for (const std::string flags : {"--everything", "--project shop --project-level",
                                  "--project shop --since 7d", "--error-code TIMEOUT"}) {
    const Result result = box.run("purge weekly --yes --confirm=everything " + flags);
    INFO(flags);
    CHECK(result.code == 64);
    CHECK(result.err == "purgatory: 'weekly' names one job: leave out what selects many\n");
  }
  CHECK(box.count() == 6);
}

TEST_CASE("purge without anything that selects says what to say") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("purge --error-code TIMEOUT --yes --confirm=everything");
  CHECK(result.code == 64);
  CHECK(result.err ==
        "purgatory: say what to purge: a job's ID, --project P [--project-level | --group G], or "
        "--everything\n");
  CHECK(box.count() == 6);
}

TEST_CASE("purge takes each scope, and no job beside it") {
  const Sandbox box;
  const auto left = [&](const std::string& flags) {
    box.fill();
    box.out("purge " + flags);
    return box.count();
  };
  CHECK(left("--project shop --project-level --yes") == 4);
  CHECK(left("--project shop --group payments --yes") == 3);
  CHECK(left("--project shop --yes") == 1);
  CHECK(left("--everything --confirm=everything") == 0);
}

TEST_CASE("purge takes what matches in its scope") {
  const Sandbox box;
  box.fill();
  CHECK(box.json("purge --project shop --error-code TIMEOUT --yes").at("jobs") == 2);
  CHECK(box.json("purge --everything --before 2026-11-05T00:00:00Z --confirm=everything")
            .at("jobs") == 2);
  CHECK(box.json("purge --project shop --group payments --job-type 'ref*' --yes").at("jobs") == 1);
  CHECK(box.count() == 1);
}

TEST_CASE("purge leaves held jobs and says how many") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "weekly");
  const Result scope = box.run("purge --project shop --yes -o jsonl --purge-id p");
  CHECK(scope.code == 0);
  CHECK(json::parse(scope.out).at("held") == 1);
  CHECK(scope.err == "1 job stayed: held.\nTo undo: purgatory restore p\n");
  CHECK(box.json("purge --project shop --error-code '*' --yes").at("held") == 1);
  CHECK(box.count() == 2);
}

TEST_CASE("purge says who, why and how long it can be undone") {
  const Sandbox box;
  box.fill();
  box.out(
      "purge --project shop --yes --actor alice --reason 'ticket 7' --undo-window 2h --purge-id "
      "p --now 2026-11-23T12:00:00Z");
  const json::value entry = box.json("journal").at(0);
  CHECK(entry.at("actor") == "alice");
  CHECK(entry.at("reason") == "ticket 7");
  CHECK(entry.at("at") == "2026-11-23T12:00:00.000Z");
  CHECK(entry.at("undo_until") == "2026-11-23T14:00:00.000Z");
}

TEST_CASE("purge does not say how to undo what nobody can undo") {
  const Sandbox box;
  box.fill();
  CHECK(box.run("purge --project media --yes --undo-window 0s").err == "");
  CHECK(box.run("purge --project media --yes").err == "");
  box.write("jobs.jsonl", small_store());
  CHECK(box.run("purge --load jobs.jsonl --project shop --yes").err == "");
}

TEST_CASE("purge says how to undo it with the configuration that it was given") {
  const Sandbox box;
  box.fill();
  CHECK(box.run("-c purgatory.yaml purge --project shop --yes --purge-id p").err ==
        "To undo: purgatory -c purgatory.yaml restore p\n");
}

TEST_CASE("purge of a scope with the id of an earlier one is done once") {
  const Sandbox box;
  box.fill();
  box.out("purge --project shop --yes --purge-id p");
  box.fill();
  CHECK(box.json("purge --project shop --yes --purge-id p").at("jobs") == 5);
  CHECK(box.count() == 6);
}

TEST_CASE("purge says which of its arguments is wrong") {
  const Sandbox box;
  const auto said = [&](const std::string& flags) {
    const Result result = box.run("purge --project shop --yes " + flags);
    CHECK(result.code == 64);
    return result.err;
  };
  CHECK(said("--undo-window long") ==
        "purgatory: --undo-window: 'long' is no duration; write a whole number and ms, s, m, h, d "
        "or w behind it: 90s, 7d\n");
  CHECK(said("--held maybe") ==
        "purgatory: --held: maybe not in {yes,no}; see purgatory purge --help\n");
  CHECK(said("--everything") ==
        "purgatory: --project excludes --everything; see purgatory purge --help\n");
  CHECK(said("--group g --project-level") ==
        "purgatory: --project-level excludes --group; see purgatory purge --help\n");
}

TEST_CASE("forget takes one job for good") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("forget capture-1 --yes");
  CHECK(result.code == 0);
  CHECK(result.out == "FORGOTTEN\n        1\n");
  CHECK(result.err == "");
  CHECK(box.out("forget refund-1 -y -o json") == "{\"forgotten\":1}\n");
  CHECK(box.count() == 4);
  CHECK(box.json("trash list").as_array().empty());
  CHECK(box.json("journal").as_array().empty());
}

TEST_CASE("forget takes a job only if it still is what was seen") {
  const Sandbox box;
  box.fill();
  const std::string place = "capture-1 --project shop --group payments";
  const std::string version = json::serialize(box.json("get " + place).at("version"));
  const Result changed = box.run("forget " + place + " --yes --if-version 99");
  CHECK(changed.code == 75);
  CHECK(changed.err ==
        "purgatory: job 'capture-1' of group 'payments' of project 'shop' has not version 99 any "
        "more: it was written since, look at it again\n");
  CHECK(box.count() == 6);
  box.out("forget " + place + " --yes --if-version " + version);
  CHECK(box.count() == 5);
}

TEST_CASE("nobody purges or forgets a held job") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "weekly");
  for (const std::string command : {"purge", "forget"}) {
    const Result result = box.run(command + " weekly --yes");
    CHECK(result.code == 75);
    CHECK(
        result.err ==
        "purgatory: job 'weekly' is held by alice (\"evidence\"): release it first, by: purgatory "
        "release weekly\n");
  }
  CHECK(contains(box.run("-c purgatory.yaml forget weekly --project shop --group '' --yes").err,
                 "by: purgatory -c purgatory.yaml release weekly --project shop --group ''\n"));
  CHECK(box.count() == 6);
}

TEST_CASE("what a rule holds is purged by nobody, and the refusal names the rule") {
  const Sandbox box;
  box.write("purgatory.yaml",
            "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
            "retention: { rules: [ { name: stay, hold: finance } ] }\n");
  box.fill();
  const Result result = box.run("purge weekly --yes");
  CHECK(result.code == 75);
  CHECK(result.err ==
        "purgatory: job 'weekly' is held by rule 'stay' (\"finance\"): that ends by the policy "
        "alone\n");
}

TEST_CASE("a dry run of each purge says what would go, and deletes nothing") {
  const Sandbox box;
  box.fill();
  const auto planned = [&](const std::string& flags) {
    return box.json("purge --dry-run " + flags).at("jobs").to_number<int>();
  };
  CHECK(planned("weekly") == 1);
  CHECK(planned("nightly --project media") == 1);
  CHECK(planned("--project shop --project-level") == 2);
  CHECK(planned("--project shop --group payments") == 3);
  CHECK(planned("--project shop") == 5);
  CHECK(planned("--project shop --error-code TIMEOUT") == 2);
  CHECK(planned("--everything") == 6);
  CHECK(planned("--everything --before 2026-11-05T00:00:00Z") == 4);
  CHECK(box.count() == 6);
  CHECK(box.json("journal").as_array().empty());
}

TEST_CASE("a dry run prints the table of plans, and says what stays") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "weekly");
  const Result scope = box.run("purge --project shop --dry-run");
  CHECK(scope.code == 0);
  CHECK(scope.out ==
        "RULE   REASON  JOBS  BYTES  OLDEST                    NEWEST\n"
        "-      scope      4  385 B  2026-11-01T00:00:00.000Z  2026-11-05T00:00:00.000Z\n"
        "total  -          4  385 B  2026-11-01T00:00:00.000Z  2026-11-05T00:00:00.000Z\n");
  CHECK(scope.err == "1 job would stay: held.\n");
  const Result nothing = box.run("purge --project shop --error-code nothing --dry-run");
  CHECK(nothing.code == 0);
  CHECK(nothing.out == "");
  CHECK(nothing.err == "There is nothing to purge.\n");
  CHECK(box.run("purge --project shop --error-code nothing --dry-run --quiet").err == "");
}

TEST_CASE("a dry run of one job shows it, and is no plan that could be applied") {
  const Sandbox box;
  box.fill();
  CHECK(box.out("purge capture-1 --dry-run") ==
        "RULE   REASON     JOBS  BYTES  OLDEST                    NEWEST\n"
        "-      selection     1   99 B  2026-11-03T00:00:00.000Z  2026-11-03T00:00:00.000Z\n"
        "total  -             1   99 B  2026-11-03T00:00:00.000Z  2026-11-03T00:00:00.000Z\n");
  const std::string plan = box.out("purge capture-1 --dry-run -o json");
  CHECK(json::parse(plan).at("purges").at(0).at("samples").at(0).at("job_id") == "capture-1");
  CHECK(box.run("apply - --yes", plan).code == 65);
  CHECK(box.count() == 6);
}

TEST_CASE("a dry run refuses what the purge refuses") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "weekly");
  for (const std::string flags : {"weekly", "nothing", "nightly", "", "--error-code TIMEOUT",
                                  "weekly --everything", "--project shop --undo-window long"}) {
    INFO(flags);
    const Result dry = box.run("purge --dry-run --yes " + flags);
    const Result real = box.run("purge --yes " + flags);
    CHECK(dry.code != 0);
    CHECK(dry.code == real.code);
    CHECK(dry.err == real.err);
  }
}

}  // namespace purgatory::cli_run
