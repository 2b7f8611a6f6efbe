#include <filesystem>

#include "tests/contract/backends.hpp"
#include "tests/contract/fixture.hpp"

namespace purgatory::contract {
namespace {

TEST_CASE("partitions counts the jobs of each partition", "[R10]") {
  const Store store;
  store.record({a_job("a").failed_at(5), a_job("b").failed_at(3).rule_hold("audit"),
                a_job("c").failed_at(9), a_job("d").group("g").failed_at(4)});
  store.record(a_job("other").project("depot"));

  const std::vector<PartitionInfo> partitions = store.partitions();
  REQUIRE(partitions.size() == 2);
  CHECK(partitions[0].group.empty());
  CHECK(partitions[0].jobs == 3);
  CHECK(partitions[0].bytes == bytes_of(store.list(project_level())));
  CHECK(partitions[0].held == 1);
  CHECK(partitions[0].held_bytes == store.get("b").bytes);
  CHECK(partitions[0].oldest == at(3));
  CHECK(partitions[0].newest == at(9));
  CHECK(partitions[1].group == "g");
  CHECK(partitions[1].jobs == 1);
}

TEST_CASE("partitions are in the order of their groups", "[R10]") {
  const Store store;
  store.record(
      {a_job("1").group("\xff"), a_job("1").group("b"), a_job("1"), a_job("1").group("a")});

  Ids groups;
  for (const PartitionInfo& info : store.partitions()) groups.push_back(info.group);
  CHECK(groups == Ids{"", "a", "b", "\xff"});
}

TEST_CASE("an emptied partition does not exist", "[R10]") {
  const Store store;
  store.record(a_job("a"));

  SECTION("after forget") { store.forget("a"); }
  SECTION("after remove") { store.remove({store.get("a")}); }
  SECTION("after detach") { store.detach(whole_project()); }
  SECTION("after an eviction") { store.trim({keep_last(0)}); }
  CHECK(store.partitions().empty());
}

TEST_CASE("the counters of a partition follow every change", "[R10]") {
  const Store store;
  store.record(numbered_jobs(10));
  store.record(a_job("0005").failed_at(5).payload_bytes(500));
  store.hold("0001");
  store.hold("0002");
  store.release("0001");
  store.forget("0000");
  store.remove({store.get("0009"), store.get("0004")});
  store.trim({keep_last(5)});
  store.restore();

  const PartitionInfo info = store.partition();
  const std::vector<StoredJob> listed = store.list();
  CHECK(info.jobs == listed.size());
  CHECK(info.bytes == bytes_of(listed));
  CHECK(info.held == 1);
  CHECK(info.held_bytes == store.get("0002").bytes);
  CHECK(info.newest == listed.front().job.failed_at);
  CHECK(info.oldest == listed.back().job.failed_at);
}

TEST_CASE("oldest and newest follow the jobs that leave", "[R10]") {
  const Store store;
  store.record(numbered_jobs(10));
  store.forget("0000");
  store.forget("0009");

  CHECK(store.partition().oldest == at(1));
  CHECK(store.partition().newest == at(8));
}

TEST_CASE("the watermark is the last version given", "[R10]") {
  const Store store;
  store.record({a_job("a"), a_job("b").group("g")});
  CHECK(store.watermark() == std::max(store.get("a").version, store.get("b", "g").version));
  store.hold("a");

  CHECK(store.watermark() == store.get("a").version);
}

TEST_CASE("a stale job gives no version", "[R10][R1]") {
  const Store store;
  store.record(a_job("a").failed_at(2));
  const Version before = store.watermark();
  store.record(a_job("a").failed_at(1));

  CHECK(store.watermark() == before);
}

TEST_CASE("the watermark never restarts", "[R10]") {
  Store store;
  store.record(numbered_jobs(10));
  const Version before = store.watermark();
  store.detach(whole_project());
  store.advance(hours(2));
  store.reclaim();
  store.trim_journal(store.now());
  CHECK(store.watermark() == before);
  store.record(a_job("a"));

  CHECK(store.get("a").version > before);
}

TEST_CASE("a project that was never written has no watermark", "[R10]") {
  const Store store;

  CHECK(store.watermark() == 0);
  CHECK(store.partitions().empty());
}

TEST_CASE("stats count jobs and trash", "[R18]") {
  const Store store;
  store.record({a_job("a"), a_job("b").group("g"), a_job("held").rule_hold("audit")});
  store.record(a_job("other").project("depot"));
  const Receipt receipt = store.detach(in_group("g"));
  const std::uint64_t bytes =
      bytes_of(store.list()) + store->find(store.call(), "depot", "", "other").value().bytes;

  CHECK(store.figure("jobs") == 3);
  CHECK(store.figure("bytes") == static_cast<double>(bytes));
  CHECK(store.figure("trash_jobs") == 1);
  CHECK(store.figure("trash_bytes") == static_cast<double>(receipt.bytes));
}

TEST_CASE("check finds nothing wrong with a healthy store", "[R18]") {
  Store store;
  store.record(numbered_jobs(50));
  store.record(a_job("other").project("depot"));
  store.hold("0003");
  store.remove({store.get("0004")}, "p1");
  store.record(a_job("again").group("g").resource_id("vm-1").purge_after(1));
  store.detach(in_group("g"), "p2");
  store.restore("p2");
  store.detach(project_level(), "p3");
  const Budget budget = GENERATE(Budget{}, kOneJob);

  std::uint64_t jobs = 0;
  std::vector<Finding> findings;
  std::optional<std::string> after;
  int slices = 0;
  do {
    const CheckResult slice = store->check(store.call(), after, budget);
    jobs += slice.jobs;
    findings.insert(findings.end(), slice.findings.begin(), slice.findings.end());
    after = slice.next;
  } while (after && ++slices < 1000);
  CHECK(findings.empty());
  CHECK(jobs >= 3);
  CHECK_FALSE(after);
}

TEST_CASE("a slice of check stays within its budget", "[R18]") {
  const Store store;
  store.record(numbered_jobs(50));
  const CheckResult slice =
      store->check(store.call(), {}, {.jobs = 7, .bytes = kMaxBytesPerCall, .time = seconds(1)});

  CHECK(slice.jobs <= 7);
  CHECK(slice.next);
}

TEST_CASE("backup writes a copy or is unsupported", "[R18]") {
  const Store store;
  store.record(a_job("a"));
  const auto directory = std::filesystem::temp_directory_path() / new_purge_id({}, store.now());
  std::filesystem::create_directory(directory);
  const std::string destination = directory / "copy";
  const auto error = code_of([&] { store->backup(store.call(), destination); });
  const bool written = std::filesystem::exists(destination);
  std::filesystem::remove_all(directory);

  CHECK(written == selected_backend().backup);
  CHECK(error ==
        (selected_backend().backup ? std::nullopt : std::optional(ErrorCode::unsupported)));
}

TEST_CASE("compact gives space back or is unsupported", "[R18]") {
  const Store store;
  store.record(a_job("a"));
  const auto error = code_of([&] { store->compact(store.call(), {}); });

  CHECK(error ==
        (selected_backend().compact ? std::nullopt : std::optional(ErrorCode::unsupported)));
  CHECK(store.has("a"));
}

TEST_CASE("the repository names its backend", "[R18]") {
  const Store store;

  CHECK(store->backend() == selected_backend().plugin);
}

}  // namespace
}  // namespace purgatory::contract
