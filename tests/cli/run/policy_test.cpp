// run-due, policy and explain, and what other commands say of the policy.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "purgatory/failed_jobs.hpp"
#include "tests/cli/run/sandbox.hpp"
#include "tests/cli/run/write_lock.hpp"

namespace purgatory::cli_run {
namespace {

namespace json = boost::json;

constexpr std::string_view kHead =
    "version: 1\nrepository: { backend: file, file: { path: store.db } }\n";

/// Of `small_store()` holds the group "payments", and takes a "nightly" a day after it failed.
constexpr std::string_view kRules = R"(retention:
  rules:
    - name: payments-stay
      match: { group: payments }
      hold: finance keeps these
    - name: transient
      match: { error_code: [ TIMEOUT, "EVS.5*" ], attempts: "<=3" }
      keep_for: 1d
    - name: rest
      keep_for: 30d
)";

constexpr std::string_view kOther = "retention: { rules: [ { name: all, keep_for: 2d } ] }\n";

std::string config_of(std::string_view policy) { return std::string(kHead) + std::string(policy); }

/// A store that was filled under a policy, which nobody has activated; other.yaml has another one
/// for it, plain.yaml has none.
class Shop : public Sandbox {
 public:
  Shop() {
    write("purgatory.yaml", config_of(kRules));
    write("other.yaml", config_of(kOther));
    write("plain.yaml", kHead);
    out("import - --now 2026-11-06T12:00:00Z", small_store());
  }
};

std::string hash_of(const Sandbox& box, const std::string& config = "purgatory.yaml") {
  return std::string(box.json("-c " + config + " policy show").at("hash").as_string());
}

TEST_CASE("a recorded job shows its rule, and when it goes") {
  const Shop box;
  const auto lines = lines_of(box.out("list --project shop"));
  REQUIRE(lines.size() == 6);
  CHECK(contains(lines[0], "  ERROR CODE  RULE           PURGE AFTER               FAIL REASON"));
  CHECK(contains(lines[1], "  DECLINED    payments-stay  -                         -"));
  CHECK(contains(lines[4], "  DISK_FULL   rest           2026-12-02T00:00:00.000Z  the disk is"));
  CHECK(contains(lines[5], "  TIMEOUT     transient      2026-11-06T12:10:00.000Z  -"));
  const json::value weekly = box.json("get weekly");
  CHECK(weekly.at("rule") == "rest");
  CHECK(weekly.at("purge_after") == "2026-12-02T00:00:00.000Z");
  CHECK_FALSE(weekly.as_object().contains("not_before"));
  CHECK(contains(box.out("get weekly"), "\nrule            rest\npurge_after     2026-12-02T00:"));
  const json::value capture = box.json("get capture-1");
  CHECK(capture.at("rule") == "payments-stay");
  CHECK(capture.at("held") == true);
  CHECK(capture.at("hold_reason") == "finance keeps these");
  CHECK_FALSE(capture.as_object().contains("purge_after"));
  CHECK(box.count("--rule transient") == 1);
}

TEST_CASE("record stamps a job by the policy, and keeps its caps") {
  const Sandbox box;
  box.write("purgatory.yaml", config_of("retention:\n  rules: [ { name: all, keep_for: 2d } ]\n"
                                        "  caps: [ { match: { project: '*' }, keep_last: 1 } ]\n"));
  const auto record = [&](const std::string& id) {
    return box.json("record --project p --now 2026-11-06T12:00:00Z --job-id " + id);
  };
  CHECK(record("a").at("evicted") == 0);
  CHECK(record("b").at("evicted") == 1);
  CHECK(box.json("list").at(0).at("purge_after") == "2026-11-08T12:00:00.000Z");
  CHECK(box.json("journal").at(0).at("purge_id") == "caps-20261106T12Z");
}

TEST_CASE("a dump that is loaded meets the policy of the configuration") {
  const Shop box;
  box.write("dump.jsonl", small_store());
  CHECK(box.count("--load dump.jsonl --rule payments-stay") == 3);
  CHECK(box.json("--load dump.jsonl get weekly").at("rule") == "rest");
  CHECK(box.json("--load dump.jsonl policy show").at("active") == false);
  const Result run = box.run("--load dump.jsonl run-due");
  CHECK(run.code == 0);
  CHECK(run.err ==
        "No policy is active: nothing is purged by this one, only trash past its undo window is "
        "freed.\n");
  CHECK(box.run("--load dump.jsonl policy activate").err == "");
  CHECK(box.json("policy show").at("active") == false);
}

TEST_CASE("run-due purges what is due by the active policy, and the journal says why") {
  const Shop box;
  box.out("policy activate --now 2026-11-06T12:05:00Z");
  CHECK(box.json("run-due --now 2026-11-06T12:09:59Z").at("purged") == 0);
  const Result result = box.run("run-due --now 2026-11-06T12:10:00Z");
  CHECK(result.code == 0);
  CHECK(result.err == "");
  CHECK(result.out ==
        "STATE  PURGED  EVICTED  RELEASED  RESTAMPED  CHANGED  ARCHIVED  FREED\n"
        "done        1        0         0          0        0         0      0\n");
  CHECK(box.count() == 5);
  CHECK(box.run("get nightly --project shop").code == 1);
  const json::value entry = box.json("journal --project shop").at(0);
  CHECK(entry.at("purge_id") == "age-transient-20261106T12Z");
  CHECK(entry.at("actor") == "policy");
  CHECK(entry.at("reason") == "age");
  CHECK(entry.at("rule") == "transient");
}

TEST_CASE("run-due as JSON has what was done") {
  const Shop box;
  box.out("policy activate");
  const json::value result = box.json("run-due --now 2027-01-01T00:00:00Z");
  CHECK(result == json::parse(R"({"state":"done","purged":3,"evicted":0,"released":0,)"
                              R"("restamped":0,"changed":0,"archived":0,"freed":0})"));
  CHECK(box.json("run-due --now 2027-01-02T12:00:00Z").at("freed") == 3);
  CHECK(box.out("run-due -o jsonl") == box.out("run-due -o json"));
  box.out("-c other.yaml policy activate");
  CHECK(box.json("-c other.yaml run-due --now 2026-11-06T12:00:00Z").at("restamped") == 3);
}

TEST_CASE("run-due leaves what was restored for another undo window") {
  const Shop box;
  box.out("policy activate");
  box.out("run-due --now 2026-11-06T13:00:00Z");
  CHECK(box.json("restore age-transient-20261106T13Z --now 2026-11-06T14:00:00Z").at("restored") ==
        1);
  const std::string nightly = "nightly --project shop";
  CHECK(box.json("get " + nightly).at("not_before") == "2026-11-07T14:00:00.000Z");
  CHECK(box.json("get " + nightly).at("purge_after") == "2026-11-06T12:10:00.000Z");
  CHECK(contains(box.out("explain " + nightly + " --now 2026-11-06T15:00:00Z"),
                 "it was restored, so rule 'transient' lets it go no sooner than "
                 "2026-11-07T14:00:00.000Z"));
  CHECK(box.json("run-due --now 2026-11-07T13:59:59Z").at("purged") == 0);
  CHECK(box.json("run-due --now 2026-11-07T14:00:00Z").at("purged") == 1);
}

TEST_CASE("run-due never activates: where no policy is active it says so, and how to do it") {
  const Shop box;
  const Result result = box.run("run-due");
  CHECK(result.code == 0);
  CHECK(lines_of(result.out).at(1).starts_with("superseded       0  "));
  CHECK(result.err ==
        "No policy is active: nothing is purged by this one, only trash past its undo window is "
        "freed.\nTo make this one active: purgatory policy activate\n");
  CHECK(contains(box.run("-c purgatory.yaml run-due").err,
                 "\nTo make this one active: purgatory -c purgatory.yaml policy activate\n"));
  CHECK(box.run("run-due --quiet").err == "");
  CHECK(contains(box.run("run-due --verbose").err, "purgatory: policy_superseded hash="));
  CHECK(box.count() == 6);
  CHECK_FALSE(box.json("policy show").as_object().contains("active_policy"));
}

TEST_CASE("run-due frees trash while another policy is active, and says which") {
  const Shop box;
  box.out("purge --project media --yes --now 2026-11-06T12:00:00Z");
  box.out("-c other.yaml policy activate --actor alice --now 2026-11-06T13:00:00Z");
  const Result result = box.run("run-due -o json --now 2026-11-08T12:00:00Z");
  CHECK(result.code == 0);
  CHECK(json::parse(result.out).at("state") == "superseded");
  CHECK(json::parse(result.out).at("purged") == 0);
  CHECK(json::parse(result.out).at("freed") == 1);
  CHECK(result.err == "Another policy is active, " + hash_of(box, "other.yaml") +
                          ", since 2026-11-06T13:00:00.000Z, by alice: nothing is purged by this "
                          "one, only trash past its undo window is freed.\n"
                          "To make this one active: purgatory policy activate\n");
  CHECK(box.count() == 5);
}

TEST_CASE("of two configurations the one whose policy was activated last purges") {
  const Shop box;
  const auto state = [&](const std::string& config) {
    return box.json("-c " + config + " run-due --now 2026-11-06T12:00:00Z").at("state");
  };
  for (int turn = 0; turn < 2; ++turn) {
    box.out("policy activate");
    CHECK(state("purgatory.yaml") == "done");
    CHECK(state("other.yaml") == "superseded");
    CHECK(box.count("--rule rest") == 2);
    box.out("-c other.yaml policy activate");
    CHECK(state("purgatory.yaml") == "superseded");
    CHECK(state("other.yaml") == "done");
    CHECK(box.count("--rule all") == 6);
  }
}

TEST_CASE("a configuration without a policy purges nothing by one, and says so") {
  const Shop box;
  box.out("policy activate");
  const Result run = box.run("-c plain.yaml run-due -o json");
  CHECK(run.code == 0);
  CHECK(json::parse(run.out).at("state") == "done");
  CHECK(run.err == "The configuration has no policy: only trash past its undo window is freed.\n");
  const Result show = box.run("-c plain.yaml policy show");
  CHECK(show.code == 0);
  CHECK(show.err ==
        "The configuration has neither rules nor caps: failed jobs are kept for ever.\n");
  CHECK(lines_of(show.out).size() == 3);
  CHECK(box.count() == 6);
}

TEST_CASE("run-due leaves the work to another purger, and says so") {
  const Shop box;
  box.out("policy activate");
  const FailedJobs jobs = FailedJobs::open(box / "purgatory.yaml");
  REQUIRE(jobs.repository().lease(jobs.begin_call(), "purgatory.purger", "somebody",
                                  std::chrono::hours(1)));
  const Result result = box.run("run-due -o json");
  CHECK(result.code == 0);
  CHECK(json::parse(result.out).at("state") == "not_leader");
  CHECK(result.err == "Another process is the purger of this store now: it does the work.\n");
  CHECK(box.count() == 6);
}

TEST_CASE("run-due that runs out of time says to run it again") {
  const Sandbox box;
  box.write("purgatory.yaml",
            config_of("retention: { min_age: 0s, rules: [ { name: all, keep_for: 0s } ] }\n"));
  box.fill_with(1500);
  box.out("policy activate");
  const Result result = box.run("run-due --time-budget 0s -o json");
  CHECK(result.code == 0);
  CHECK(json::parse(result.out).at("state") == "more");
  CHECK(result.err == "The time was over before all was done: run it again to go on.\n");
  CHECK(box.count() > 0);
  CHECK(box.json("run-due --time-budget 1h").at("state") == "done");
  CHECK(box.count() == 0);
}

TEST_CASE("run-due wants a duration as its time budget") {
  const Shop box;
  const Result result = box.run("run-due --time-budget 5");
  CHECK(result.code == 64);
  CHECK(result.out == "");
  CHECK(result.err.starts_with("purgatory: --time-budget: '5' is no duration; "));
}

TEST_CASE("run-due of a store that fails ends with its error, once") {
  const Shop box;
  box.out("policy activate");
  box.write("hasty.yaml",
            "version: 1\nrepository: { backend: file, timeout: 300ms, file: { path: "
            "store.db } }\n" +
                std::string(kRules));
  const WriteLock lock(box / "store.db");
  const Result result = box.run("-c hasty.yaml run-due -o json");
  CHECK(result.code == 75);
  CHECK(json::parse(result.out).at("state") == "failed");
  INFO(result.err);
  CHECK(lines_of(result.err).size() == 1);
  CHECK(result.err.starts_with("purgatory: "));
  CHECK(result.err.ends_with("; 0 jobs were purged before\n"));
}

TEST_CASE("policy show prints the policy in its order, and whether it is active") {
  const Sandbox box;
  box.write("purgatory.yaml", config_of(std::string(kRules) +
                                        "  caps:\n"
                                        "    - { match: { project: shop, group: '' }, keep_last: "
                                        "10000, max_bytes: 256MiB }\n"
                                        "    - { match: { project: '*' }, max_bytes: 1GiB }\n"));
  const std::string hash = hash_of(box);
  const std::string tables =
      "min_age  10m\n"
      "\n"
      "RULE           MATCH                                     KEEP FOR  HOLD\n"
      "payments-stay  group payments                            -         finance keeps these\n"
      "transient      error_code TIMEOUT, EVS.5*; attempts <=3  1d        -\n"
      "rest           every job                                 30d       -\n"
      "\n"
      "CAP                     KEEP LAST  MAX BYTES\n"
      "project shop; group ''     10,000  256.0 MiB\n"
      "project *                       -    1.0 GiB\n";
  CHECK(box.out("policy show") == "hash     " + hash + "\nactive   no: none is\n" + tables);
  box.out("policy activate --actor alice --now 2026-11-06T13:00:00Z");
  CHECK(box.out("policy show") ==
        "hash     " + hash + "\nactive   yes, since 2026-11-06T13:00:00.000Z, by alice\n" + tables);
  box.write("other.yaml", config_of(kOther));
  CHECK(lines_of(box.out("-c other.yaml policy show"))[1] ==
        "active   no: " + hash + ", since 2026-11-06T13:00:00.000Z, by alice");
}

TEST_CASE("policy show as JSON has all of the policy") {
  const Sandbox box;
  box.write("purgatory.yaml", config_of(R"(retention:
  min_age: 90s
  rules:
    - name: all-members
      match:
        project: [ shop, "m*" ]
        group: ""
        job_type: a
        resource_type: b
        resource_name: c
        failure_status: d
        error_code: "!e"
        fail_reason: f
        attempts: ">3"
        labels: { host: web1 }
      keep_for: 1500ms
    - name: for-ever
      match: { job_type: [ x ] }
      keep_for: forever
      archive: cold
    - { name: rest, hold: because }
  resolved: { keep_for: 1h }
  archives: { cold: { directory: cold } }
  caps: [ { match: { project: "*", group: g }, keep_last: 7, max_bytes: 1KiB } ]
)"));
  box.out("policy activate --actor alice --now 2026-11-06T13:00:00Z");
  const std::string hash = hash_of(box);
  CHECK(box.json("policy show") == json::parse(R"({"hash":")" + hash + R"(","active":true,
    "active_policy":{"hash":")" + hash + R"(","activated_at":"2026-11-06T13:00:00.000Z",
                     "actor":"alice","guard_overridden":false},
    "min_age":"90s","resolved_keep_for":"1h",
    "rules":[
      {"name":"all-members","match":{"project":["shop","m*"],"group":[""],"job_type":["a"],
        "resource_type":["b"],"resource_name":["c"],"failure_status":["d"],"error_code":["!e"],
        "fail_reason":["f"],"attempts":[">3"],"labels":{"host":["web1"]}},"keep_for":"1500ms"},
      {"name":"for-ever","match":{"job_type":["x"]},"keep_for":"forever","archive":"cold"},
      {"name":"rest","match":{},"hold":"because"}],
    "caps":[{"match":{"project":["*"],"group":["g"]},"keep_last":7,"max_bytes":1024}]})"));
  CHECK(box.out("policy show -o jsonl") == box.out("policy show -o json"));
  const std::string tables = box.out("policy show");
  CHECK(contains(tables, "\nmin_age            90s\nresolved_keep_for  1h\n"));
  CHECK(contains(tables, "KEEP FOR  HOLD     ARCHIVE\n"));
  CHECK(contains(tables, "; label host web1  1500ms    -        -\n"));
  CHECK(contains(tables, "  forever   -        cold\n"));
}

TEST_CASE("policy activate prints what is active, and deletes nothing") {
  const Shop box;
  const Result result = box.run("policy activate --actor alice --now 2027-01-01T00:00:00Z");
  CHECK(result.code == 0);
  CHECK(result.out == "HASH                              ACTIVATED AT              ACTOR\n" +
                          hash_of(box) + "  2027-01-01T00:00:00.000Z  alice\n");
  CHECK(result.err == "The next run of a purger applies it: purgatory run-due\n");
  CHECK(box.count() == 6);
  CHECK(box.json("policy show").at("active") == true);
}

TEST_CASE("policy activate of the active policy leaves when and by whom it was activated") {
  const Shop box;
  box.out("policy activate --actor alice --now 2026-11-06T13:00:00Z");
  const Result again = box.run("policy activate --actor bob --now 2026-11-06T14:00:00Z -o json");
  CHECK(again.code == 0);
  CHECK(json::parse(again.out) == json::parse(R"({"hash":")" + hash_of(box) +
                                              R"(","activated_at":"2026-11-06T13:00:00.000Z",)"
                                              R"("actor":"alice","guard_overridden":false})"));
  CHECK(again.err ==
        "It is active already.\nThe next run of a purger applies it: purgatory run-due\n");
}

TEST_CASE("policy activate takes the user's name if none is given") {
  const Shop box;
  const json::value active = box.json("policy activate");
  CHECK_FALSE(active.at("actor").as_string().empty());
}

TEST_CASE("policy wants to be told what to do") {
  const Sandbox box;
  CHECK(box.run("policy").err == "purgatory: a command is required; see purgatory policy --help\n");
  CHECK(contains(box.out("policy activate --help"),
                 "Deletes nothing itself: the next run of a purger does."));
}

TEST_CASE("explain says why a job is still here") {
  const Shop box;
  CHECK(box.out("explain weekly --now 2026-11-07T00:00:00Z") ==
        "Stored since 2026-11-06T12:00:00.000Z; rule 'rest' keeps it until "
        "2026-12-02T00:00:00.000Z.\n");
  CHECK(contains(box.out("explain weekly --now 2026-12-03T00:00:00Z"),
                 "rule 'rest' lets it go since 2026-12-02T00:00:00.000Z"));
  CHECK(contains(box.out("explain capture-1"),
                 "rule 'payments-stay' holds it (\"finance keeps these\")"));
  CHECK(contains(box.out("-c other.yaml explain weekly"), "; by the policy at hand, rule 'all' "));
  box.hold("shop", "weekly");
  CHECK(contains(box.out("explain weekly"), "; alice holds it (\"evidence\")"));
}

TEST_CASE("explain as JSON has the rule and the time, too") {
  const Shop box;
  const json::value weekly = box.json("explain weekly --now 2026-11-07T00:00:00Z");
  CHECK(weekly == json::parse(R"({"explanation":"Stored since 2026-11-06T12:00:00.000Z; rule )"
                              R"('rest' keeps it until 2026-12-02T00:00:00.000Z.",)"
                              R"("rule":"rest","purge_after":"2026-12-02T00:00:00.000Z"})"));
  const json::object capture = box.json("explain capture-1").as_object();
  CHECK(capture.at("rule") == "payments-stay");
  CHECK_FALSE(capture.contains("purge_after"));
}

TEST_CASE("explain wants one job") {
  const Shop box;
  CHECK(box.run("explain nothing").code == 1);
  CHECK(box.run("explain nightly").code == 64);
  CHECK(contains(box.out("explain nightly --project media"), "rule 'rest'"));
  CHECK(contains(box.out("explain nightly --project shop --group ''"), "rule 'transient'"));
}

}  // namespace
}  // namespace purgatory::cli_run
