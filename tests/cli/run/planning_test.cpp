// plan and apply.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

namespace json = boost::json;

/// Of `small_store()` it lets go both that timed out and one of the disk; holds nothing by rule.
constexpr std::string_view kPlanned = R"(
retention:
  min_age: 0s
  rules:
    - { name: timeouts, match: { error_code: TIMEOUT }, keep_for: 1d }
    - { name: disks, match: { error_code: DISK_FULL }, keep_for: 2d }
    - { name: declined, match: { error_code: DECLINED }, keep_for: 30d }
)";

/// A store under a policy that nobody has activated; other.yaml has another one, plain.yaml none.
class PlannedShop : public Sandbox {
 public:
  PlannedShop() {
    write("plain.yaml", "version: 1\nrepository: { backend: file, file: { path: store.db } }\n");
    configure("purgatory.yaml", std::string(kPlanned));
    configure("other.yaml", "retention: { min_age: 0s, rules: [ { name: all, keep_for: 0s } ] }\n");
    out("import - --now 2026-11-06T12:00:00Z", small_store());
  }

  void configure(std::string_view name, const std::string& retention) const {
    write(name, read("plain.yaml") + retention);
  }

  [[nodiscard]] Result run_now(const std::string& line, std::string_view input = {}) const {
    return run(line + " --now 2026-11-08T12:00:00Z", input);
  }
  std::string out_now(const std::string& line, std::string_view input = {}) const {
    return out(line + " --now 2026-11-08T12:00:00Z", input);
  }
  void activate() const { out_now("policy activate --actor alice"); }
  [[nodiscard]] std::string policy(const std::string& config) const {
    return std::string(json("-c " + config + " policy show").at("hash").as_string());
  }
};

/// More than the guard of this configuration lets a change of the policy purge at once.
class GuardedShop : public Sandbox {
 public:
  GuardedShop() {
    write("purgatory.yaml", config("90d"));
    fill_with(20);
    out("policy activate");
    write("purgatory.yaml", config("0s"));
  }

 private:
  static std::string config(const std::string& keep_for) {
    return "version: 1\nrepository: { backend: file, file: { path: store.db } }\n"
           "retention:\n  min_age: 0s\n  rules: [ { name: all, keep_for: " +
           keep_for + " } ]\n  guard: { max_fraction: 50%, min_jobs: 10, max_jobs: 1000 }\n";
  }
};

constexpr std::string_view kRefusal =
    "the change of the policy would purge 20 of 20 jobs of project 'many' at once "
    "(retention.guard: max_fraction is 50%, beyond min_jobs 10): nothing goes sooner than it did, "
    "and no cap is lowered; to allow it: purgatory policy activate --override-guard, or "
    "FailedJobs::activate_policy with override_guard";

}  // namespace

TEST_CASE("plan shows what is due by rule, the total, and what stays for ever") {
  const PlannedShop box;
  box.activate();
  const Result result = box.run_now("plan");
  CHECK(result.code == 0);
  CHECK(result.out ==
        "RULE      REASON  JOBS  BYTES  OLDEST                    NEWEST\n"
        "timeouts  age        2  187 B  2026-11-01T00:00:00.000Z  2026-11-03T00:00:00.000Z\n"
        "disks     age        1  140 B  2026-11-02T00:00:00.000Z  2026-11-02T00:00:00.000Z\n"
        "total     -          3  327 B  2026-11-01T00:00:00.000Z  2026-11-03T00:00:00.000Z\n");
  CHECK(result.err == "No rule is for 1 job: kept for ever.\n");
  CHECK(box.run_now("plan --quiet").err == "");
  CHECK(box.count() == 6);
}

TEST_CASE("plan as JSON is what apply takes, with samples") {
  const PlannedShop box;
  box.activate();
  const std::string text = box.out_now("plan -o json");
  CHECK(box.out_now("plan -o jsonl") == text);
  const json::value plan = json::parse(text);
  CHECK(plan.at("jobs") == 3);
  CHECK(plan.at("policy").as_string() == box.policy("purgatory.yaml"));
  CHECK(plan.at("cutoff") == "2026-11-08T12:00:00.000Z");
  CHECK(plan.at("purges").at(1).at("rule") == "disks");
  CHECK(plan.at("purges").at(1).at("samples").at(0).at("job_id") == "weekly");
  const Result applied = box.run_now("apply - --yes --purge-id p -o json", text);
  CHECK(applied.code == 0);
  CHECK(applied.out == "{\"purge_id\":\"p\",\"jobs\":3,\"bytes\":327,\"held\":0,\"changed\":0}\n");
  CHECK(applied.err == "To undo: purgatory restore p\n");
  CHECK(box.count() == 3);
  CHECK(box.json("restore p --now 2026-11-08T12:00:00Z").at("restored") == 3);
}

TEST_CASE("plan of nothing says so") {
  const PlannedShop box;
  box.activate();
  box.out("purge --project shop --yes");
  const Result nothing = box.run_now("plan");
  CHECK(nothing.code == 0);
  CHECK(nothing.out == "");
  CHECK(nothing.err == "Nothing is due.\nNo rule is for 1 job: kept for ever.\n");
}

TEST_CASE("plan counts held jobs that stay") {
  const PlannedShop box;
  box.activate();
  box.hold("shop", "weekly");
  CHECK(box.run_now("plan").err ==
        "1 job would stay: held.\nNo rule is for 1 job: kept for ever.\n");
}

TEST_CASE("plan counts what the next run evicts over caps") {
  const PlannedShop box;
  box.configure("purgatory.yaml",
                "retention:\n  rules: [ { name: all, keep_for: 30d } ]\n"
                "  caps: [ { match: { group: payments }, keep_last: 1 } ]\n");
  box.activate();
  CHECK(box.run_now("plan").err ==
        "Nothing is due.\nThe next run of a purger evicts 2 jobs over caps; apply does not.\n");
}

TEST_CASE("plan of a policy that is not active says so, and how to activate it") {
  const PlannedShop box;
  CHECK(box.run_now("plan").err ==
        "No rule is for 1 job: kept for ever.\n"
        "No policy is active: apply refuses a plan of this one.\n"
        "To make this one active: purgatory policy activate\n");
  box.activate();
  const Result preview = box.run_now("-c other.yaml plan");
  CHECK(lines_of(preview.out).at(1).starts_with("all    age        6  "));
  CHECK(preview.err == "Another policy is active, " + box.policy("purgatory.yaml") +
                           ", since 2026-11-08T12:00:00.000Z, by alice: apply refuses a plan of "
                           "this one.\n"
                           "To make this one active: purgatory -c other.yaml policy activate\n");
  CHECK(box.count() == 6);
}

TEST_CASE("plan of no policy says that nothing goes") {
  const PlannedShop box;
  CHECK(box.run_now("-c plain.yaml plan").err ==
        "Nothing is due.\nThe configuration has no policy: failed jobs are kept for ever.\n");
}

TEST_CASE("plan of a dump shows what the policy would do to it, and asks for no activation") {
  const PlannedShop box;
  box.write("dump.jsonl", small_store());
  const Result result = box.run("--load dump.jsonl --now 2027-11-08T12:00:00Z plan");
  const auto lines = lines_of(result.out);
  REQUIRE(lines.size() == 5);
  CHECK(lines[4].starts_with("total     -          5  "));
  CHECK(result.err == "No rule is for 1 job: kept for ever.\n");
}

TEST_CASE("plan says what the guard refuses, and apply refuses it unless it is overridden") {
  const GuardedShop box;
  box.out("policy activate");
  const Result plan = box.run("plan -o json");
  CHECK(plan.code == 0);
  CHECK(plan.err == "The guard refuses it: " + std::string(kRefusal) + ".\n");
  box.write("plan.json", plan.out);
  const Result refused = box.run("apply plan.json --yes");
  CHECK(refused.code == 77);
  CHECK(refused.err == "purgatory: " + std::string(kRefusal) +
                           "; or for this once: purgatory apply --override-guard, or "
                           "ApplyOptions::override_guard\n");
  CHECK(box.count() == 20);
  CHECK(box.json("apply plan.json --yes --override-guard").at("jobs") == 20);
  CHECK(box.count() == 0);
}

TEST_CASE("run-due says what the guard refuses, and purges it once that is overridden") {
  const GuardedShop box;
  box.out("policy activate");
  const Result refused = box.run("run-due -o json");
  CHECK(refused.code == 0);
  CHECK(json::parse(refused.out).at("purged") == 0);
  CHECK(refused.err == std::string(kRefusal) + "\n");
  const Result activated = box.run("policy activate --override-guard --actor bob -o json");
  CHECK(json::parse(activated.out).at("guard_overridden") == true);
  CHECK(contains(box.out("policy show"), ", by bob; guard overridden\n"));
  CHECK(box.json("policy show").at("active_policy").at("guard_overridden") == true);
  CHECK(box.run("plan").err == "");
  CHECK(box.json("run-due").at("purged") == 20);
}

TEST_CASE("apply leaves what changed since the plan, and says how many") {
  const PlannedShop box;
  box.activate();
  box.write("plan.json", box.out_now("plan -o json"));
  box.hold("shop", "weekly");
  box.out("record --project shop --job-id nightly --error-code TIMEOUT");
  const Result result = box.run_now("apply plan.json --yes --purge-id p");
  CHECK(result.code == 0);
  CHECK(result.out ==
        "PURGE ID  JOBS  BYTES  HELD  CHANGED\n"
        "p            1   99 B     0        2\n");
  CHECK(result.err ==
        "2 jobs of the plan stayed, or went before: written, held or purged since.\n"
        "To undo: purgatory restore p\n");
  CHECK(box.count() == 5);
}

TEST_CASE("apply says who, why and how long it can be undone") {
  const PlannedShop box;
  box.activate();
  const std::string plan = box.out_now("plan -o json");
  box.out_now("apply - --yes --actor bob --reason 'ticket 7' --undo-window 2h --purge-id p", plan);
  const json::value entry = box.json("journal --project shop").at(0);
  CHECK(entry.at("purge_id") == "p");
  CHECK(entry.at("actor") == "bob");
  CHECK(entry.at("reason") == "ticket 7");
  CHECK(entry.at("undo_until") == "2026-11-08T14:00:00.000Z");
}

TEST_CASE("apply takes the dry run of a purge") {
  const PlannedShop box;
  box.hold("shop", "weekly");
  const std::string plan = box.out("purge --project shop --dry-run -o json");
  const Result result = box.run("apply - --yes --purge-id p -o json", plan);
  CHECK(result.code == 0);
  CHECK(json::parse(result.out).at("jobs") == 4);
  CHECK(json::parse(result.out).at("held") == 1);
  CHECK(result.err == "1 job stayed: held.\nTo undo: purgatory restore p\n");
  const std::string all = box.out("purge --everything --dry-run -o json");
  CHECK(box.run("apply - --yes", all).code == 64);
  CHECK(json::parse(box.out("apply - --confirm=everything -o json", all)).at("jobs") == 1);
  CHECK(box.count() == 1);
}

TEST_CASE("apply refuses a plan of another policy, or while another is active") {
  const PlannedShop box;
  const std::string hash = box.policy("purgatory.yaml");
  const std::string other = box.policy("other.yaml");
  box.write("plan.json", box.out_now("plan -o json"));
  const Result inactive = box.run_now("apply plan.json --yes");
  CHECK(inactive.code == 75);
  CHECK(inactive.err == "purgatory: the plan is of policy " + hash +
                            ", and none is active (purgatory policy activate): plan again\n");
  const Result foreign = box.run_now("-c other.yaml apply plan.json --yes");
  CHECK(foreign.code == 75);
  CHECK(foreign.err == "purgatory: the plan is of policy " + hash +
                           ", and the configuration's is " + other + ": plan again\n");
  box.out_now("-c other.yaml policy activate --actor alice");
  const Result superseded = box.run_now("apply plan.json --yes");
  CHECK(superseded.code == 75);
  CHECK(superseded.err == "purgatory: the plan is of policy " + hash + ", and " + other +
                              " is active, since 2026-11-08T12:00:00.000Z, by alice: plan again\n");
  CHECK(box.count() == 6);
}

TEST_CASE("apply says what is wrong with a file") {
  const PlannedShop box;
  const auto said = [&](const std::string& content) {
    box.write("plan.json", content);
    const Result result = box.run("apply plan.json --yes --confirm=everything");
    CHECK(result.code == 65);
    CHECK(result.out == "");
    return result.err;
  };
  CHECK(said("no").starts_with("purgatory: plan.json: plan: is no JSON: "));
  CHECK(said("{}") == "purgatory: plan.json: plan: form: is missing\n");
  CHECK(said(R"({"form":2})") ==
        "purgatory: plan.json: plan: form: is not 1: another version of the library wrote it\n");
  CHECK(said(std::string((64U << 20U) + 1, ' ')) ==
        "purgatory: plan.json: is longer than any plan, 64 MiB\n");
  CHECK(box.count() == 6);
}

}  // namespace purgatory::cli_run
