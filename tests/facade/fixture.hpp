#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/failed_jobs.hpp"
#include "tests/contract/fixture.hpp"
#include "tests/processes/temporary_directory.hpp"

/// What the tests of FailedJobs are written in: a fresh one on the backend under test, with a clock
/// that only the test moves.
namespace purgatory::facade_test {

using contract::a_job;
using contract::at;
using contract::bytes_of;
using contract::code_of;
using contract::error_of;
using contract::hours;
using contract::Ids;
using contract::ids_of;
using contract::IdSet;
using contract::in_group;
using contract::kProject;
using contract::milliseconds;
using contract::minutes;
using contract::NewJob;
using contract::numbered;
using contract::numbered_jobs;
using contract::project_level;
using contract::refs_of;
using contract::seconds;
using contract::whole_project;

inline const Actor kAlice{"alice"};

/// A configuration of the backend under test; a store of its own is at `directory`.
[[nodiscard]] Config config_at(const std::filesystem::path& directory);

/// What a host is told, as texts that tests compare. Any thread.
class Ear {
 public:
  void hear(const LogEvent& event);
  void hear(const Metric& metric);

  /// "event key=value ...", but for those of one level below `least`.
  [[nodiscard]] std::vector<std::string> events(
      LogEvent::Level least = LogEvent::Level::info) const;
  /// A counter's sum or a gauge's last value: "name", "name{label=value,...}". 0: never told.
  [[nodiscard]] double metric(const std::string& name) const;
  [[nodiscard]] bool has_metric(const std::string& name) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<LogEvent::Level, std::string>> events_;
  std::map<std::string, double> metrics_;
};

class Service {
 public:
  using Change = std::function<void(Config&)>;

  explicit Service(const Change& change = [](Config&) {});
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] FailedJobs* operator->() { return &jobs_; }
  [[nodiscard]] FailedJobs& jobs() { return jobs_; }
  /// What the host was told.
  [[nodiscard]] const Ear& ear() const { return ear_; }
  /// Its store with the helpers of the contract suite, which mean the project "shop".
  [[nodiscard]] const contract::Store& store() const { return store_; }

  [[nodiscard]] Time now() const { return clock_; }
  void advance(milliseconds by);

  /// From now on runs before each step of a call, as if another thread had done it. A step reads
  /// the host's clock, once. An action that throws is not run again.
  void meanwhile(std::function<void()> action) { meanwhile_ = std::move(action); }
  /// Runs once, after the `count`th operation of this name from now on.
  void after(std::string operation, int count, std::function<void()> action) {
    after_ = {std::move(operation), count, std::move(action)};
  }
  /// How many steps there were so far.
  [[nodiscard]] int steps() const { return steps_; }

  RecordResult record(const std::vector<NewJob>& jobs);
  RecordResult record(const NewJob& job) { return record(std::vector{job}); }

  /// Jobs of the project, or of another one.
  [[nodiscard]] IdSet live(std::string project = std::string(kProject)) const;
  /// Walks the journal to its end.
  [[nodiscard]] std::vector<JournalEntry> journal(std::string_view project = kProject) const;
  /// The one purge of a project.
  [[nodiscard]] JournalEntry entry(std::string_view project = kProject) const;
  /// Reclaims all that may be freed.
  void reclaim_all();

 private:
  struct After {
    std::string operation;
    int count = 0;
    std::function<void()> action;
  };

  [[nodiscard]] Host host();
  void run_meanwhile();
  void run_after(const Metric& metric);

  processes::TemporaryDirectory directory_;
  std::atomic<Time> clock_{at(1000)};
  std::atomic<int> steps_{0};
  std::function<void()> meanwhile_;
  After after_;
  Ear ear_;
  FailedJobs jobs_;
  contract::Store store_;
};

/// The fields alone, as a host has them.
[[nodiscard]] std::vector<FailedJob> fields_of(const std::vector<NewJob>& jobs);

/// What matches this error code.
[[nodiscard]] Filter with_code(std::string code);

/// `count` jobs that failed a second after each other, with this error code.
[[nodiscard]] std::vector<NewJob> jobs_with_code(
    std::size_t count, const std::string& code, const std::string& project = std::string(kProject));

/// Goes on for so many steps.
[[nodiscard]] Progress stop_after(int steps);

}  // namespace purgatory::facade_test
