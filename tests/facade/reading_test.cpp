// find, locate, list, count, projects, partitions, journal.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

TEST_CASE("find returns a job with its payload, or none") {
  Service service;
  service.record(a_job("a").group("g").payload("retry"));

  CHECK(service->find(kProject, "g", "a")->job.payload == "retry");
  CHECK_FALSE(service->find(kProject, "", "a"));
  CHECK_FALSE(service->find("nobody", "g", "a"));
}

TEST_CASE("locate names the groups that have a job") {
  Service service;
  service.record({a_job("a").group("x"), a_job("a"), a_job("a").group("b"), a_job("b").group("c")});

  CHECK(service->locate(kProject, "a") == std::vector<std::string>{"", "b", "x"});
  CHECK(service->locate(kProject, "z").empty());
}

TEST_CASE("list gives pages of what matches, newest first, without payload") {
  Service service;
  service.record(jobs_with_code(5, "E"));
  service.record(a_job("other").failed_at(9));

  const Selection selection{whole_project(), with_code("E")};
  const auto first = service->list(selection, {}, 3);
  CHECK(ids_of(first.items) == Ids{"0004", "0003", "0002"});
  CHECK(first.items.front().job.payload.empty());
  CHECK(first.items.front().payload_bytes == 1);
  REQUIRE(first.next);
  const auto second = service->list(selection, first.next, 3);
  CHECK(ids_of(second.items) == Ids{"0001", "0000"});
  CHECK_FALSE(second.next);
}

TEST_CASE("a page has a hundred jobs unless another number is asked for, of up to a thousand") {
  Service service;
  service.record(numbered_jobs(1001));
  const Selection all{whole_project(), {}};

  CHECK(service->list(all).items.size() == 100);
  CHECK(service->list(all, {}, 1000).items.size() == 1000);
  CHECK(error_of([&] { (void)service->list(all, {}, 0); }) ==
        "invalid_argument: limit: 0 is outside of 1 .. 1000");
  CHECK(error_of([&] { (void)service->list(all, {}, 1001); }) ==
        "invalid_argument: limit: 1001 is outside of 1 .. 1000");
}

TEST_CASE("count counts what matches, in a scope and in everything") {
  Service service;
  service.record(jobs_with_code(3, "E"));
  service.record(a_job("g").group("g"));
  service.record(jobs_with_code(2, "E", "depot"));

  CHECK(service->count({whole_project(), {}}) == 4);
  CHECK(service->count({project_level(), {}}) == 3);
  CHECK(service->count({whole_project(), with_code("E")}) == 3);
  CHECK(service->count(Everything{}) == 6);
  CHECK(service->count(Everything{with_code("E")}) == 5);
  CHECK(service->count({Scope::project("nobody"), {}}) == 0);
}

TEST_CASE("all projects are listed, also those of several pages") {
  Service service;
  std::vector<NewJob> jobs;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 1001; ++i) {
    jobs.push_back(a_job("a").project(contract::four_digits(i)));
    expected.push_back(contract::four_digits(i));
  }
  service.record(jobs);
  CHECK(service->projects() == expected);
  CHECK(service->count(Everything{}) == 1001);
}

TEST_CASE("a project whose jobs are all in trash is listed") {
  Service service;
  service.record(a_job("a"));
  service->purge(whole_project(), kAlice);
  CHECK(service->projects() == std::vector{std::string(kProject)});
}

TEST_CASE("partitions are counted") {
  Service service;
  service.record({a_job("a").failed_at(1), a_job("b").failed_at(3), a_job("c").group("g")});
  service.store().hold("a");

  const Partitions found = service->partitions(kProject);
  REQUIRE(found.partitions.size() == 2);
  CHECK(found.partitions[0].group.empty());
  CHECK(found.partitions[0].jobs == 2);
  CHECK(found.partitions[0].held == 1);
  CHECK(found.partitions[0].oldest == at(1));
  CHECK(found.partitions[0].newest == at(3));
  CHECK(found.partitions[1].group == "g");
  CHECK(found.watermark == service->find(kProject, "", "a")->version);
}

TEST_CASE("the journal lists purges that took jobs, newest first, in pages") {
  Service service;
  std::vector<std::string> expected;
  for (int i = 0; i < 1001; ++i) {
    service.advance(seconds(1));
    service.record(a_job("a"));
    expected.insert(expected.begin(), service->purge(project_level(), kAlice).purge_id);
  }
  service->purge(project_level(), kAlice);  // takes none

  std::vector<std::string> ids;
  for (const JournalEntry& entry : service.journal()) ids.push_back(entry.purge_id);
  CHECK(ids == expected);
  CHECK(service->journal(kProject).items.size() == 1000);
}

}  // namespace
}  // namespace purgatory::facade_test
