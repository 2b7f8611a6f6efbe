// purge of listed jobs.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

TEST_CASE("listed jobs are purged if their versions are the listed ones") {
  Service service;
  service.record({a_job("a").group("g"), a_job("changed"), a_job("held"), a_job("absent"),
                  a_job("not listed")});
  std::vector<StoredJob> listed = service.store().list();
  std::erase_if(listed, [](const StoredJob& job) { return job.job.job_id == "not listed"; });
  service.record(a_job("changed"));
  service->forget(kProject, "", "absent");

  const Receipt receipt = service->purge(kProject, refs_of(listed), kAlice);
  CHECK(receipt.jobs == 2);
  CHECK(receipt.bytes == a_job("a").group("g").bytes() + a_job("held").bytes());
  CHECK(receipt.held == 0);
  CHECK(service.live() == IdSet{"changed", "not listed"});
  CHECK(service.entry().reason == "selection");
  CHECK(service.entry().scope == whole_project());
}

TEST_CASE("a listed job that is held stays and is counted") {
  Service service;
  service.record({a_job("a"), a_job("held")});
  service.store().hold("held");
  const std::vector<StoredJob> listed = service.store().list();

  const Receipt receipt = service->purge(kProject, refs_of(listed), kAlice);
  CHECK(receipt.jobs == 1);
  CHECK(receipt.held == 1);
  CHECK(service.live() == IdSet{"held"});
}

TEST_CASE("a list of any length is one purge") {
  Service service;
  service.record(numbered_jobs(2500));
  const std::vector<StoredJob> listed = service.store().list();
  std::vector<std::uint64_t> told;
  const Receipt receipt =
      service->purge(kProject, refs_of(listed), kAlice, {.progress = [&](std::uint64_t jobs) {
                       told.push_back(jobs);
                       return true;
                     }});
  CHECK(receipt.jobs == 2500);
  CHECK(receipt.bytes == bytes_of(listed));
  CHECK(told == std::vector<std::uint64_t>{1000, 2000, 2500});
  CHECK(service.entry().purge_id == receipt.purge_id);
  CHECK(service.entry().jobs == 2500);
}

TEST_CASE("a list of large jobs is purged in steps of four MiB") {
  Service service;
  std::vector<NewJob> jobs;
  for (int i = 0; i < 9; ++i) jobs.push_back(a_job(numbered("j", i)).payload_bytes(1'000'000));
  service.record(jobs);
  const std::vector<StoredJob> listed = service.store().list();
  std::vector<std::uint64_t> told;
  service->purge(kProject, refs_of(listed), kAlice, {.progress = [&](std::uint64_t done) {
                   told.push_back(done);
                   return true;
                 }});
  CHECK(told == std::vector<std::uint64_t>{4, 8, 9});
  CHECK(service.live().empty());
}

TEST_CASE("a purge of listed jobs stops where it is told to, and goes on by its purge_id") {
  Service service;
  service.record(numbered_jobs(2500));
  const std::vector<StoredJob> listed = service.store().list();
  const std::vector<JobRef> refs = refs_of(listed);
  const Receipt stopped =
      service->purge(kProject, refs, kAlice, {.purge_id = "p", .progress = stop_after(2)});
  CHECK(stopped.jobs == 2000);
  CHECK(service.live().size() == 500);

  CHECK(service->purge(kProject, refs, kAlice, {.purge_id = "p"}).jobs == 2500);
  CHECK(service.entry().jobs == 2500);
}

TEST_CASE("a job that is listed twice is purged once") {
  Service service;
  service.record(a_job("a"));
  const StoredJob job = service.store().get("a");
  const std::vector<JobRef> twice{ref_of(job), ref_of(job)};
  CHECK(service->purge(kProject, twice, kAlice).jobs == 1);
}

TEST_CASE("a purge of no jobs is no purge") {
  Service service;
  service.record(a_job("a"));
  const Receipt receipt = service->purge(kProject, std::span<const JobRef>(), kAlice);
  CHECK(receipt == Receipt{.purge_id = receipt.purge_id});
  CHECK(receipt.purge_id.size() == 32);
  CHECK(service.journal().empty());
}

TEST_CASE("a purge of listed jobs refuses the purge_id of a scope's purge") {
  Service service;
  service.record(a_job("a"));
  service->purge(whole_project(), kAlice, {.purge_id = "p"});
  service.record(a_job("b"));
  const StoredJob job = service.store().get("b");
  CHECK(error_of([&] {
          service->purge(kProject, std::vector{ref_of(job)}, kAlice, {.purge_id = "p"});
        }) ==
        "conflict: remove: purge 'p' takes no more jobs: it is sealed or was not made by remove; "
        "use a fresh purge_id");
}

}  // namespace
}  // namespace purgatory::facade_test
