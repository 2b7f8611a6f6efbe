#pragma once

#include <absl/container/btree_set.h>

#include <cstdint>
#include <functional>
#include <string_view>

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

/// Ascending by a number of the record: when something is to be done, or a hash.
template <typename Key>
struct KeyEntry {
  Key key;
  Record* record;

  friend bool operator<(const KeyEntry& a, const KeyEntry& b) noexcept {
    return a.key != b.key ? a.key < b.key : std::less<>{}(a.record, b.record);
  }
};
using ActionIndex = absl::btree_set<KeyEntry<Time>>;
using HashIndex = absl::btree_set<KeyEntry<std::uint32_t>>;

/// What a set of jobs adds up to.
struct Totals {
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t archive_jobs = 0;  ///< Those whose stamp names an archive.

  Totals& operator+=(const Totals& other) noexcept;
  Totals& operator-=(const Totals& other) noexcept;
  friend bool operator==(const Totals&, const Totals&) = default;
};
[[nodiscard]] Totals totals_of(const Record& record) noexcept;

/// One pile of jobs of one partition, with its indexes and totals; it owns its records. Open and
/// held ones have all indexes; what gathers removed jobs in trash has only what trash needs. A
/// detached generation stays as it was: that is why a purge of any size is a pointer move.
/// The indexes are B-trees: they never grow in one big step, as hash tables do.
/// Not thread-safe: the project's lock guards it.
class Generation {
 public:
  enum class Role { live, trash };

  Generation(Role role, Space& space) noexcept;
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;
  ~Generation();

  void insert(RecordPtr owned);
  [[nodiscard]] RecordPtr take(Record& record);

  [[nodiscard]] Record* find(std::string_view job_id, std::uint32_t id_hash) const noexcept;
  [[nodiscard]] Record* find(std::string_view job_id, std::uint32_t id_hash,
                             Version version) const noexcept;

  [[nodiscard]] const TimeIndex& by_time() const noexcept { return by_time_; }
  [[nodiscard]] const ActionIndex& by_action() const noexcept { return by_action_; }
  [[nodiscard]] const Totals& totals() const noexcept { return totals_; }
  [[nodiscard]] bool empty() const noexcept { return totals_.jobs == 0; }

  /// Calls visit(record) for each that may have the resource, until it returns false.
  template <typename Visit>
  void for_each_with_resource(std::uint32_t resource_hash, Visit visit) const {
    for_each(by_resource_, resource_hash, visit);
  }

  /// Counts inserts and takes: a walk in slices knows by it whether it saw one state.
  [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }

  /// Frees one job and returns what it was. From the first call on nothing else may be called but
  /// this, empty() and the destructor: the indexes are taken down, each from its end.
  [[nodiscard]] Totals free_one() noexcept;

 private:
  template <typename Visit>
  static void for_each(const HashIndex& index, std::uint32_t hash, Visit visit) {
    auto entry = index.lower_bound({hash, nullptr});
    while (entry != index.end() && entry->key == hash && visit(*entry->record)) ++entry;
  }

  Role role_;
  Space& space_;
  Totals totals_;
  std::uint64_t changes_ = 0;
  TimeIndex by_time_;
  HashIndex by_id_;
  ActionIndex by_action_;
  HashIndex by_resource_;
};

}  // namespace purgatory::memory
