// Each byte of a small store reads as another one: nothing crashes, hangs, or returns a wrong
// field.

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <random>

#include "tests/file/fault_vfs.hpp"
#include "tests/file/fixture.hpp"

namespace purgatory::file_test {
namespace {

using contract::a_job;
using contract::Store;

constexpr unsigned kWatchdog = 20;  // seconds
constexpr std::chrono::seconds kMostPerCall{1};
constexpr int kShards = 4;
constexpr unsigned kSeed = 4711;

/// A store whose file is whole: jobs in two groups, one held, one restored, a pile, a setting.
void make_store(const fs::path& path) {
  {
    Store store(at_path(path));
    store.record({a_job("a").failed_at(1).purge_after(5).resource_id("disk").rule("days"),
                  a_job("b").failed_at(2).payload_bytes(600).archive("s3"),
                  a_job("c").group("g").failed_at(3), a_job("d").group("g").failed_at(4)});
    store.hold("b");
    store.detach(contract::in_group("g"), "restored");
    store.restore("restored");
    store.remove({store.get("d", "g")}, "removed");
    store.record(a_job("e").failed_at(6).archive("s3"), {contract::keep_last(1)}, "caps");
    store->compare_and_set(store.call(), "policy", std::nullopt, "strict");
    store->lease(store.call(), "purger", "alice", contract::minutes(1));
  }
  // Small pages leave little space between the bytes that matter, and make trees of several.
  const Raw raw(path);
  raw.run(
      "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL;");
}

/// What the checksums cover of each job, by its id.
class Covered {
 public:
  explicit Covered(const Store& store) {
    for (const StoredJob& listed : store.list())
      add(store.get(listed.job.job_id, listed.job.group));
    for (const Pile& pile : store.piles()) {
      for (const StoredJob& trashed : store.trash(pile.purge_id)) add(trashed);
    }
  }

  /// A call returned the job; `whole`: with its payload.
  [[nodiscard]] bool right(const StoredJob& stored, bool whole) const {
    const auto found = jobs_.find(stored.job.job_id);
    if (found == jobs_.end()) return false;
    FailedJob expected = found->second.job;
    if (!whole) expected.payload.clear();
    return stored.job == expected && stored.retention == found->second.retention &&
           stored.recorded_at == found->second.recorded_at;
  }

 private:
  void add(const StoredJob& stored) { jobs_[stored.job.job_id] = stored; }

  std::map<std::string, StoredJob> jobs_;
};

/// What all reads tell of a store, each as a text; a read that fails tells nothing.
struct Answers {
  std::vector<std::string> texts;
  bool failed = false;
  std::string wrong;  ///< A field that a checksum covers was returned, and is not as recorded.
};

class Reading {
 public:
  Reading(const Store& store, const Covered* covered) : store_(store), covered_(covered) {}

  Answers run() {
    const std::vector<std::pair<std::string, std::string>> jobs{
        {"", "a"}, {"", "b"}, {"", "e"}, {"g", "c"}, {"g", "d"}};
    for (const auto& [group, id] : jobs) {
      read([&] {
        const auto found = store_->find(call(), contract::kProject, group, id);
        return found ? show(*found, true) : "absent";
      });
    }
    read([&] { return show(store_->list(call(), {contract::whole_project(), {}}, {}, 9).items); });
    read([&] { return show(store_->due(call(), contract::kProject, 9)); });
    read([&] {
      return show(store_->with_resource(call(), contract::kProject, std::nullopt, "disk", 9));
    });
    read([&] {
      return fmt::format("{}", fmt::join(store_->locate(call(), contract::kProject, "c"), " "));
    });
    read([&] {
      return std::to_string(store_->count(call(), {contract::whole_project(), {}}, 99));
    });
    for (const char* purge : {"removed", "caps", "restored"}) {
      read([&] { return show(store_->trash(call(), contract::kProject, purge, {}).items, true); });
    }
    read([&] { return show(store_->piles(call(), contract::kProject, {}).items); });
    read([&] { return show(store_->journal(call(), contract::kProject, {}).items); });
    read([&] { return show(store_->partitions(call(), contract::kProject)); });
    read([&] { return show(store_->projects(call(), {}).items); });
    return std::move(answers_);
  }

 private:
  [[nodiscard]] Call call() const { return call_of(store_, kMostPerCall); }

  template <typename Read>
  void read(Read action) {
    std::string text;
    try {
      text = action();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::plugin) answers_.wrong = error.what();
      // Whether a purge has trash is an answer.
      answers_.failed |= error.code() != ErrorCode::not_found;
      text = to_string(error.code());
    }
    answers_.texts.push_back(std::move(text));
  }

  std::string show(const StoredJob& stored, bool whole) {
    if (covered_ != nullptr && !covered_->right(stored, whole)) answers_.wrong = stored.job.job_id;
    return fmt::format("{}/{} v{} {}+{}", stored.job.group, stored.job.job_id, stored.version,
                       stored.bytes, stored.payload_bytes);
  }
  std::string show(const std::vector<StoredJob>& jobs, bool whole = false) {
    std::string text;
    for (const StoredJob& stored : jobs) text += show(stored, whole) + ", ";
    return text;
  }
  static std::string show(const std::vector<Pile>& piles) {
    std::string text;
    for (const Pile& pile : piles) {
      text += fmt::format("{} {} {} {} {}, ", pile.purge_id, static_cast<int>(pile.state),
                          pile.jobs, pile.bytes, pile.waiting);
    }
    return text;
  }
  // Nothing covers what a purge's row says of it, so just which purges there are is compared.
  static std::string show(const std::vector<JournalEntry>& journal) {
    std::string text;
    for (const JournalEntry& entry : journal) text += entry.purge_id + ", ";
    return text;
  }
  // Nor does anything cover the last version that a project gave.
  static std::string show(const Partitions& partitions) {
    std::string text;
    for (const PartitionInfo& info : partitions.partitions) {
      text += fmt::format(", {} {} {} {}", info.group, info.jobs, info.bytes, info.held);
    }
    return text;
  }
  static std::string show(const std::vector<ProjectInfo>& projects) {
    std::string text;
    for (const ProjectInfo& info : projects) {
      text += fmt::format("{} {}, ", info.project,
                          info.next_due.value_or(Time{}).time_since_epoch().count());
    }
    return text;
  }

  const Store& store_;
  const Covered* covered_;
  Answers answers_;
};

/// How many bytes did what.
struct Tally {
  int bytes = 0;
  int errors = 0;      ///< Opening or a read failed.
  int only_check = 0;  ///< Reads differ without an error, and check has a finding.
  int harmless = 0;    ///< Reads are as before.
  std::vector<std::string> defects;
};

class Experiment {
 public:
  Experiment() {
    make_store(path_);
    fs::copy_file(path_, whole_);
    vfs_.emplace();
    const Store store(at_path(path_));
    REQUIRE(findings(store).empty());
    covered_.emplace(store);
    before_ = Reading(store, nullptr).run();
  }

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(fs::file_size(whole_));
  }

  void damage(const Damage& damage, Tally& tally) {
    const int writes = vfs_->count(Operation::write);
    ::alarm(kWatchdog);
    vfs_->set_damage(damage);
    ++tally.bytes;
    try {
      const Store store(at_path(path_));
      judge(store, damage, tally);
    } catch (const Error& error) {
      ++tally.errors;
      if (error.code() == ErrorCode::plugin) report(damage, error.what(), tally);
    }
    vfs_->set_damage({.offset = 0, .flipped = 0});
    ::alarm(0);
    if (vfs_->count(Operation::write) == writes) return;
    fs::copy_file(whole_, path_, fs::copy_options::overwrite_existing);
    fs::remove(path_.string() + "-wal");
    fs::remove(path_.string() + "-shm");
  }

 private:
  void judge(const Store& store, const Damage& damage, Tally& tally) const {
    const Answers now = Reading(store, &*covered_).run();
    const bool found = check_finds(store);
    if (!now.wrong.empty()) report(damage, "wrong field: " + now.wrong, tally);
    if (now.failed) {
      ++tally.errors;
    } else if (now.texts == before_.texts) {
      ++tally.harmless;
    } else if (found) {
      ++tally.only_check;
    } else {
      report(damage, difference(now), tally);
    }
  }

  static bool check_finds(const Store& store) {
    try {
      return !findings(store).empty();
    } catch (const Error&) {
      return true;
    }
  }

  [[nodiscard]] std::string difference(const Answers& now) const {
    for (std::size_t i = 0; i < now.texts.size(); ++i) {
      if (now.texts[i] != before_.texts[i]) {
        return fmt::format("'{}', was '{}', and check finds nothing", now.texts[i],
                           before_.texts[i]);
      }
    }
    return {};
  }

  static void report(const Damage& damage, std::string_view what, Tally& tally) {
    tally.defects.push_back(
        fmt::format("offset {}, xor {:#04x}: {}", damage.offset, damage.flipped, what));
  }

  Directory directory_;
  fs::path path_ = directory_ / "store";
  fs::path whole_ = directory_ / "whole";
  std::optional<FaultVfs> vfs_;
  std::optional<Covered> covered_;
  Answers before_;
};

}  // namespace

TEMPLATE_TEST_CASE_SIG("no damaged byte makes a read crash, hang or return a wrong field",
                       "[damage]", ((int Shard), Shard), 0, 1, 2, 3) {
  Experiment experiment;
  std::mt19937 random(kSeed + Shard);
  std::uniform_int_distribution<int> bits(1, 255);
  Tally tally;
  for (std::int64_t offset = Shard; offset < experiment.size(); offset += kShards) {
    experiment.damage({.offset = offset, .flipped = static_cast<std::uint8_t>(bits(random))},
                      tally);
  }
  std::cout << fmt::format("{} bytes: {} errors, {} found by check alone, {} harmless\n",
                           tally.bytes, tally.errors, tally.only_check, tally.harmless);
  CHECK(tally.errors > tally.bytes / 4);
  INFO(fmt::format("{} defects:\n{}", tally.defects.size(), fmt::join(tally.defects, "\n")));
  REQUIRE(tally.defects.empty());
}

}  // namespace purgatory::file_test
