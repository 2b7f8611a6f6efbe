#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "plugins/memory/lock.hpp"
#include "plugins/memory/partition.hpp"
#include "plugins/memory/purge.hpp"

namespace purgatory::memory {

/// Everything of one project, under one lock. No partition in it is empty.
class Project {
 public:
  Project(std::string name, Space& space) : name_(std::move(name)), space_(space), purges_(space) {}

  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Lock& mutex() noexcept { return mutex_; }

  /// Taken before mutex() by who adds to a pile in several steps and by who closes one: a pile that
  /// was open to the first job of a call is open to its last.
  [[nodiscard]] std::mutex& closing() noexcept { return closing_; }

  // What follows is called with the mutex held.

  [[nodiscard]] PartitionMap& partitions() noexcept { return partitions_; }
  [[nodiscard]] Purges& purges() noexcept { return purges_; }

  [[nodiscard]] Partition* partition(std::string_view group) noexcept;
  [[nodiscard]] Record* find(std::string_view group, std::string_view job_id,
                             std::uint32_t id_hash) noexcept;

  [[nodiscard]] Version watermark() const noexcept { return last_version_; }

  /// Gives the record the next version and puts it where it belongs: open or held.
  void insert(std::string_view group, RecordPtr record) noexcept;

  /// Takes a record out; its generation and its partition go when they are empty.
  [[nodiscard]] RecordPtr take(std::string_view group, Record& record);

  /// Moves the open generations of a scope to `trash`, which is empty. Held ones stay.
  void detach(const Scope& scope, PartitionMap& trash) noexcept;

  /// What the open generations add up to, and how many jobs are held.
  [[nodiscard]] const Totals& open_totals() const noexcept { return open_totals_; }
  [[nodiscard]] std::uint64_t held_jobs() const noexcept { return held_jobs_; }

  /// Calls visit(group, partition) for each partition of the scope, by group.
  template <typename Visit>
  void for_each(const Scope& scope, Visit visit) {
    if (scope.level() != Scope::Level::project) {
      if (Partition* found = partition(scope.group())) visit(scope.group(), *found);
      return;
    }
    for (auto& [group, found] : partitions_) visit(group, found);
  }

  std::uint64_t forgotten = 0;  ///< Since the store was opened.

 private:
  PartitionMap::iterator locate(std::string_view group) noexcept;
  void erase_if_empty(PartitionMap::iterator partition) noexcept;

  std::string name_;
  Space& space_;
  Lock mutex_;
  std::mutex closing_;
  PartitionMap partitions_;
  PartitionMap::iterator last_ = partitions_.end();  ///< Neighbours in a call mostly share a group.
  Purges purges_;
  Version last_version_ = 0;
  Totals open_totals_;
  std::uint64_t held_jobs_ = 0;
};

/// How many records ahead of the one it reads a walk asks the processor for.
inline constexpr int kAhead = 4;

}  // namespace purgatory::memory
