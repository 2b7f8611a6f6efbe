#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("record refuses a call of more than a thousand jobs", "[R1]") {
  const Store store;

  CHECK(error_of([&] { store.record(numbered_jobs(1001)); }) ==
        "invalid_argument: record: 1001 jobs are over the limit of 1000 a call; split them");
  CHECK(store.count() == 0);
}

TEST_CASE("record refuses a call of more than 4 MiB", "[R1]") {
  const Store store;
  std::vector<NewJob> jobs;
  for (int i = 0; i < 4; ++i) jobs.push_back(a_job(std::to_string(i)).payload_bytes(kMiB));

  // Each job is 64 bytes, the project's name and its id longer than its payload.
  CHECK(error_of([&] { store.record(jobs); }) ==
        "invalid_argument: record: 4194580 bytes are over the limit of 4194304 a call; split them");
  CHECK(store.count() == 0);
}

TEST_CASE("record refuses a call of more than 64 groups", "[R1]") {
  const Store store;
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 65; ++i) jobs.push_back(a_job("a").group(four_digits(i)));

  CHECK(error_of([&] { store.record(jobs); }) ==
        "invalid_argument: record: more than 64 groups in one call; split it");
  CHECK(store.count() == 0);
}

TEST_CASE("record takes 64 groups with a bound each", "[R1]") {
  const Store store;
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 64; ++i) jobs.push_back(a_job("a").group(four_digits(i)));
  std::vector<Bound> bounds;
  for (const NewJob& job : jobs) bounds.push_back(keep_last(1, job.fields.group));

  CHECK(store.record(jobs, bounds).inserted == 64);
}

TEST_CASE("record refuses bounds of a 65th group", "[R1]") {
  const Store store;
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < 64; ++i) jobs.push_back(a_job("a").group(four_digits(i)));

  CHECK(error_of([&] { store.record(jobs, {keep_last(1, "another")}); }) ==
        "invalid_argument: record: more than 64 groups in one call; split it");
}

TEST_CASE("record refuses a job of another project", "[R1]") {
  const Store store;

  CHECK(error_of([&] {
          store.record({a_job("a"), a_job("b").project("depot")});
        }) == "invalid_argument: record: a job of project 'depot' in a call for project 'shop'");
  CHECK_FALSE(store.has("a"));
}

TEST_CASE("record refuses a job that is larger than its bound", "[R1]") {
  const Store store;
  const NewJob job = a_job("b").payload_bytes(100);

  CHECK(error_of([&] {
          store.record({a_job("a"), job}, {max_bytes(job.bytes() - 1)});
        }) ==
        "invalid_argument: record: a job of 169 bytes is larger than the bound of its group, 168 "
        "bytes");
  CHECK_FALSE(store.has("a"));
}

TEST_CASE("one job over a limit refuses the whole call", "[R1][R15]") {
  const Store store;

  CHECK(code_of([&] { store.record({a_job("a"), a_job("")}); }) == ErrorCode::invalid_argument);
  CHECK_FALSE(store.has("a"));
}

TEST_CASE("record with bounds refuses a note over its limits", "[R1]") {
  const Store store;

  CHECK(error_of([&] { store.record(a_job("a"), {keep_last(1)}, ""); }) ==
        "invalid_argument: purge_id: is empty; give 1 to 255 bytes");
  CHECK_FALSE(store.has("a"));
}

TEST_CASE("a purge refuses a note over its limits", "[R5][R6]") {
  const Store store;
  store.record(a_job("a"));
  PurgeNote note = store.note("p1");
  std::string message;
  SECTION("purge_id") {
    note.purge_id = std::string(256, 'x');
    message = "purge_id: 256 bytes are over the limit of 255";
  }
  SECTION("actor") {
    note.actor = std::string(256, 'x');
    message = "actor: 256 bytes are over the limit of 255";
  }
  SECTION("reason") {
    note.reason = std::string(65537, 'x');
    message = "reason: 65537 bytes are over the limit of 65536";
  }
  SECTION("rule") {
    note.rule = std::string(256, 'x');
    message = "rule: 256 bytes are over the limit of 255";
  }

  CHECK(error_of([&] { store->detach(store.call(), whole_project(), note); }) ==
        "invalid_argument: " + message);
  CHECK(error_of([&] { store->remove(store.call(), kProject, {}, note); }) ==
        "invalid_argument: " + message);
  CHECK(store.has("a"));
}

TEST_CASE("every call refuses an empty project", "[R15]") {
  const Store store;
  const Call call = store.call();
  const auto refused = [](const auto& action) {
    CHECK(error_of(action) == "invalid_argument: project: is empty; give 1 to 255 bytes");
  };

  refused([&] { store->record(call, "", {}, {}, {}); });
  refused([&] { store->find(call, "", "", "a"); });
  refused([&] { store->locate(call, "", "a"); });
  refused([&] { store->list(call, {Scope::project(""), {}}, {}, 1); });
  refused([&] { store->count(call, {Scope::project(""), {}}, 1); });
  refused([&] { store->forget(call, "", "", "a", {}); });
  refused([&] { store->detach(call, Scope::project(""), store.note("p")); });
  refused([&] { store->remove(call, "", {}, store.note("p")); });
  refused([&] { store->restore(call, "", "p", at(0), {}, {}, {}); });
  refused([&] { store->piles(call, "", {}); });
  refused([&] { store->trash(call, "", "p", {}); });
  refused([&] { store->seal(call, "", "p"); });
  refused([&] { store->mark_archived(call, "", "p"); });
  refused([&] { store->expire(call, "", "p"); });
  refused([&] { store->reclaim(call, "", {}); });
  refused([&] { store->due(call, "", 1); });
  refused([&] { store->partitions(call, ""); });
  refused([&] { store->restamp(call, "", {}); });
  refused([&] { store->journal(call, "", {}); });
  refused([&] { store->trim_journal(call, "", at(0)); });
  refused([&] { store->with_resource(call, "", {}, "vm", 1); });
}

TEST_CASE("a call refuses a group or an id over its limit", "[R15]") {
  const Store store;
  const std::string too_long(256, 'x');

  CHECK(error_of([&] { (void)store.find("a", too_long); }) ==
        "invalid_argument: group: 256 bytes are over the limit of 255");
  CHECK(error_of([&] { (void)store.find(""); }) ==
        "invalid_argument: job_id: is empty; give 1 to 255 bytes");
  CHECK(error_of([&] { store.forget(too_long); }) ==
        "invalid_argument: job_id: 256 bytes are over the limit of 255");
  CHECK(error_of([&] { store.detach(in_group(too_long)); }) ==
        "invalid_argument: group: 256 bytes are over the limit of 255");
  CHECK(error_of([&] { store.seal(""); }) ==
        "invalid_argument: purge_id: is empty; give 1 to 255 bytes");
}

TEST_CASE("a page refuses a limit outside of its range", "[R3][R9][R16]") {
  const Store store;
  const auto limit = GENERATE(std::size_t{0}, std::size_t{1001});
  const std::string message =
      "invalid_argument: limit: " + std::to_string(limit) + " is outside of 1 .. 1000";

  CHECK(error_of([&] { store->list(store.call(), {whole_project(), {}}, {}, limit); }) == message);
  CHECK(error_of([&] { (void)store.due(limit); }) == message);
  CHECK(error_of([&] { store->with_resource(store.call(), kProject, {}, "vm", limit); }) ==
        message);
}

TEST_CASE("a slice refuses a budget that would do nothing", "[R7][R8][R18]") {
  const Store store;
  const auto [budget, figures] = GENERATE(table<Budget, std::string>(
      {{{.jobs = 0, .bytes = 9, .time = seconds(1)}, "0 jobs, 9 bytes, 1000000 us"},
       {{.jobs = 9, .bytes = 0, .time = seconds(1)}, "9 jobs, 0 bytes, 1000000 us"},
       {{.jobs = 9, .bytes = 9, .time = seconds(0)}, "9 jobs, 9 bytes, 0 us"}}));
  const std::string message =
      "invalid_argument: budget: " + figures + " would do nothing; each must be over 0";

  CHECK(error_of([&, &slice = budget] {
          store->restore(store.call(), kProject, "p", at(0), {}, slice, {});
        }) == message);
  CHECK(error_of([&, &slice = budget] { store->reclaim(store.call(), kProject, slice); }) ==
        message);
  CHECK(error_of([&, &slice = budget] { store->check(store.call(), {}, slice); }) == message);
  CHECK(error_of([&, &slice = budget] { store->compact(store.call(), slice); }) == message);
}

TEST_CASE("remove refuses more than a call may carry", "[R6]") {
  const Store store;
  const auto refused = [&](const std::vector<JobRef>& refs) {
    return error_of([&] { store->remove(store.call(), kProject, refs, store.note("p")); });
  };

  CHECK(refused(std::vector<JobRef>(1001, {"", "a", 1, 1})) ==
        "invalid_argument: refs: 1001 jobs are over the limit of 1000 a call; split them");
  CHECK(refused(std::vector<JobRef>(2, {"", "a", 1, kMaxBytesPerCall})) ==
        "invalid_argument: refs: 8388608 bytes are over the limit of 4194304 a call; split them");
  CHECK(refused({{"", "", 1, 1}}) == "invalid_argument: job_id: is empty; give 1 to 255 bytes");
}

TEST_CASE("remove takes one job that is over the size of a call", "[R6]") {
  const Store store;
  const JobRef large{"", "absent", 1, kMaxBytesPerCall + 1};

  CHECK(store->remove(store.call(), kProject, {&large, 1}, store.note("p")).absent == 1);
}

TEST_CASE("restamp refuses more than a thousand changes", "[R11]") {
  const Store store;
  const std::vector<Restamp> changes(1001, {{"", "a", 1, 1}, {}});

  CHECK(error_of([&] { store->restamp(store.call(), kProject, changes); }) ==
        "invalid_argument: restamp: 1001 jobs are over the limit of 1000 a call; split them");
}

TEST_CASE("with_resource refuses the empty resource_id", "[R16]") {
  const Store store;

  CHECK(error_of([&] { store->with_resource(store.call(), kProject, {}, "", 1); }) ==
        "invalid_argument: resource_id: is empty; jobs without one are not indexed");
}

TEST_CASE("lease refuses wrong arguments", "[R13]") {
  const Store store;

  CHECK(error_of([&] { store->lease(store.call(), "", "a", seconds(1)); }) ==
        "invalid_argument: lease: is empty; give 1 to 255 bytes");
  CHECK(error_of([&] { store->lease(store.call(), "purger", "", seconds(1)); }) ==
        "invalid_argument: owner: is empty; give 1 to 255 bytes");
  CHECK(error_of([&] { store->lease(store.call(), "purger", "a", milliseconds(-1)); }) ==
        "invalid_argument: ttl: -1 ms is outside of 0 .. 2592000000");
}

TEST_CASE("a setting holds 4 KiB and no more", "[R17]") {
  const Store store;
  const std::string largest(4096, 'x');

  CHECK(store->compare_and_set(store.call(), "policy", {}, largest) == largest);
  CHECK(error_of([&] { store->compare_and_set(store.call(), "policy", largest, largest + "x"); }) ==
        "invalid_argument: setting's value: 4097 bytes are over the limit of 4096");
  CHECK(store->setting(store.call(), "policy") == largest);
}

TEST_CASE("a setting needs a name", "[R17]") {
  const Store store;

  CHECK(error_of([&] { store->setting(store.call(), ""); }) ==
        "invalid_argument: setting: is empty; give 1 to 255 bytes");
}

}  // namespace
}  // namespace purgatory::contract
