#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/failed_job.hpp"
#include "purgatory/purge.hpp"

namespace purgatory {

/// A page of a walk: pass `next` to the following call; absent: this was the last page. A page may
/// hold fewer items than asked for, even none, and still have a next one.
template <typename Item, typename Cursor>
struct Page {
  std::vector<Item> items;
  std::optional<Cursor> next;
};

/// A job to record: the host's fields and the stamp that core gave it. Borrows both for the call.
/// The stamp's not_before is ignored: only restore sets one.
struct Recording {
  const FailedJob* job;
  const Stamp* stamp;
};

/// A cap on one partition. Absent: unbounded. Held jobs are neither counted nor taken. Borrows.
struct Bound {
  std::string_view group;
  std::optional<std::uint64_t> jobs;
  std::optional<std::uint64_t> bytes;
};

struct RecordResult {
  std::uint64_t inserted = 0;
  std::uint64_t replaced = 0;
  std::uint64_t stale = 0;    ///< Ignored: the stored one has a greater failed_at.
  std::uint64_t evicted = 0;  ///< Taken by a bound; a job may be inserted and evicted in one call.
  std::vector<EvictionCount> evictions{};  ///< The same by rule and reason, sorted.

  friend bool operator==(const RecordResult&, const RecordResult&) = default;
};

enum class Forgotten { forgotten, absent, changed };

/// What became of the listed jobs: the four counts add up to the refs passed.
struct RemoveResult {
  std::uint64_t removed = 0;  ///< In this pile now, by this call or an earlier one.
  std::uint64_t changed = 0;  ///< Another version is stored: left for the next run.
  std::uint64_t held = 0;
  std::uint64_t absent = 0;

  friend bool operator==(const RemoveResult&, const RemoveResult&) = default;
};

/// A listed job and the retention it is to have.
struct Restamp {
  JobRef ref;
  Retention retention;
};

struct RestampResult {
  std::uint64_t done = 0;  ///< Written, or already so.
  std::uint64_t changed = 0;
  std::uint64_t absent = 0;

  friend bool operator==(const RestampResult&, const RestampResult&) = default;
};

/// Where a walk over listed jobs stands: the last job given.
struct ListCursor {
  Time failed_at{};
  std::string job_id;
  std::string group;

  friend bool operator==(const ListCursor&, const ListCursor&) = default;
};

/// Where a walk over one pile stands: the last job given.
struct PileCursor {
  std::string group;
  Time failed_at{};
  std::string job_id;
  Version version = 0;

  friend bool operator==(const PileCursor&, const PileCursor&) = default;
};

/// Where a walk over the journal stands: the last entry given.
struct JournalCursor {
  Time at{};
  std::string purge_id;

  friend bool operator==(const JournalCursor&, const JournalCursor&) = default;
};

struct RestoreResult {
  std::uint64_t restored = 0;
  std::uint64_t bytes = 0;
  std::uint64_t stale = 0;         ///< Stayed in trash: its twin is as new or newer.
  std::uint64_t refused = 0;       ///< Stayed in trash: its partition's bound is reached.
  std::optional<PileCursor> next;  ///< Absent: the pile was walked to its end.
};

struct ReclaimResult {
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  bool more = false;  ///< The budget ended first.
};

struct TrimResult {
  std::uint64_t entries = 0;
  bool more = false;
};

/// A project and when it next wants attention: lower bounds, absent: nothing is coming. What waits
/// for an archive wants attention from its undo_until on.
struct ProjectInfo {
  std::string project;
  std::optional<Time> next_due;
  std::optional<Time> next_reclaim;
};

struct PartitionInfo {
  std::string group;
  std::uint64_t jobs = 0;   ///< Held ones included.
  std::uint64_t bytes = 0;  ///< Held ones included.
  std::uint64_t held = 0;
  std::uint64_t held_bytes = 0;
  Time oldest{};  ///< The smallest failed_at.
  Time newest{};  ///< The greatest failed_at.
};

struct Partitions {
  Version watermark = 0;  ///< The last version given in the project, also when it is empty.
  std::vector<PartitionInfo> partitions;  ///< By group; none is empty.
};

/// A named number of `stats`: "jobs", "trash_jobs", "memory_bytes" ...
struct Figure {
  std::string name;
  double value = 0;
};

/// A fault that `check` found: where it is, and what is wrong there.
struct Finding {
  std::string where;
  std::string what;
};

struct CheckResult {
  std::uint64_t jobs = 0;  ///< Looked at by this call.
  std::vector<Finding> findings;
  std::optional<std::string> next;  ///< Pass to the following call; absent: all was seen.
};

}  // namespace purgatory
