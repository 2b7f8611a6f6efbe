#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/purgatory.hpp"
#include "tests/contract/printing.hpp"

/// What the tests are written in: builders of jobs, a fresh store with a clock that only the test
/// moves, and walks that read a paged answer to its end.
namespace purgatory::contract {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

using Ids = std::vector<std::string>;
using IdSet = std::set<std::string>;

inline constexpr std::string_view kProject = "shop";
inline constexpr std::size_t kMiB = 1024 * 1024;

/// Seconds after an arbitrary start; the store's clock begins at second 1000.
inline Time at(std::int64_t second) {
  return Time{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}} + seconds(second);
}

/// A job before it is recorded, and its stamp.
class NewJob {
 public:
  explicit NewJob(std::string id) {
    fields.project = kProject;
    fields.job_id = std::move(id);
    fields.failed_at = at(0);
    fields.payload = "retry " + fields.job_id;
  }

  NewJob& project(std::string name) { return set(fields.project, std::move(name)); }
  NewJob& group(std::string name) { return set(fields.group, std::move(name)); }
  NewJob& failed_at(std::int64_t second) { return set(fields.failed_at, at(second)); }
  NewJob& job_type(std::string type) { return set(fields.job_type, std::move(type)); }
  NewJob& resource_id(std::string id) { return set(fields.resource_id, std::move(id)); }
  NewJob& payload(std::string bytes) { return set(fields.payload, std::move(bytes)); }
  NewJob& payload_bytes(std::size_t size) { return payload(std::string(size, 'x')); }
  NewJob& rule(std::string name) { return set(stamp.rule, std::move(name)); }
  NewJob& purge_after(std::int64_t second) { return set(stamp.purge_after, at(second)); }
  NewJob& archive(std::string name) { return set(stamp.archive, std::move(name)); }
  NewJob& rule_hold(std::string why) { return set(stamp.rule_hold, std::move(why)); }

  [[nodiscard]] std::uint64_t bytes() const { return logical_bytes(fields); }

  FailedJob fields;
  Stamp stamp;

 private:
  template <typename Field, typename Value>
  NewJob& set(Field& field, Value value) {
    field = std::move(value);
    return *this;
  }
};

inline NewJob a_job(std::string id) { return NewJob(std::move(id)); }

/// "0000", "0001" ...: each failed a second after the one before it.
std::vector<NewJob> numbered_jobs(std::size_t count, const std::string& group = {});

/// The same text for numbers up to 9999, so that ids sort as numbers do.
std::string four_digits(std::size_t number);

/// The prefix with a number behind it, "g" and 3: "g3".
std::string numbered(std::string_view prefix, std::size_t number);
/// An id of a thread's own: "3-17".
std::string numbered(std::size_t thread, std::size_t number);

inline Bound keep_last(std::uint64_t jobs, std::string_view group = {}) {
  return {group, jobs, std::nullopt};
}
inline Bound max_bytes(std::uint64_t bytes, std::string_view group = {}) {
  return {group, std::nullopt, bytes};
}

inline Scope whole_project() { return Scope::project(std::string(kProject)); }
inline Scope project_level() { return Scope::project_level(std::string(kProject)); }
inline Scope in_group(std::string group) {
  return Scope::group(std::string(kProject), std::move(group));
}

Ids ids_of(const std::vector<StoredJob>& jobs);
IdSet id_set(const std::vector<StoredJob>& jobs);
std::vector<JobRef> refs_of(const std::vector<StoredJob>& jobs);  ///< Borrows from `jobs`.
std::uint64_t bytes_of(const std::vector<StoredJob>& jobs);

inline constexpr Budget kOneJob{.jobs = 1, .bytes = kMaxBytesPerCall, .time = seconds(1)};

/// A fresh repository of the backend under test, or the one given. Calls mean `kProject` unless
/// they say another.
class Store {
 public:
  Store();
  explicit Store(std::shared_ptr<FailedJobRepository> repository);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  FailedJobRepository* operator->() const { return repository_.get(); }

  [[nodiscard]] Time now() const { return clock_; }
  void set_clock(Time now) { clock_ = now; }
  void advance(milliseconds by) { clock_ = now() + by; }
  [[nodiscard]] int clock_reads() const { return clock_reads_; }

  [[nodiscard]] Call call() const { return begin_call(host_, minutes(1)); }
  /// A note whose undo window is an hour.
  [[nodiscard]] PurgeNote note(std::string purge_id) const;

  RecordResult record(const std::vector<NewJob>& jobs, const std::vector<Bound>& bounds = {},
                      const std::string& purge_id = "caps") const;
  RecordResult record(const NewJob& job, const std::vector<Bound>& bounds = {},
                      const std::string& purge_id = "caps") const;
  /// A record without jobs: the purger's way to apply bounds.
  RecordResult trim(const std::vector<Bound>& bounds, const std::string& purge_id = "caps") const;

  [[nodiscard]] std::optional<StoredJob> find(std::string_view id,
                                              std::string_view group = {}) const;
  /// A job that must be there.
  [[nodiscard]] StoredJob get(std::string_view id, std::string_view group = {}) const;
  [[nodiscard]] bool has(std::string_view id, std::string_view group = {}) const;
  /// Walks a selection to its end.
  [[nodiscard]] std::vector<StoredJob> list(const Scope& scope = whole_project(),
                                            const Filter& filter = {}, std::size_t limit = 1000,
                                            std::optional<ListCursor> after = {}) const;
  [[nodiscard]] IdSet live(const Scope& scope = whole_project()) const;
  [[nodiscard]] std::uint64_t count(const Scope& scope = whole_project(), const Filter& filter = {},
                                    std::uint64_t at_most = 1'000'000) const;

  Forgotten forget(std::string_view id, std::optional<Version> if_version = {}) const;
  Receipt detach(const Scope& scope, const std::string& purge_id = "purge") const;
  RemoveResult remove(const std::vector<StoredJob>& jobs,
                      const std::string& purge_id = "purge") const;
  /// Restores to the end of the pile.
  RestoreResult restore(const std::string& purge_id = "purge",
                        const std::vector<Bound>& bounds = {}) const;
  /// One slice of at most one job.
  RestoreResult restore_one(const std::string& purge_id = "purge",
                            const std::optional<PileCursor>& after = {}) const;

  RestampResult restamp(const StoredJob& job, const Retention& retention) const;
  void hold(std::string_view id, std::string_view group = {},
            std::optional<Time> until = std::nullopt) const;
  void release(std::string_view id, std::string_view group = {}) const;
  void resolve(std::string_view id, Time resolved_at) const;

  [[nodiscard]] std::vector<Pile> piles() const;
  [[nodiscard]] Pile pile(std::string_view purge_id = "purge") const;
  [[nodiscard]] std::vector<StoredJob> trash(std::string_view purge_id = "purge") const;
  void seal(std::string_view purge_id = "purge") const;
  void mark_archived(std::string_view purge_id = "purge") const;
  void expire(std::string_view purge_id = "purge") const;
  /// Reclaims until nothing more is to be freed; the sums of all slices.
  ReclaimResult reclaim(const Budget& budget = {}) const;

  [[nodiscard]] std::vector<JournalEntry> journal() const;
  [[nodiscard]] JournalEntry entry(std::string_view purge_id = "purge") const;
  /// Trims to the end; how many entries went.
  std::uint64_t trim_journal(Time before) const;

  [[nodiscard]] std::vector<StoredJob> due(std::size_t limit = 1000) const;
  [[nodiscard]] Version watermark() const;
  [[nodiscard]] std::vector<PartitionInfo> partitions() const;
  [[nodiscard]] PartitionInfo partition(std::string_view group = {}) const;
  [[nodiscard]] double figure(std::string_view name) const;

 private:
  std::atomic<Time> clock_{at(1000)};
  mutable std::atomic<int> clock_reads_{0};
  Host host_;
  std::shared_ptr<FailedJobRepository> repository_;
};

/// The code of the Error that `action` throws; absent: it threw none.
template <typename Action>
std::optional<ErrorCode> code_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

/// "code: message" of the Error that `action` throws, or "no error".
template <typename Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + ": " + error.what();
  }
  return "no error";
}

}  // namespace purgatory::contract
