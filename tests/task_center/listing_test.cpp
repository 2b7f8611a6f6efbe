// GET: the list of failed tasks.

#include <fmt/format.h>

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/task_center/fixture.hpp"

namespace purgatory::task_center_test {
namespace {

NewJob of_the_page() {
  NewJob job = a_job("ff808082686f229a0168707beaab014e").failed_at(0);
  job.fields.resource_id = "97862e65-4e92-4a0c-8d5c-2d2c0a2a2b25";
  job.fields.resource_name = "Protected-Instance-ab14";
  job.fields.resource_type = "protected_instances";
  job.fields.failure_status = "createFail";
  job.fields.job_type = "createProtectedInstanceNoCG";
  job.fields.error_code = "EVS.2024";
  job.fields.fail_reason = "QuotaExceeded \"volumes\"";
  return job;
}

TEST_CASE("a list is the page's, to the byte") {
  Center center;
  center.service.record(of_the_page());

  const Response response = center.send("GET", "failure-jobs");
  CHECK(response.status == 200);
  CHECK(header_of(response, "Content-Type") == "application/json");
  CHECK(response.body ==
        R"({"count":1,"failure_jobs":[{"job_status":"FAIL",)"
        R"("resource_id":"97862e65-4e92-4a0c-8d5c-2d2c0a2a2b25",)"
        R"("resource_name":"Protected-Instance-ab14","resource_type":"protected_instances",)"
        R"("failure_status":"createFail","job_id":"ff808082686f229a0168707beaab014e",)"
        R"("job_type":"createProtectedInstanceNoCG","begin_time":"2024-01-01T00:00:00.000Z",)"
        R"("error_code":"EVS.2024","fail_reason":"QuotaExceeded \"volumes\""}]})");
}

TEST_CASE("a list of nothing is an empty one") {
  Center center;
  CHECK(center.get("failure-jobs") == R"({"count":0,"failure_jobs":[]})");
}

TEST_CASE("a list has the project level, or one group") {
  Center center;
  center.service.record({a_job("a"), a_job("b").group("g"), a_job("c").group("h")});

  CHECK(center.listed("") == Ids{"a"});
  CHECK(center.listed("?server_group_id=g") == Ids{"b"});
  CHECK(center.listed("?server_group_id=nowhere").empty());
}

TEST_CASE("each filter alone, and all of them") {
  Center center;
  NewJob other = a_job("other").failed_at(5);
  other.fields.resource_name = "Protected-*";
  other.fields.resource_type = "replications";
  other.fields.failure_status = "stopFail";
  center.service.record({of_the_page(), other});

  CHECK(center.listed("?failure_status=stopFail") == Ids{"other"});
  CHECK(center.listed("?resource_name=Protected-Instance-ab14") ==
        Ids{of_the_page().fields.job_id});
  CHECK(center.listed("?resource_name=Protected-*") == Ids{"other"});
  CHECK(center.listed("?resource_type=replications") == Ids{"other"});
  CHECK(center.listed("?resource_type=replication") == Ids{"other"});
  CHECK(center.listed("?resource_type=protectedInstance") == Ids{of_the_page().fields.job_id});
  CHECK(center.counted("?failure_status=stopFail") == 1);
  CHECK(center.listed("?resource_type=replications&failure_status=stopFail&resource_name="
                      "Protected-%2A&limit=10&offset=0") == Ids{"other"});
  CHECK(center.listed("?resource_type=replications&failure_status=createFail").empty());
}

TEST_CASE("unknown parameters are ignored, also repeated ones") {
  Center center;
  center.service.record(a_job("a"));
  CHECK(center.listed("?marker=x&marker=y&Limit=0&=&&") == Ids{"a"});
}

TEST_CASE("pages of any size have each task once, newest first") {
  constexpr std::size_t kJobs = 2500;
  Center center;
  center.service.record(numbered_jobs(kJobs));
  const std::size_t limit = GENERATE(std::size_t{1000}, std::size_t{999}, std::size_t{313});

  Ids ids;
  for (std::size_t offset = 0; offset < kJobs; offset += limit) {
    const std::string query = fmt::format("?limit={}&offset={}", limit, offset);
    CHECK(center.counted(query) == kJobs);
    const Ids page = center.listed(query);
    ids.insert(ids.end(), page.begin(), page.end());
  }
  CHECK(ids.size() == kJobs);
  CHECK(std::ranges::is_sorted(ids, std::greater()));
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
}

TEST_CASE("an offset behind the end, and a limit of nothing, give an empty list and the count") {
  Center center;
  center.service.record(numbered_jobs(3));
  CHECK(center.get("failure-jobs?offset=3") == R"({"count":3,"failure_jobs":[]})");
  CHECK(center.get("failure-jobs?offset=9223372036854775807") ==
        R"({"count":3,"failure_jobs":[]})");
  CHECK(center.get("failure-jobs?limit=0&offset=1") == R"({"count":3,"failure_jobs":[]})");
}

TEST_CASE("beyond the count limit, the count says that there is more, until there is not") {
  Center center({.count_limit = 4});
  center.service.record(numbered_jobs(4));
  CHECK(center.counted("?limit=2") == 4);
  center.service.record(a_job("fifth").failed_at(4));
  CHECK(center.counted("?limit=2") == 3);
  CHECK(center.counted("?limit=2&offset=2") == 5);
  CHECK(center.counted("?limit=2&offset=4") == 5);
  CHECK(center.counted("?offset=7") == 5);
  CHECK(center.listed("?offset=7").empty());
}

TEST_CASE("what is not UTF-8 becomes U+FFFD, byte by byte") {
  Center center;
  NewJob job = a_job("a");
  job.fields.fail_reason = "caf\xC3\xA9 \xFF\xC3 \xE2\x82";
  center.service.record(job);
  CHECK(center.get("failure-jobs")
            .ends_with("\"fail_reason\":\"caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD "
                       "\xEF\xBF\xBD\xEF\xBF\xBD\"}]}"));
}

TEST_CASE("a parameter that is wrong is named, with what it takes") {
  Center center;
  const auto said = [&](std::string_view query) {
    return shown(center.send("GET", fmt::format("failure-jobs?{}", query)));
  };
  CHECK(said("limit=1001") == "400 SDRS.0221: limit: '1001' is no number from 0 to 1000.");
  CHECK(said("limit=-1") == "400 SDRS.0221: limit: '-1' is no number from 0 to 1000.");
  CHECK(said("limit=+1") == "400 SDRS.0221: limit: ' 1' is no number from 0 to 1000.");
  CHECK(said("limit=1x") == "400 SDRS.0221: limit: '1x' is no number from 0 to 1000.");
  CHECK(said("limit=") == "400 SDRS.0201: limit: is empty: leave it out.");
  CHECK(said("limit") == "400 SDRS.0201: limit: is empty: leave it out.");
  CHECK(said("limit=1&limit=1") == "400 SDRS.0201: limit: is given twice.");
  CHECK(said("limit=1&%6Cimit=1") == "400 SDRS.0201: limit: is given twice.");
  CHECK(said("offset=-1") ==
        "400 SDRS.0222: offset: '-1' is no number from 0 to 9223372036854775807.");
  CHECK(said("offset=9223372036854775808") ==
        "400 SDRS.0222: offset: '9223372036854775808' is no number from 0 to "
        "9223372036854775807.");
  CHECK(said("failure_status=createfail") ==
        "400 SDRS.0201: failure_status: 'createfail' is not one of createFail, deleteFail, "
        "attachFail, detachFail, expandFail, resizeFail, startFail, stopFail, reverseFail, "
        "failoverFail, reprotectFail.");
  CHECK(said("resource_type=disks") ==
        "400 SDRS.0201: resource_type: 'disks' is not one of server_groups, protected_instances, "
        "replications, disaster_recovery_drills.");
  CHECK(said("server_group_id=a%2Fb") ==
        "400 SDRS.0207: server_group_id: 'a/b' is no id: it takes 1 to 64 of A-Z, a-z, 0-9, '.', "
        "'_' and '-'.");
}

}  // namespace
}  // namespace purgatory::task_center_test
