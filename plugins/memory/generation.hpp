#pragma once

#include <boost/intrusive/set.hpp>
#include <cstdint>
#include <string_view>

#include "plugins/memory/hash_index.hpp"
#include "plugins/memory/record.hpp"

namespace purgatory::memory {

/// Ascending by (failed_at, job_id, version); string_view compares as unsigned bytes.
struct TimeOrder {
  struct Key {
    Time failed_at;
    std::string_view job_id;
    Version version;
  };
  static Key key(const Record& record) noexcept {
    return {record.failed_at, record.job_id(), record.version};
  }
  bool operator()(const Key& a, const Key& b) const noexcept {
    if (a.failed_at != b.failed_at) return a.failed_at < b.failed_at;
    if (const int order = a.job_id.compare(b.job_id); order != 0) return order < 0;
    return a.version < b.version;
  }
  bool operator()(const Record& a, const Record& b) const noexcept {
    if (a.failed_at != b.failed_at) return a.failed_at < b.failed_at;
    return (*this)(key(a), key(b));
  }
  bool operator()(const Record& a, const Key& b) const noexcept { return (*this)(key(a), b); }
  bool operator()(const Key& a, const Record& b) const noexcept { return (*this)(a, key(b)); }
};

struct ActionOrder {
  bool operator()(const Record& a, const Record& b) const noexcept {
    return a.action_at < b.action_at;
  }
};

using TimeIndex = boost::intrusive::set<Record, boost::intrusive::base_hook<OrderHook<TimeOrder>>,
                                        boost::intrusive::compare<TimeOrder>,
                                        boost::intrusive::constant_time_size<false>>;
using ActionIndex =
    boost::intrusive::multiset<Record, boost::intrusive::base_hook<OrderHook<ActionOrder>>,
                               boost::intrusive::compare<ActionOrder>,
                               boost::intrusive::constant_time_size<false>>;

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
/// Not thread-safe: the project's lock guards it.
class Generation {
 public:
  enum class Role { live, trash };

  Generation(Role role, Space& space) noexcept;
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;
  ~Generation();

  void insert(RecordPtr owned);
  [[nodiscard]] RecordPtr take(Record& record) noexcept;

  [[nodiscard]] Record* find(std::string_view job_id, std::uint32_t id_hash) const noexcept;
  [[nodiscard]] Record* find(std::string_view job_id, std::uint32_t id_hash,
                             Version version) const noexcept;

  [[nodiscard]] const TimeIndex& by_time() const noexcept { return by_time_; }
  [[nodiscard]] TimeIndex& by_time() noexcept { return by_time_; }
  [[nodiscard]] const ActionIndex& by_action() const noexcept { return by_action_; }
  [[nodiscard]] const ResourceIndex& by_resource() const noexcept { return by_resource_; }
  [[nodiscard]] const Totals& totals() const noexcept { return totals_; }
  [[nodiscard]] bool empty() const noexcept { return totals_.jobs == 0; }

  /// Counts inserts and takes: a walk in slices knows by it whether it saw one state.
  [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }

  /// Frees one job and returns what it was. From the first call on nothing else may be called but
  /// this, empty() and the destructor: the indexes are taken down without being kept in order.
  [[nodiscard]] Totals free_one() noexcept;

 private:
  Role role_;
  Space& space_;
  Totals totals_;
  std::uint64_t changes_ = 0;
  TimeIndex by_time_;
  ActionIndex by_action_;
  IdIndex by_id_;
  ResourceIndex by_resource_;
};

}  // namespace purgatory::memory
