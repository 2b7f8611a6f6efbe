// list, get, count and export.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {
namespace {

namespace json = boost::json;

/// The ids that `list` gives with these flags.
std::vector<std::string> listed(const Sandbox& box, const std::string& flags) {
  std::vector<std::string> ids;
  const json::value jobs = box.json("list " + flags);
  for (const json::value& job : jobs.as_array()) {
    ids.emplace_back(job.at("job_id").as_string());
  }
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("list shows a table, newest first in each project") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("list");
  CHECK(result.code == 0);
  CHECK(result.err == "");
  CHECK(result.out ==
        "FAILED AT                 PROJECT ID  GROUP ID   JOB ID     JOB TYPE   ERROR CODE  RULE  "
        "PURGE AFTER  FAIL REASON\n"
        "2026-11-06T00:00:00.000Z  media       transcode  nightly    transcode  ENOENT      -     "
        "-            -\n"
        "2026-11-05T00:00:00.000Z  shop        payments   refund-1   refund     DECLINED    -     "
        "-            -\n"
        "2026-11-04T00:00:00.000Z  shop        payments   capture-2  capture    DECLINED    -     "
        "-            -\n"
        "2026-11-03T00:00:00.000Z  shop        payments   capture-1  capture    TIMEOUT     -     "
        "-            -\n"
        "2026-11-02T00:00:00.000Z  shop        -          weekly     report     DISK_FULL   -     "
        "-            the disk is full\n"
        "2026-11-01T00:00:00.000Z  shop        -          nightly    report     TIMEOUT     -     "
        "-            -\n");
}

TEST_CASE("list of an empty store is nothing, or an empty array") {
  const Sandbox box;
  CHECK(box.out("list") == "");
  CHECK(box.out("list -o json") == "[]\n");
  CHECK(box.out("list -o jsonl") == "");
}

TEST_CASE("list prints whole jobs without payload as JSON, in an array or a line each") {
  const Sandbox box;
  box.fill();
  const json::array jobs = box.json("list --everything").as_array();
  REQUIRE(jobs.size() == 6);
  CHECK(jobs[4].at("job_id") == "weekly");
  CHECK(jobs[4].at("labels") == json::parse(R"({"host":"web1"})"));
  CHECK(jobs[4].at("payload_bytes") == 8);
  CHECK_FALSE(jobs[4].as_object().contains("payload"));
  const auto lines = lines_of(box.out("list --output jsonl"));
  REQUIRE(lines.size() == 6);
  for (std::size_t i = 0; i < lines.size(); ++i) CHECK(json::parse(lines[i]) == jobs[i]);
}

TEST_CASE("list takes each scope") {
  const Sandbox box;
  box.fill();
  CHECK(listed(box, "--project shop") ==
        Ids{"refund-1", "capture-2", "capture-1", "weekly", "nightly"});
  CHECK(listed(box, "--project shop --project-level") == Ids{"weekly", "nightly"});
  CHECK(listed(box, "--project shop --group payments") ==
        Ids{"refund-1", "capture-2", "capture-1"});
  CHECK(listed(box, "--project nobody").empty());
}

TEST_CASE("list takes each filter") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "nightly");
  CHECK(listed(box, "--error-code TIMEOUT") == Ids{"capture-1", "nightly"});
  CHECK(listed(box, "--error-code '?I*'") == Ids{"capture-1", "weekly", "nightly"});
  CHECK(listed(box, "--error-code 'D*'") == Ids{"refund-1", "capture-2", "weekly"});
  CHECK(listed(box, "--job-type capture") == Ids{"capture-2", "capture-1"});
  CHECK(listed(box, "--resource-name 'disk-?'") == Ids{"weekly"});
  CHECK(listed(box, "--resource-type disk") == Ids{"weekly"});
  CHECK(listed(box, "--resource-id d-1") == Ids{"weekly"});
  CHECK(listed(box, "--status failed") == Ids{"weekly"});
  CHECK(listed(box, "--rule nightly").empty());
  CHECK(listed(box, "--rule ''").size() == 6);
  CHECK(listed(box, "--project shop --since 2026-11-04T00:00:00Z") == Ids{"refund-1", "capture-2"});
  CHECK(listed(box, "--before 2026-11-02T00:00:00Z") == Ids{"nightly"});
  CHECK(listed(box, "--since 2d --now 2026-11-07T00:00:00Z") == Ids{"nightly", "refund-1"});
  CHECK(listed(box, "--before 5d --now 2026-11-07T00:00:00Z") == Ids{"nightly"});
  CHECK(listed(box, "--held yes") == Ids{"nightly"});
  CHECK(listed(box, "--held no").size() == 5);
  CHECK(listed(box, "--resolved yes").empty());
  CHECK(listed(box, "--resolved no").size() == 6);
  CHECK(listed(box, "--error-code TIMEOUT --job-type capture") == Ids{"capture-1"});
}

TEST_CASE("list stops at its limit and says that there are more") {
  const Sandbox box;
  box.fill();
  const Result cut = box.run("list --limit 2");
  CHECK(lines_of(cut.out).size() == 3);
  CHECK(cut.err == "There are more: --limit 0 lists all.\n");
  CHECK(box.run("list --limit 2 --quiet").err == "");
  CHECK(box.run("list --project shop --limit 5").err == "");
  CHECK(listed(box, "--limit 0").size() == 6);
  box.fill_with(101);
  CHECK(listed(box, "").size() == 100);
}

TEST_CASE("list says that there are more also if they are in the next project") {
  const Sandbox box;
  box.fill();
  CHECK(box.run("list --limit 1").err == "There are more: --limit 0 lists all.\n");
  CHECK(box.run("list --project media --limit 1").err == "");
}

TEST_CASE("get shows a job with its payload, for people and as JSON") {
  const Sandbox box;
  box.fill();
  const std::string table = box.out("get weekly");
  CHECK(contains(table, "\njob_id          weekly\n"));
  CHECK(contains(table, "\nlabels          {\"host\":\"web1\"}\n"));
  CHECK(contains(table, "\npayload         retry me\n"));
  const json::value job = box.json("get weekly");
  CHECK(job.at("payload") == "retry me");
  CHECK(job.at("error_code") == "DISK_FULL");
  CHECK(box.out("get weekly -o jsonl") == box.out("get weekly -o json"));
}

TEST_CASE("get tells how a job is held") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "weekly");
  const json::value job = box.json("get weekly");
  CHECK(job.at("held") == true);
  CHECK(job.at("hold_actor") == "alice");
  CHECK(job.at("hold_reason") == "evidence");
}

TEST_CASE("get asks which is meant if several jobs have the id") {
  const Sandbox box;
  box.fill();
  const Result result = box.run("get nightly");
  CHECK(result.code == 64);
  CHECK(result.err ==
        "purgatory: 2 jobs have the id 'nightly': in group 'transcode' of project 'media', in the "
        "project level of project 'shop'; name one by --project and --group\n");
  CHECK(box.json("get nightly --project media").at("error_code") == "ENOENT");
  CHECK(box.json("get nightly --project shop --group ''").at("error_code") == "TIMEOUT");
  CHECK(box.run("get capture-1 --project shop --group ''").code == 1);
}

TEST_CASE("get finds a job whose id is a word of the command line") {
  const Sandbox box;
  box.out("record --project shop --job-id list");
  box.out({"record", "--project", "shop", "--job-id=--yes"});
  CHECK(box.json("get list").at("job_id") == "list");
  CHECK(contains(box.out("get -o json -- --yes"), "\"job_id\":\"--yes\""));
}

TEST_CASE("count prints a number, or an object with it") {
  const Sandbox box;
  box.fill();
  CHECK(box.out("count") == "6\n");
  CHECK(box.out("count -o json") == "{\"count\":6}\n");
  CHECK(box.out("count -o jsonl") == "{\"count\":6}\n");
  CHECK(box.out("count --everything --error-code TIMEOUT") == "2\n");
  CHECK(box.out("count --project shop --group payments") == "3\n");
  CHECK(box.out("count --project shop --project-level --before 2026-11-02T00:00:00Z") == "1\n");
  CHECK(box.out("count --project nobody") == "0\n");
}

TEST_CASE("count --by-group has a line for each group, and no filter") {
  const Sandbox box;
  box.fill();
  box.hold("shop", "weekly");
  const auto lines = lines_of(box.out("count --by-group"));
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "PROJECT  GROUP      JOBS  BYTES  HELD  OLDEST                    NEWEST");
  const json::array groups = box.json("count --by-group --project shop").as_array();
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].at("group") == "");
  CHECK(groups[0].at("jobs") == 2);
  CHECK(groups[0].at("held") == 1);
  CHECK(groups[1].at("group") == "payments");
  CHECK(groups[1].at("oldest") == "2026-11-03T00:00:00.000Z");
  CHECK(groups[1].at("newest") == "2026-11-05T00:00:00.000Z");
  CHECK(box.json("count --by-group --project shop --group payments").as_array().size() == 1);
  const Result refused = box.run("count --by-group --error-code TIMEOUT");
  CHECK(refused.code == 64);
  CHECK(refused.err ==
        "purgatory: --by-group reads counters, which know no filter: leave one of them out\n");
}

TEST_CASE("export writes what import reads, with payload, whatever the format is called") {
  const Sandbox box;
  box.fill();
  const auto lines = lines_of(box.out("export"));
  REQUIRE(lines.size() == 6);
  CHECK(json::parse(lines[4]).at("payload") == "retry me");
  CHECK_FALSE(json::parse(lines[4]).as_object().contains("version"));
  CHECK(box.out("export -o jsonl") == box.out("export"));
  CHECK(lines_of(box.out("export --project shop --error-code TIMEOUT")).size() == 2);
  const Result refused = box.run("export -o json");
  CHECK(refused.code == 64);
  CHECK(refused.err == "purgatory: -o json: an export is JSON lines, one job a line\n");
}

}  // namespace purgatory::cli_run
