#include <algorithm>

#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

/// Bytes that a codec, a key or a script is likely to trip over.
std::string tricky_bytes() {
  return GENERATE(as<std::string>{}, std::string(1, '\0'), std::string("a\0b", 3), "\n", "\r\n",
                  "}", "{x}", "%", "%s%n", "\xff", "\xff\xfe", "\xc3\x28", " ", "'", "\"", "\\",
                  ":", "*", "?", "/", "../x", std::string("\0\0\0\0", 4), std::string(255, '\xff'),
                  std::string(255, '\0'));
}

std::string all_bytes() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes.push_back(static_cast<char>(byte));
  return bytes;
}

/// A job that has `bytes` wherever a text may be (255 of them in ids).
NewJob a_job_of(const std::string& bytes) {
  const std::string id = bytes.substr(0, Limits::kMaxIdBytes);
  NewJob job = a_job(id).group(id).job_type(bytes).resource_id(bytes).payload(bytes);
  job.rule(id).archive(id);
  job.fields.resource_type = bytes;
  job.fields.resource_name = bytes;
  job.fields.failure_status = bytes;
  job.fields.error_code = bytes;
  job.fields.fail_reason = bytes;
  job.fields.labels = {{bytes, bytes}};
  return job;
}

TEST_CASE("any bytes come back from every field", "[R15]") {
  const NewJob job = a_job_of(tricky_bytes());
  const Store store;
  store.record(job);
  const StoredJob stored = store.get(job.fields.job_id, job.fields.group);

  CHECK(stored.job == job.fields);
  CHECK(stored.retention.stamp == job.stamp);
  CHECK(stored.bytes == job.bytes());
}

TEST_CASE("all 256 byte values come back from every field", "[R15]") {
  NewJob job = a_job_of(all_bytes());
  job.rule_hold(all_bytes());
  const Store store;
  store.record(job);
  const StoredJob stored = store.get(job.fields.job_id, job.fields.group);

  CHECK(stored.job == job.fields);
  CHECK(stored.retention.stamp == job.stamp);
}

TEST_CASE("every single byte is an id of its own", "[R15][R3]") {
  const Store store;
  std::vector<NewJob> jobs;
  Ids expected;
  for (const char byte : all_bytes()) {
    expected.emplace_back(1, byte);
    jobs.push_back(a_job(expected.back()).failed_at(0));
  }
  store.record(jobs);
  std::reverse(expected.begin(), expected.end());

  CHECK(ids_of(store.list(whole_project(), {}, 10)) == expected);
}

TEST_CASE("every single byte is a group of its own", "[R15][R10]") {
  const Store store;
  for (const char byte : all_bytes()) store.record(a_job("1").group(std::string(1, byte)));

  CHECK(store.partitions().size() == 256);
  CHECK(store->locate(store.call(), kProject, "1").size() == 256);
}

TEST_CASE("groups and ids that read alike when joined are different jobs", "[R15]") {
  const Store store;
  store.record({a_job("b:c").group("a"), a_job("c").group("a:b"), a_job("bc").group("a"),
                a_job("c").group("ab"), a_job(std::string("\0c", 2)).group("a"),
                a_job("c").group(std::string("a\0", 2))});

  CHECK(store.count() == 6);
}

TEST_CASE("any bytes name a project", "[R15][R9]") {
  const std::string project = tricky_bytes();
  const Store store;
  store.record(a_job("a").project(project));

  CHECK(store->find(store.call(), project, "", "a"));
  CHECK(store->projects(store.call(), {}).items.front().project == project);
}

TEST_CASE("any bytes name a purge", "[R15][R8][R12]") {
  const std::string bytes = tricky_bytes();
  const Store store;
  store.record(a_job("a"));
  const PurgeNote note{.purge_id = bytes,
                       .actor = bytes,
                       .reason = bytes,
                       .rule = bytes,
                       .undo_until = store.now() + hours(1)};
  store->detach(store.call(), whole_project(), note);

  CHECK(store.pile(bytes).jobs == 1);
  const JournalEntry entry = store.entry(bytes);
  CHECK(entry.actor == bytes);
  CHECK(entry.reason == bytes);
  CHECK(entry.rule == bytes);
  CHECK(store.restore(bytes).restored == 1);
}

TEST_CASE("jobs of any bytes pass through trash unchanged", "[R15][R6][R7]") {
  const NewJob job = a_job_of(tricky_bytes());
  const Store store;
  store.record(job);
  store.remove(store.list());
  CHECK(store.trash().front().job == job.fields);
  store.restore();

  CHECK(store.get(job.fields.job_id, job.fields.group).job == job.fields);
}

TEST_CASE("any bytes name the scope of a detach", "[R15][R5]") {
  const std::string group = tricky_bytes();
  const Store store;
  store.record({a_job("a").group(group), a_job("b").group("another")});

  CHECK(store.detach(in_group(group)).jobs == 1);
  CHECK(store.entry().scope == in_group(group));
}

TEST_CASE("any bytes name a resource", "[R15][R16]") {
  const std::string id = tricky_bytes();
  const Store store;
  store.record({a_job("a").resource_id(id), a_job("b").resource_id(id + "x")});

  CHECK(ids_of(store->with_resource(store.call(), kProject, {}, id, 10)) == Ids{"a"});
}

TEST_CASE("any bytes are a hold", "[R15][R11]") {
  const std::string bytes = tricky_bytes();
  const Store store;
  store.record(a_job("a"));
  Retention retention;
  retention.hold = Hold{.actor = bytes, .reason = bytes, .until = {}};
  store.restamp(store.get("a"), retention);

  CHECK(store.get("a").retention == retention);
}

TEST_CASE("any bytes are a setting", "[R15][R17]") {
  const std::string bytes = tricky_bytes();
  const Store store;

  CHECK(store->compare_and_set(store.call(), bytes, std::nullopt, bytes) == bytes);
  CHECK(store->setting(store.call(), bytes) == bytes);
}

TEST_CASE("any bytes are a lease and its owner", "[R15][R13]") {
  const std::string bytes = tricky_bytes();
  const Store store;

  CHECK(store->lease(store.call(), bytes, bytes, seconds(1)));
  CHECK_FALSE(store->lease(store.call(), bytes, "another", seconds(1)));
}

TEST_CASE("an empty payload and empty texts come back", "[R15]") {
  const NewJob job = a_job("a").payload("");
  const Store store;
  store.record(job);

  CHECK(store.get("a").job == job.fields);
  CHECK(store.get("a").payload_bytes == 0);
}

}  // namespace
}  // namespace purgatory::contract
