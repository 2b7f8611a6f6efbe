// max_bytes: what happens when the store is full.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "purgatory/purgatory.hpp"

namespace purgatory::memory {
namespace {

using std::chrono::hours;

constexpr std::uint64_t kMaxBytes = 64 * 1024;
constexpr Time kStart = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);

/// A store of 64 KiB that is filled with jobs of about 1 KiB.
class SmallStore {
 public:
  SmallStore() {
    host_.clock = [this] { return now; };
    host_.log = [this](const LogEvent& event) { events.emplace_back(event.event); };
    Config config;
    config.repository.backend = "memory";
    config.repository.options.set("max_bytes", kMaxBytes);
    repository_ = open(config, host_);
  }

  FailedJobRepository* operator->() const { return repository_.get(); }
  [[nodiscard]] Call call() const { return begin_call(host_); }

  void record(const std::string& id, const std::string& archive = {}) {
    FailedJob job;
    job.project = "p";
    job.job_id = id;
    job.failed_at = now;
    job.payload = std::string(1000, 'x');
    Stamp stamp;
    stamp.archive = archive;
    const Recording recording{&job, &stamp};
    repository_->record(call(), "p", {&recording, 1}, {}, {});
  }

  /// Records until the store refuses; returns the refusal.
  Error fill() {
    for (int i = 0;; ++i) {
      try {
        record(fmt::format("job-{}", next_++));
      } catch (const Error& error) {
        return error;
      }
      REQUIRE(i < 1000);
    }
  }

  Receipt purge(const std::string& purge_id) {
    return repository_->detach(call(), Scope::project("p"),
                               {.purge_id = purge_id,
                                .actor = "test",
                                .reason = "scope",
                                .rule = {},
                                .undo_until = now + hours(24)});
  }

  [[nodiscard]] double figure(std::string_view name) const {
    for (const Figure& figure : repository_->stats(call())) {
      if (figure.name == name) return figure.value;
    }
    FAIL("no figure " << name);
    return 0;
  }

  Time now = kStart;
  std::vector<std::string> events;

 private:
  Host host_;
  std::unique_ptr<FailedJobRepository> repository_;
  int next_ = 0;
};

}  // namespace

TEST_CASE("a full store refuses a record and says how full it is") {
  SmallStore store;
  const Error refusal = store.fill();
  CHECK(refusal.code() == ErrorCode::exhausted);
  CHECK(refusal.backend() == "memory");
  CHECK(std::string(refusal.what()) ==
        fmt::format("record: the store is full ({} of max_bytes 65536); purge jobs, archive what "
                    "waits, or raise max_bytes",
                    store.figure("memory_bytes")));
  CHECK(store.figure("memory_bytes") <= kMaxBytes);
}

TEST_CASE("a refused record leaves the stored jobs as they were") {
  SmallStore store;
  (void)store.fill();
  const double before = store.figure("jobs");
  (void)store.fill();
  CHECK(store.figure("jobs") == before);
}

TEST_CASE("a refused call of several jobs records none of them") {
  SmallStore store;
  (void)store.fill();
  std::vector<FailedJob> jobs(3);
  const Stamp stamp;
  std::vector<Recording> recordings;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].project = "p";
    jobs[i].job_id = fmt::format("batch-{}", i);
    jobs[i].payload = std::string(i == 2 ? 60'000 : 1, 'x');
    recordings.push_back({&jobs[i], &stamp});
  }
  CHECK_THROWS_AS(store->record(store.call(), "p", recordings, {}, {}), Error);
  CHECK(store->locate(store.call(), "p", "batch-0").empty());
}

TEST_CASE("purging works on a full store and makes room") {
  SmallStore store;
  (void)store.fill();
  CHECK(store.purge("full").jobs > 0);
  store.record("after");
  CHECK(store->find(store.call(), "p", "", "after"));
}

TEST_CASE(
    "the oldest purge loses its undo window before a record is refused, and the log says so") {
  SmallStore store;
  store.record("old");
  (void)store.purge("first");
  store.now += hours(1);
  store.record("new");
  (void)store.purge("second");
  while (store.events.empty()) store.record(fmt::format("job-{}", store.figure("jobs")));
  CHECK(store.events == std::vector<std::string>{"undo_window_cut"});
  CHECK_THROWS_WITH(store->restore(store.call(), "p", "first", store.now, {}, {}, {}),
                    Catch::Matchers::Contains("cannot be undone"));
  CHECK(store->restore(store.call(), "p", "second", store.now, {}, {}, {}).restored == 1);
}

TEST_CASE("trash that is over anyway is freed before an undo window is cut") {
  SmallStore store;
  store.record("kept");
  (void)store.purge("kept");
  store.now += hours(1);
  (void)store.fill();
  const auto events = store.events;
  SmallStore other;
  other.record("kept");
  (void)other.purge("kept");
  other.now += hours(1);
  other.record("over");
  (void)other.purge("over");
  other->expire(other.call(), "p", "over");
  const double trash = other.figure("trash_jobs");
  while (other.figure("trash_jobs") == trash) {
    other.record(fmt::format("job-{}", other.figure("jobs")));
  }
  CHECK(other.events.empty());
  CHECK(other->restore(other.call(), "p", "kept", other.now, {}, {}, {}).restored == 1);
  CHECK(events == std::vector<std::string>{"undo_window_cut"});
}

TEST_CASE("trash that waits for its archive is not freed for a record") {
  SmallStore store;
  for (int i = 0; i < 20; ++i) store.record(fmt::format("waits-{}", i), "cold");
  const Receipt receipt = store.purge("waits");
  CHECK(store.fill().code() == ErrorCode::exhausted);
  CHECK(store.figure("trash_jobs") == static_cast<double>(receipt.jobs));
}

TEST_CASE("all space comes back once jobs, trash and journal are gone") {
  SmallStore store;
  store.record("first");
  (void)store.purge("warm-up");  // the project itself stays: its versions never restart
  store->expire(store.call(), "p", "warm-up");
  (void)store->reclaim(store.call(), "p", Budget{});
  (void)store->trim_journal(store.call(), "p", Time::max());
  const double empty = store.figure("memory_bytes");

  (void)store.fill();
  (void)store.purge("all");
  store->expire(store.call(), "p", "all");
  while (store->reclaim(store.call(), "p", Budget{}).more) continue;
  (void)store->trim_journal(store.call(), "p", Time::max());
  CHECK(store.figure("memory_bytes") == empty);
}

}  // namespace purgatory::memory
