#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "purgatory/failed_job.hpp"
#include "purgatory/selection.hpp"

namespace purgatory {

/// What a purge carries into the journal.
struct PurgeNote {
  std::string purge_id;  ///< Made by core (`new_purge_id`), 1..255 bytes; names the purge for ever.
  std::string actor;     ///< Who.
  std::string reason;    ///< Why: "scope", "selection", "age", "resolved", or a person's words.
  std::string rule;      ///< The rule that asked for it, or empty.
  Time undo_until{};  ///< Until then it can be restored; `Call::now`: not at all. Caps ignore it.
};

/// What a purge did.
struct Receipt {
  std::string purge_id;
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t held = 0;  ///< Jobs that stayed only because they are held.

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// The life of the trash of one purge.
enum class PileState {
  open,       ///< Later calls with its purge_id may add to it.
  sealed,     ///< Complete: it can be archived, restored or freed.
  restoring,  ///< A restore is under way (for 30 s at a time).
  gone,       ///< Being freed, or freed; only the journal entry is left.
};

/// The trash of one purge.
struct Pile {
  std::string purge_id;
  PileState state = PileState::open;
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  Time undo_until{};
  bool waiting = false;  ///< A job in it names an archive, and `archived` was not said.

  friend bool operator==(const Pile&, const Pile&) = default;
};

/// Jobs that caps took, by rule of their stamp and kind of bound ("count" or "bytes").
struct EvictionCount {
  std::string rule;
  std::string reason;
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const EvictionCount&, const EvictionCount&) = default;
};

/// Adds to counts that are sorted by rule and reason, as a journal entry has them.
void add(std::vector<EvictionCount>& counts, const EvictionCount& count);

/// One purge as the journal keeps it; it outlives what it purged.
struct JournalEntry {
  std::string purge_id;
  Time at{};  ///< The cutoff: when it first happened.
  std::string actor;
  std::string reason;
  std::string rule;
  Scope scope = Scope::project_level({});  ///< A remove's scope is its project.
  PileState state = PileState::open;
  Time undo_until{};
  std::uint64_t jobs = 0;  ///< Purged or evicted in all.
  std::uint64_t bytes = 0;
  std::uint64_t restored = 0;            ///< Of these, brought back.
  std::vector<EvictionCount> evictions;  ///< Empty unless caps took jobs; sorted.

  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// How much one slice of background work may do; it ends at the first bound reached. Each is over
/// 0; any size is fine.
struct Budget {
  std::uint64_t jobs = 1000;
  std::uint64_t bytes = 4'194'304;
  std::chrono::microseconds time = std::chrono::milliseconds(5);
};

}  // namespace purgatory
