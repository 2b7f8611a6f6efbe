// purge of a selection.

#include "tests/facade/fixture.hpp"

namespace purgatory::facade_test {
namespace {

const Selection kFailures{whole_project(), with_code("E")};

TEST_CASE("a selection's purge takes what matches and nothing else") {
  Service service;
  const std::vector<NewJob> matching = jobs_with_code(2500, "E");
  service.record(matching);
  service.record({a_job("other").failed_at(7), a_job("also other").group("g")});
  NewJob in_another_project = a_job("another's").project("depot");
  in_another_project.fields.error_code = "E";
  service.record(in_another_project);
  std::uint64_t bytes = 0;
  for (const NewJob& job : matching) bytes += job.bytes();

  const Receipt receipt = service->purge(kFailures, kAlice);
  CHECK(receipt.jobs == 2500);
  CHECK(receipt.bytes == bytes);
  CHECK(receipt.held == 0);
  CHECK(service.live() == IdSet{"also other", "other"});
  CHECK(service.live("depot") == IdSet{"another's"});
  CHECK(service.entry().jobs == 2500);
  CHECK(service.entry().reason == "selection");
}

TEST_CASE("a selection's purge keeps to its scope") {
  Service service;
  std::vector<NewJob> jobs = jobs_with_code(2, "E");
  jobs.front().group("g");
  service.record(jobs);
  CHECK(service->purge({in_group("g"), with_code("E")}, kAlice).jobs == 1);
  CHECK(service.live() == IdSet{"0001"});
}

TEST_CASE("a selection's purge leaves held jobs and counts them") {
  Service service;
  service.record(jobs_with_code(3, "E"));
  service.record(a_job("other"));
  service.store().hold("0001");
  service.store().hold("other");

  const Receipt receipt = service->purge(kFailures, kAlice);
  CHECK(receipt.jobs == 2);
  CHECK(receipt.held == 1);
  CHECK(service.live() == IdSet{"0001", "other"});
}

TEST_CASE("a purge of nothing that matches is no purge") {
  Service service;
  service.record(a_job("other"));
  const Receipt receipt = service->purge(kFailures, kAlice);
  CHECK(receipt == Receipt{.purge_id = receipt.purge_id});
  CHECK(service.journal().empty());
}

TEST_CASE("without a filter a selection's purge is the scope's") {
  Service service;
  service.record(numbered_jobs(3));
  service->purge(Selection{project_level(), {}}, kAlice);
  CHECK(service.entry().reason == "scope");
  CHECK(service.entry().scope == project_level());
  CHECK(service.entry().state == PileState::sealed);
}

TEST_CASE("jobs that are recorded during a selection's purge stay") {
  Service service;
  service.record(jobs_with_code(2500, "E"));
  std::size_t recorded = 0;
  service.meanwhile([&] {  // older than all others, so the walk comes to them
    NewJob job = a_job(numbered("late ", ++recorded)).failed_at(-1);
    job.fields.error_code = "E";
    service.record(job);
  });
  const Receipt receipt = service->purge(kFailures, kAlice);
  service.meanwhile(nullptr);

  // What came before the purge knew what there was may be gone.
  CHECK(receipt.jobs + service.live().size() == 2500 + recorded);
  CHECK(service.live().size() + 2 >= recorded);
  CHECK(service.live().contains(numbered("late ", recorded)));
  CHECK(recorded > 5);
}

TEST_CASE("jobs that change during a selection's purge stay") {
  Service service;
  const std::vector<NewJob> jobs = jobs_with_code(1500, "E");
  service.record(jobs);
  service.meanwhile([&] { service.record({jobs[0], jobs[700], jobs[1499]}); });
  const Receipt receipt = service->purge(kFailures, kAlice);
  service.meanwhile(nullptr);

  CHECK(receipt.jobs == 1497);
  CHECK(receipt.held == 0);
  CHECK(service.live() == IdSet{"0000", "0700", "1499"});
}

TEST_CASE("a job that is held during a selection's purge stays") {
  Service service;
  service.record(jobs_with_code(1500, "E"));
  bool held = false;
  CHECK(service
            ->purge(kFailures, kAlice,
                    {.progress =
                         [&](std::uint64_t) {
                           if (!std::exchange(held, true)) service.store().hold("0001");
                           return true;
                         }})
            .jobs == 1499);
  CHECK(service.live() == IdSet{"0001"});
}

TEST_CASE("a job that another purge takes meanwhile is counted by one of them") {
  Service service;
  service.record(jobs_with_code(1500, "E"));
  bool purged = false;
  Receipt other;
  const Receipt receipt = service->purge(kFailures, kAlice, {.progress = [&](std::uint64_t) {
                                           if (!std::exchange(purged, true)) {
                                             other = service->purge(project_level(), Actor{"bob"});
                                           }
                                           return true;
                                         }});
  CHECK(receipt.jobs == 1000);
  CHECK(other.jobs == 500);
  CHECK(service.live().empty());
}

TEST_CASE("a selection's purge is told page by page, the last one too") {
  Service service;
  service.record(jobs_with_code(2500, "E"));
  std::vector<std::uint64_t> told;
  service->purge(kFailures, kAlice, {.progress = [&](std::uint64_t jobs) {
                   told.push_back(jobs);
                   return true;
                 }});
  REQUIRE(told.size() >= 3);
  CHECK(std::ranges::is_sorted(told));
  CHECK(told.front() == 1000);
  CHECK(told.back() == 2500);
}

TEST_CASE("a selection's purge stops where it is told to, and goes on by its purge_id") {
  Service service;
  const std::vector<NewJob> jobs = jobs_with_code(2500, "E");
  service.record(jobs);
  const Receipt stopped =
      service->purge(kFailures, kAlice, {.purge_id = "p", .progress = stop_after(1)});
  CHECK(stopped.purge_id == "p");
  CHECK(stopped.jobs == 1000);
  CHECK(service.live().size() == 1500);

  service.advance(minutes(1));
  const Receipt all = service->purge(kFailures, Actor{"bob"}, {.purge_id = "p"});
  CHECK(all.jobs == 2500);
  CHECK(service.live().empty());
  CHECK(service.entry().actor == "alice");
  CHECK(service.entry().jobs == 2500);
  CHECK(service.entry().bytes == all.bytes);
  CHECK(service->purge(kFailures, kAlice, {.purge_id = "p"}) == all);
}

TEST_CASE("a selection's purge that failed in the middle goes on by its purge_id") {
  Service service;
  service.record(jobs_with_code(2500, "E"));
  CHECK(error_of([&] {
          service->purge(kFailures, kAlice,
                         {.purge_id = "p", .progress = [](std::uint64_t) -> bool {
                            throw Error(ErrorCode::unavailable, "away");
                          }});
        }) == "unavailable: away");
  CHECK(service.live().size() == 1500);
  CHECK(service->purge(kFailures, kAlice, {.purge_id = "p"}).jobs == 2500);
}

TEST_CASE("a purge whose trash is freed meanwhile takes all the same, under further purge_ids") {
  Service service;
  service.record(jobs_with_code(2500, "E"));
  std::vector<std::uint64_t> told;
  const Receipt receipt = service->purge(
      kFailures, kAlice,
      {.purge_id = "p", .undo_window = milliseconds(0), .progress = [&](std::uint64_t jobs) {
         told.push_back(jobs);
         service.reclaim_all();
         return true;
       }});
  CHECK(receipt.purge_id == "p");
  CHECK(receipt.jobs == 2500);
  CHECK(told.back() == 2500);
  CHECK(service.live().empty());
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  for (const JournalEntry& entry : service.journal()) {
    CHECK(entry.actor == "alice");
    jobs += entry.jobs;
    bytes += entry.bytes;
  }
  CHECK(service.journal().size() == 3);
  CHECK(jobs == 2500);
  CHECK(bytes == receipt.bytes);
}

TEST_CASE("a further purge_id has an undo window of its own") {
  Service service;
  service.record(jobs_with_code(1500, "E"));
  service->purge(kFailures, kAlice, {.undo_window = minutes(1), .progress = [&](std::uint64_t) {
                                       service.advance(minutes(2));
                                       service.reclaim_all();
                                       return true;
                                     }});
  REQUIRE(service.journal().size() == 2);
  const JournalEntry further = service.journal().front();
  CHECK(further.undo_until == further.at + minutes(1));
}

TEST_CASE("a purge that is restored meanwhile ends with a conflict") {
  Service service;
  service.record(jobs_with_code(2500, "E"));
  CHECK(error_of([&] {
          service->purge(kFailures, kAlice, {.purge_id = "p", .progress = [&](std::uint64_t) {
                                               service->restore(kProject, "p");
                                               return true;
                                             }});
        }) ==
        "conflict: remove: purge 'p' takes no more jobs: it is sealed or was not made by remove; "
        "use a fresh purge_id");
  CHECK(service.live().size() == 2500);
}

TEST_CASE("a selection's purge refuses a purge_id that was freed") {
  Service service;
  service.record(jobs_with_code(1, "E"));
  service->purge(kFailures, kAlice, {.purge_id = "p", .undo_window = milliseconds(0)});
  service.reclaim_all();
  service.record(jobs_with_code(1, "E"));
  CHECK(code_of([&] { service->purge(kFailures, kAlice, {.purge_id = "p"}); }) ==
        ErrorCode::conflict);
  CHECK(service.live().size() == 1);
}

}  // namespace
}  // namespace purgatory::facade_test
