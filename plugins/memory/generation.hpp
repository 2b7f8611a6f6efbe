#pragma once

#include <absl/container/btree_set.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "plugins/memory/hash_index.hpp"
#include "plugins/memory/record.hpp"

namespace purgatory::memory {

/// Ascending by (failed_at, job_id, version); string_view compares as unsigned bytes. An entry
/// holds what mostly decides, so that a look-up seldom touches a record.
struct TimeEntry {
  Time failed_at;
  Record* record;
};
struct TimeKey {
  Time failed_at;
  std::string_view job_id;
  Version version;
};
struct TimeOrder {
  using is_transparent = void;
  static TimeKey key(const TimeEntry& entry) noexcept {
    return {entry.failed_at, entry.record->job_id(), entry.record->version};
  }
  static bool less(const TimeKey& a, const TimeKey& b) noexcept {
    const int order = a.job_id.compare(b.job_id);
    return order != 0 ? order < 0 : a.version < b.version;
  }
  bool operator()(const TimeEntry& a, const TimeEntry& b) const noexcept {
    return a.failed_at != b.failed_at ? a.failed_at < b.failed_at : less(key(a), key(b));
  }
  bool operator()(const TimeEntry& a, const TimeKey& b) const noexcept {
    return a.failed_at != b.failed_at ? a.failed_at < b.failed_at : less(key(a), b);
  }
  bool operator()(const TimeKey& a, const TimeEntry& b) const noexcept {
    return a.failed_at != b.failed_at ? a.failed_at < b.failed_at : less(a, key(b));
  }
};
using TimeIndex = absl::btree_set<TimeEntry, TimeOrder>;

/// Ascending by when something is to be done.
struct ActionEntry {
  Time action_at;
  Record* record;

  friend bool operator<(const ActionEntry& a, const ActionEntry& b) noexcept {
    return a.action_at != b.action_at ? a.action_at < b.action_at
                                      : std::less<>{}(a.record, b.record);
  }
};
using ActionIndex = absl::btree_set<ActionEntry>;

/// What a set of jobs adds up to.
struct Totals {
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t archive_jobs = 0;  ///< Those whose stamp names an archive.

  Totals& operator+=(const Totals& other) noexcept {
    jobs += other.jobs;
    bytes += other.bytes;
    archive_jobs += other.archive_jobs;
    return *this;
  }
  Totals& operator-=(const Totals& other) noexcept {
    jobs -= other.jobs;
    bytes -= other.bytes;
    archive_jobs -= other.archive_jobs;
    return *this;
  }
  friend bool operator==(const Totals&, const Totals&) = default;
};
[[nodiscard]] inline Totals totals_of(const Record& record) noexcept {
  return {.jobs = 1,
          .bytes = record.logical_bytes,
          .archive_jobs = record.names_archive ? std::uint64_t{1} : 0};
}

/// One pile of jobs of one partition, with its indexes and totals; it owns its records. Open and
/// held ones have all indexes; what gathers removed jobs in trash has only what trash needs. A
/// detached generation stays as it was: that is why a purge of any size is a pointer move.
/// Not thread-safe: the project's lock guards it.
class Generation {
 public:
  enum class Role { live, trash };

  /// `first_change` tells generations apart: what changes() begins with.
  Generation(Role role, Space& space, std::uint64_t first_change = 0) noexcept;
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;
  ~Generation();

  /// Ends the process if the system has no memory for an index entry (max_bytes is another matter):
  /// a store whose indexes disagree would lose jobs silently.
  void insert(RecordPtr owned) noexcept;
  [[nodiscard]] RecordPtr take(Record& record);

  [[nodiscard]] Record* find(std::string_view job_id, std::uint32_t id_hash) const noexcept;
  /// The same in what gathers removed jobs, where one job may stand at several versions.
  [[nodiscard]] Record* find_in_trash(std::string_view job_id, Version version) const noexcept;

  [[nodiscard]] const TimeIndex& by_time() const noexcept { return by_time_; }
  [[nodiscard]] const ActionIndex& by_action() const;
  [[nodiscard]] const Totals& totals() const noexcept { return totals_; }
  [[nodiscard]] bool empty() const noexcept { return totals_.jobs == 0; }

  /// Calls visit(record) for each that may have the resource, until it returns false.
  template <typename Visit>
  void for_each_with_resource(std::uint32_t resource_hash, Visit visit) const {
    by_resource_.for_each(resource_hash, [&](const Record& first) {
      const Record* record = &first;
      while (record != nullptr && visit(*record)) record = record->next_of_resource;
      return false;
    });
  }

  /// Changes with each insert and take: a walk in slices knows by it whether it saw one state.
  [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }

  /// Frees one job and returns what it was. From the first call on nothing else may be called but
  /// this, empty() and the destructor: the indexes are taken down, each from its end.
  [[nodiscard]] Totals free_one() noexcept;

 private:
  void link_resource(Record& record);
  void unlink_resource(const Record& record) noexcept;
  void forget_action(Record& record);
  [[nodiscard]] std::uint32_t id_key(const Record& record) const noexcept;

  Role role_;
  Space& space_;
  Totals totals_;
  std::uint64_t changes_;
  TimeIndex by_time_;
  HashIndex by_id_;
  /// Those with one resource are a list; the index knows its first.
  HashIndex by_resource_;
  /// New entries gather in front of the tree and go into it together: one by one, each would fetch
  /// its way through a cold tree.
  mutable std::vector<ActionEntry> new_actions_;
  mutable ActionIndex by_action_;
};

}  // namespace purgatory::memory
