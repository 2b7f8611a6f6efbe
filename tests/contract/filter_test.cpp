#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// Two jobs that differ in every field that a filter can ask for.
class TwoJobs {
 public:
  TwoJobs() {
    NewJob wanted = a_job("wanted").failed_at(10).job_type("backup-vm").resource_id("7").rule("r");
    wanted.fields.failure_status = "failed";
    wanted.fields.resource_type = "vm";
    wanted.fields.error_code = "E-17";
    wanted.fields.resource_name = "web*1";
    NewJob other = a_job("other").group("g").failed_at(20).job_type("copy-vm").resource_id("77");
    other.rule("rr").fields.failure_status = "FAILED";
    other.fields.resource_type = "vms";
    other.fields.error_code = "F-17";
    other.fields.resource_name = "webx1";
    store.record({wanted, other});
    store.hold("wanted");
    store.resolve("wanted", at(30));
  }

  [[nodiscard]] IdSet matching(const Filter& filter) const {
    return id_set(store.list(whole_project(), filter));
  }

  Store store;
};

TEST_CASE("list filters by each field", "[R3]") {
  const TwoJobs jobs;
  Filter filter;

  SECTION("failure_status") { filter.failure_status = "failed"; }
  SECTION("resource_type") { filter.resource_type = "vm"; }
  SECTION("resource_id") { filter.resource_id = "7"; }
  SECTION("job_type") { filter.job_type = "backup-vm"; }
  SECTION("job_type as a glob") { filter.job_type = "b*vm"; }
  SECTION("error_code") { filter.error_code = "E-17"; }
  SECTION("error_code as a glob") { filter.error_code = "E?1*"; }
  SECTION("resource_name taken literally") {
    filter.resource_name = "web*1";
    filter.literal = true;
  }
  SECTION("rule") { filter.rule = "r"; }
  SECTION("failed_before") { filter.failed_before = at(20); }
  SECTION("held") { filter.held = true; }
  SECTION("resolved") { filter.resolved = true; }
  SECTION("several fields at once") {
    filter.job_type = "*-vm";
    filter.failed_from = at(10);
    filter.failed_before = at(11);
  }
  CHECK(jobs.matching(filter) == IdSet{"wanted"});
}

TEST_CASE("list leaves out what a filter excludes", "[R3]") {
  const TwoJobs jobs;
  Filter filter;

  SECTION("failed_from") { filter.failed_from = at(11); }
  SECTION("not held") { filter.held = false; }
  SECTION("not resolved") { filter.resolved = false; }
  CHECK(jobs.matching(filter) == IdSet{"other"});
}

TEST_CASE("a glob matches more than a literal", "[R3]") {
  const TwoJobs jobs;
  Filter filter;
  filter.resource_name = "web*1";

  CHECK(jobs.matching(filter) == IdSet{"wanted", "other"});
}

TEST_CASE("failed_from includes its moment and failed_before does not", "[R3]") {
  const TwoJobs jobs;
  Filter from;
  from.failed_from = at(20);
  Filter before;
  before.failed_before = at(10);

  CHECK(jobs.matching(from) == IdSet{"other"});
  CHECK(jobs.matching(before).empty());
}

TEST_CASE("a filtered walk finds the few among the many at any page size", "[R3]") {
  const Store store;
  for (const char* group : {"", "g"}) {
    std::vector<NewJob> jobs = numbered_jobs(1000, group);
    for (std::size_t i = 0; i < jobs.size(); i += 100) jobs[i].job_type("rare");
    store.record(jobs);
  }
  Filter filter;
  filter.job_type = "rare";
  const auto limit = GENERATE(std::size_t{1}, std::size_t{3}, std::size_t{1000});

  CHECK(store.list(whole_project(), filter, limit).size() == 20);
}

}  // namespace
}  // namespace purgatory::contract
