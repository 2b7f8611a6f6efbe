// What fails throws Error and nothing else, but for what the host's own callbacks throw.

#include <new>
#include <stdexcept>

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

TEST_CASE("memory that runs out is an error like any other") {
  Service service;
  service.record(jobs_with_code(2, "E"));
  const std::vector<StoredJob> jobs = service.store().list();
  const auto error_when_exhausted = [&](const std::function<void()>& action) {
    service.meanwhile([] { throw std::bad_alloc(); });  // as if an allocation of the call failed
    return error_of(action);
  };
  const std::string exhausted = "exhausted: the process is out of memory";
  const Filter filter = with_code("E");

  CHECK(error_when_exhausted([&] { service.record(a_job("a")); }) == exhausted);
  CHECK(error_when_exhausted([&] { (void)service->count(Everything{}); }) == exhausted);
  CHECK(error_when_exhausted([&] { (void)service->projects(); }) == exhausted);
  CHECK(error_when_exhausted([&] { service->purge(whole_project(), kAlice); }) == exhausted);
  CHECK(error_when_exhausted([&] {
          service->purge(Selection{whole_project(), filter}, kAlice);
        }) == exhausted);
  CHECK(error_when_exhausted([&] { service->purge(kProject, refs_of(jobs), kAlice); }) ==
        exhausted);
  CHECK(error_when_exhausted([&] { service->purge(Everything{filter}, kAlice); }) == exhausted);
  CHECK(error_when_exhausted([&] { service->restore(kProject, "p"); }) == exhausted);
  CHECK(error_when_exhausted([&] { service->restore("p"); }) == exhausted);
  CHECK(error_when_exhausted([&] { (void)service->trash(kProject); }) == exhausted);
  CHECK(service.live().size() == 2);
}

TEST_CASE("what the host's progress throws leaves the call") {
  Service service;
  service.record(jobs_with_code(1, "E"));
  const Progress broken = [](std::uint64_t) -> bool { throw std::domain_error("the host's own"); };

  CHECK_THROWS_AS(service->purge(Selection{whole_project(), with_code("E")}, kAlice,
                                 {.purge_id = "p", .progress = broken}),
                  std::domain_error);
  CHECK(service.live().empty());
  CHECK_THROWS_AS(service->restore("p", broken), std::domain_error);
  CHECK(service.live().size() == 1);
}

TEST_CASE("a project that cannot be one is refused by every call that names one") {
  Service service;
  const std::string empty = "invalid_argument: project: is empty; give 1 to 255 bytes";
  const Scope scope = Scope::project("");
  const JobRef ref{.group = "", .job_id = "a", .version = 1};

  CHECK(error_of([&] { (void)service->find("", "", "a"); }) == empty);
  CHECK(error_of([&] { (void)service->locate("", "a"); }) == empty);
  CHECK(error_of([&] { (void)service->list({scope, {}}); }) == empty);
  CHECK(error_of([&] { (void)service->count({scope, {}}); }) == empty);
  CHECK(error_of([&] { (void)service->partitions(""); }) == empty);
  CHECK(error_of([&] { service->forget("", "", "a"); }) == empty);
  CHECK(error_of([&] { service->purge(scope, kAlice); }) == empty);
  CHECK(error_of([&] { service->purge({scope, with_code("E")}, kAlice); }) == empty);
  CHECK(error_of([&] { service->purge("", {&ref, 1}, kAlice); }) == empty);
  CHECK(error_of([&] { service->restore("", "p"); }) == empty);
  CHECK(error_of([&] { (void)service->trash(""); }) == empty);
  CHECK(error_of([&] { (void)service->trash("", "p"); }) == empty);
  CHECK(error_of([&] { service->expire("", "p"); }) == empty);
  CHECK(error_of([&] { service->reclaim(""); }) == empty);
  CHECK(error_of([&] { (void)service->journal(""); }) == empty);
}

}  // namespace
}  // namespace purgatory::facade_test
