// record and import.

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/cli/run/sandbox.hpp"

namespace purgatory::cli_run {

namespace json = boost::json;

TEST_CASE("record keeps each field that it is given") {
  const Sandbox box;
  CHECK(
      box.out("record --project shop --group payments --job-id j-1 --failed-at "
              "2026-11-23T13:51:54.108Z --job-type capture --resource-type order --resource-id "
              "o-1 --resource-name 'order 1' --status captureFail --error-code TIMEOUT --reason "
              "'no answer' --attempts 3 --label host=web1 --label zone=a=b --payload 'retry me'") ==
      "INSERTED  REPLACED  STALE  EVICTED\n       1         0      0        0\n");
  json::object job = box.json("get j-1").as_object();
  CHECK(job.at("held") == false);
  for (const char* own : {"version", "recorded_at", "bytes", "held"}) job.erase(own);
  CHECK(job == json::parse(R"({"project_id":"shop","group_id":"payments","job_id":"j-1",
      "failed_at":"2026-11-23T13:51:54.108Z","job_type":"capture","resource_type":"order",
      "resource_id":"o-1","resource_name":"order 1","failure_status":"captureFail",
      "error_code":"TIMEOUT","fail_reason":"no answer","attempts":3,
      "labels":{"host":"web1","zone":"a=b"},"payload":"retry me","payload_bytes":8})"));
}

TEST_CASE("record without a time takes that of the clock, or a duration before it") {
  const Sandbox box;
  box.out("record --project shop --job-id now --now 2026-11-23T12:00:00Z");
  box.out("record --project shop --job-id before --failed-at 2h --now 2026-11-23T12:00:00Z");
  CHECK(box.json("get now").at("failed_at") == "2026-11-23T12:00:00.000Z");
  CHECK(box.json("get now").at("recorded_at") == "2026-11-23T12:00:00.000Z");
  CHECK(box.json("get before").at("failed_at") == "2026-11-23T10:00:00.000Z");
}

TEST_CASE("record reads a payload from a file, or from stdin, with all its bytes") {
  const Sandbox box;
  box.write("payload", "first\nsecond\n");
  box.out("record --project shop --job-id file --payload-file payload");
  box.out("record --project shop --job-id stdin --payload-file -", std::string("\xff\0\n", 3));
  CHECK(box.json("get file").at("payload") == "first\nsecond\n");
  CHECK(box.json("get stdin").at("payload_base64") == "/wAK");
  CHECK(box.run("record --project shop --job-id x --payload-file nowhere").code == 66);
  CHECK(box.run("record --project shop --job-id x --payload a --payload-file payload").code == 64);
  CHECK(box.count() == 2);
}

TEST_CASE("record says what became of the job: inserted, replaced, stale") {
  const Sandbox box;
  const std::string record = "record --project shop --job-id j --failed-at ";
  CHECK(box.json(record + "2026-11-02T00:00:00Z") ==
        json::parse(R"({"inserted":1,"replaced":0,"stale":0,"evicted":0})"));
  CHECK(box.out(record + "2026-11-03T00:00:00Z -o jsonl") ==
        "{\"inserted\":0,\"replaced\":1,\"stale\":0,\"evicted\":0}\n");
  CHECK(box.json(record + "2026-11-01T00:00:00Z").at("stale") == 1);
}

TEST_CASE("record says which of its arguments is wrong") {
  const Sandbox box;
  const auto said = [&](const std::string& flags) {
    const Result result = box.run("record --project shop --job-id j " + flags);
    CHECK(result.code == 64);
    CHECK(result.out == "");
    return result.err;
  };
  CHECK(said("--failed-at yesterday") ==
        "purgatory: --failed-at: 'yesterday' is no time; write 2026-11-23T13:51:54Z, or how long "
        "ago: 7d\n");
  CHECK(said("--label host") == "purgatory: --label: 'host' has no '=': write KEY=VALUE\n");
  CHECK(said("--attempts many") ==
        "purgatory: Could not convert: --attempts = many; see purgatory record --help\n");
  CHECK(box.run("record --project shop").err ==
        "purgatory: --job-id is required; see purgatory record --help\n");
}

TEST_CASE("import reads a file, or stdin, and tells what became of the jobs") {
  const Sandbox box;
  box.write("jobs.jsonl", small_store());
  const Result first = box.run("import jobs.jsonl");
  CHECK(first.code == 0);
  CHECK(first.err == "");
  CHECK(first.out ==
        "INSERTED  REPLACED  STALE  EVICTED  SKIPPED\n"
        "       6         0      0        0        0\n");
  CHECK(box.out("import - -o json", "\n" + small_store() + " \t\n") ==
        "{\"inserted\":0,\"replaced\":6,\"stale\":0,\"evicted\":0,\"skipped\":0}\n");
  CHECK(box.count() == 6);
}

TEST_CASE("import ends at a wrong line, says which, and keeps what is before it") {
  const Sandbox box;
  box.write("jobs.jsonl", numbered_line(1) + "{\"job_id\":\"x\"}\n" + numbered_line(2));
  const Result result = box.run("import jobs.jsonl");
  CHECK(result.code == 65);
  CHECK(result.out == "");
  INFO(result.err);
  CHECK(result.err.starts_with("purgatory: jobs.jsonl:2: "));
  CHECK(contains(result.err,
                 "; 1 job is recorded, all up to line 1; importing them again is harmless; mend "
                 "the line, or skip such lines with --keep-going\n"));
  CHECK(box.count() == 1);
}

TEST_CASE("import --keep-going skips wrong lines, tells each, and exits with 65") {
  const Sandbox box;
  const Result result = box.run("import - --keep-going -o json",
                                "no\n" + numbered_line(1) + "{}\n" + numbered_line(2));
  CHECK(result.code == 65);
  CHECK(result.out == "{\"inserted\":2,\"replaced\":0,\"stale\":0,\"evicted\":0,\"skipped\":2}\n");
  const auto said = lines_of(result.err);
  REQUIRE(said.size() == 3);
  CHECK(said[0].starts_with("stdin:1: is no JSON"));
  CHECK(said[0].ends_with(": skipped"));
  CHECK(said[1].starts_with("stdin:3: "));
  CHECK(said[2] == "purgatory: -: 2 of its lines were skipped");
  CHECK(box.count() == 2);
}

TEST_CASE("import --keep-going tells the first wrong lines, and counts the others") {
  const Sandbox box;
  std::string lines;
  for (int i = 0; i < 30; ++i) lines += "no\n";
  const Result result = box.run("import - --keep-going", lines);
  const auto said = lines_of(result.err);
  REQUIRE(said.size() == 22);
  CHECK(said[20] == "stdin: further ones are only counted");
  CHECK(said[21] == "purgatory: -: 30 of its lines were skipped");
}

TEST_CASE("import refuses a job that is over a limit of the configuration") {
  const Sandbox box;
  box.write("purgatory.yaml", box.read("purgatory.yaml") + "limits: { payload: 10B }\n");
  const Result result = box.run(
      "import -",
      R"({"project_id":"p","job_id":"j","failed_at":"2026-11-01T00:00:00Z","payload":"01234567890"})"
      "\n");
  CHECK(result.code == 65);
  CHECK(result.err.starts_with("purgatory: stdin:1: "));
  CHECK(contains(result.err, "payload"));
  CHECK(contains(result.err, "nothing is recorded"));
}

}  // namespace purgatory::cli_run
