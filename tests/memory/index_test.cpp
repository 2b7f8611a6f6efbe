// The indexes of one pile of jobs.

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plugins/memory/generation.hpp"

namespace purgatory::memory {

TEST_CASE("a generation gives back each record by id, time, resource and version") {
  Space space(1 << 20);
  RecordBuilder builder(space);
  Generation generation(Generation::Role::live, space);
  std::vector<Record*> records;
  for (int i = 0; i < 100; ++i) {
    FailedJob job;
    job.project = "p";
    job.job_id = std::to_string(i);
    job.resource_id = i % 2 == 0 ? "even" : "odd";
    job.failed_at = Time(std::chrono::milliseconds(1000 - i % 10));
    RecordPtr record = builder.make(job, {}, {});
    REQUIRE(record);
    records.push_back(record.get());
    generation.insert(std::move(record));
  }
  for (Record* record : records) {
    CHECK(generation.find(record->job_id(), record->id_hash) == record);
  }
  int even = 0;
  generation.for_each_with_resource(hash_of("even"), [&](const Record&) { return ++even > 0; });
  CHECK(even == 50);
  CHECK(std::is_sorted(generation.by_time().begin(), generation.by_time().end(), TimeOrder{}));

  const std::uint64_t used = space.used();
  const RecordPtr taken = generation.take(*records[50]);
  CHECK(generation.find("50", hash_of("50")) == nullptr);
  CHECK(generation.totals().jobs == 99);
  CHECK(space.used() == used);
}

TEST_CASE("two records of one id are told apart by their version") {
  Space space(1 << 20);
  RecordBuilder builder(space);
  Generation trash(Generation::Role::trash, space);
  FailedJob job;
  job.project = "p";
  job.job_id = "again";
  for (const Version version : {Version{3}, Version{7}}) {
    RecordPtr record = builder.make(job, {}, {});
    record->version = version;
    trash.insert(std::move(record));
  }
  CHECK(trash.find_in_trash("again", 3)->version == 3);
  CHECK(trash.find_in_trash("again", 7)->version == 7);
  CHECK(trash.find_in_trash("again", 5) == nullptr);
}

TEST_CASE("a generation that is freed job by job gives all its space back") {
  Space space(1 << 20);
  RecordBuilder builder(space);
  const std::uint64_t before = space.used();
  {
    Generation generation(Generation::Role::live, space);
    for (int i = 0; i < 100; ++i) {
      FailedJob job;
      job.project = "p";
      job.job_id = std::to_string(i);
      job.resource_id = "r";
      Stamp stamp;
      stamp.purge_after = Time{};
      generation.insert(builder.make(job, stamp, {}));
    }
    std::uint64_t freed = 0;
    while (!generation.empty()) freed += generation.free_one().jobs;
    CHECK(freed == 100);
  }
  CHECK(space.used() == before);
}

TEST_CASE("hashes that somebody chose to collide cost time, not memory, and lose nothing") {
  Space space(1 << 24);
  RecordBuilder builder(space);
  HashIndex index;
  std::vector<RecordPtr> records;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    FailedJob job;
    job.project = "p";
    job.job_id = std::to_string(i);
    records.push_back(builder.make(job, {}, {}));
    const std::uint32_t hash = i < 1500 ? 42 : i << 24U;  // one hash, and one low half
    index.insert(hash, *records.back());
  }
  const auto count = [&](std::uint32_t hash) {
    int found = 0;
    index.for_each(hash, [&](const Record&) { return ++found > 0; });
    return found;
  };
  CHECK(count(42) == 1500);
  index.erase(42, *records[7]);
  index.replace(42, *records[8], *records[7]);
  CHECK(count(42) == 1499);
}

}  // namespace purgatory::memory
