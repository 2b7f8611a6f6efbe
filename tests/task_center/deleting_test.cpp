// The three calls that delete.

#include <catch2/catch.hpp>

#include "tests/task_center/fixture.hpp"

namespace purgatory::task_center_test {
namespace {

TEST_CASE("all failed tasks of all protection groups are the jobs of the project level") {
  Center center;
  center.service.record({a_job("a"), a_job("b"), a_job("c").group("g")});
  center.service.record(a_job("elsewhere").project("other"));

  const Response response = center.send("DELETE", "failure-jobs/batch");
  CHECK(response.status == 204);
  CHECK(response.body.empty());
  CHECK(center.service.live() == IdSet{"c"});
  CHECK(center.service.live("other") == IdSet{"elsewhere"});
  const JournalEntry entry = center.service.entry();
  CHECK(entry.purge_id == header_of(response, "X-Purge-Id"));
  CHECK(entry.actor == "olga");
  CHECK(entry.reason == "task center");
  CHECK(entry.jobs == 2);

  CHECK(center.remove("failure-jobs/batch") == "204");
  CHECK(center.service.journal().size() == 1);
}

TEST_CASE("with the batch scope `project` they are those of its groups, too") {
  Center center({.batch_scope = Config::TaskCenter::BatchScope::project});
  center.service.record({a_job("a"), a_job("c").group("g")});
  center.service.record(a_job("elsewhere").project("other"));

  CHECK(center.remove("failure-jobs/batch") == "204");
  CHECK(center.service.live().empty());
  CHECK(center.service.live("other") == IdSet{"elsewhere"});
}

TEST_CASE("the failed tasks of one protection group are those of that group") {
  Center center;
  center.service.record({a_job("a"), a_job("b").group("g"), a_job("c").group("h")});

  CHECK(center.remove("g/failure-jobs/batch") == "204");
  CHECK(center.service.live() == IdSet{"a", "c"});
  CHECK(center.remove("nowhere/failure-jobs/batch") == "204");
}

TEST_CASE("a group that is called like a part of a path is a group") {
  Center center;
  center.service.record({a_job("a"), a_job("b").group("failure-jobs"), a_job("c").group("batch")});

  CHECK(center.remove("failure-jobs/failure-jobs/batch") == "204");
  CHECK(center.service.live() == IdSet{"a", "c"});
  CHECK(center.remove("batch/failure-jobs/batch") == "204");
  CHECK(center.service.live() == IdSet{"a"});
}

TEST_CASE("a deleted purge can be undone by the id that its answer carries") {
  Center center;
  center.service.record({a_job("a"), a_job("b")});

  const Response response = center.send("DELETE", "failure-jobs/batch");
  center.service->restore(kProject, header_of(response, "X-Purge-Id"));
  CHECK(center.service.live() == IdSet{"a", "b"});
}

TEST_CASE("a task that fails after the answer stays, and the next deletion is another purge") {
  Center center;
  center.service.record(a_job("a"));
  const Response first = center.send("DELETE", "failure-jobs/batch");
  center.service.record({a_job("a"), a_job("b")});
  CHECK(center.service.live() == IdSet{"a", "b"});

  const Response second = center.send("DELETE", "failure-jobs/batch");
  CHECK(header_of(first, "X-Purge-Id") != header_of(second, "X-Purge-Id"));
  CHECK(center.service.live().empty());
  CHECK(center.service.journal().size() == 2);
}

TEST_CASE("one failed task is found in any group") {
  Center center;
  center.service.record({a_job("a"), a_job("b").group("g"), a_job("c").group("g")});

  CHECK(center.remove("failure-jobs/b") == "204");
  CHECK(center.remove("failure-jobs/a") == "204");
  CHECK(center.service.live() == IdSet{"c"});
  CHECK(center.remove("failure-jobs/a") ==
        "404 PURGATORY.0404: Project 'shop' has no failed job 'a'.");
}

TEST_CASE("a task that several groups have is deleted in none of them") {
  Center center;
  center.service.record({a_job("a").group("g"), a_job("a").group("h")});

  CHECK(center.remove("failure-jobs/a") ==
        "409 PURGATORY.0409: Several groups have a job 'a': g, h; delete those of a group.");
  CHECK(center.service.store().count() == 2);
}

TEST_CASE("a task can be named by its resource, if that has one failed task") {
  Center center;
  center.service.record({a_job("a").group("g").resource_id("disk-1"),
                         a_job("b").resource_id("disk-2"),
                         a_job("c").group("g").resource_id("disk-2"),
                         a_job("disk-3").resource_id("disk-4"), a_job("d").resource_id("disk-3")});

  CHECK(center.remove("failure-jobs/disk-1") == "204");
  CHECK(center.remove("failure-jobs/disk-2") ==
        "404 PURGATORY.0404: Project 'shop' has no failed job 'disk-2'.");
  CHECK(center.remove("failure-jobs/disk-3") == "204");
  CHECK(center.service.live() == IdSet{"b", "c", "d"});
}

TEST_CASE("a held task stays, a batch leaves it") {
  Center center;
  center.service.record({a_job("a"), a_job("b")});
  center.service.store().hold("a");

  CHECK(center.remove("failure-jobs/a") ==
        "409 PURGATORY.0409: Job 'a' is held: release it first.");
  CHECK(center.remove("failure-jobs/batch") == "204");
  CHECK(center.service.live() == IdSet{"a"});
}

TEST_CASE("a task that fails again meanwhile is deleted all the same, by the same purge") {
  Center center;
  center.service.record(a_job("a").failed_at(1));
  const int first_step = center.service.steps();
  center.service.meanwhile([&] {  // between the step that finds it and the one that takes it
    if (center.service.steps() == first_step + 4) center.service.record(a_job("a").failed_at(2));
  });

  CHECK(center.remove("failure-jobs/a") == "204");
  CHECK(center.service.live().empty());
  CHECK(center.service.entry().jobs == 1);
}

TEST_CASE("a task that fails again each time is a conflict") {
  Center center;
  center.service.record(a_job("a").failed_at(1));
  std::int64_t second = 1;
  center.service.meanwhile([&] { center.service.record(a_job("a").failed_at(++second)); });

  CHECK(center.remove("failure-jobs/a") ==
        "409 PURGATORY.0409: Job 'a' fails again and again meanwhile: repeat it.");
}

TEST_CASE("no batch is purged while one is being restored") {
  Center center;
  center.service.record(numbered_jobs(1001));
  const Response response = center.send("DELETE", "failure-jobs/batch");
  (void)center.service->restore(kProject, header_of(response, "X-Purge-Id"), stop_after(1));

  CHECK(center.send("DELETE", "failure-jobs/batch").status == 409);
}

}  // namespace
}  // namespace purgatory::task_center_test
