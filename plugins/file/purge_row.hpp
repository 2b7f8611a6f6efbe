#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "plugins/file/connection.hpp"
#include "plugins/file/generation.hpp"
#include "purgatory/purge.hpp"

namespace purgatory::file {

/// A row of `purge`: a journal entry, and the pile as long as there is one.
struct PurgeRow {
  enum class Kind { detach, remove, eviction };

  std::int64_t id = 0;
  Kind kind = Kind::remove;
  JournalEntry entry;  ///< Its state is open, sealed or gone; restoring is told by the mark.
  bool has_pile = false;
  bool archived = false;
  Time restoring_until{};  ///< The epoch: none.
  std::uint64_t held = 0;  ///< Of a detach's receipt.

  [[nodiscard]] bool restoring(Time now) const noexcept;
  [[nodiscard]] PileState state(Time now) const noexcept;
};

/// Queries whose rows are a purge.
[[nodiscard]] Query purge_by_name(Connection& db, std::int64_t project, std::string_view purge_id);
[[nodiscard]] Query purges_with_pile(Connection& db, std::int64_t project, std::string_view behind);
[[nodiscard]] Query purges_being_freed(Connection& db, std::int64_t project);
[[nodiscard]] Query purges_past_undo(Connection& db, std::int64_t project, Time now);
[[nodiscard]] Query purges_before(Connection& db, std::int64_t project, Time at,
                                  std::string_view purge_id);
[[nodiscard]] Query purges_being_restored(Connection& db, std::int64_t project);

/// The row without its evictions.
[[nodiscard]] PurgeRow read_purge(const Query& row, std::string_view project);

/// Absent: unknown.
[[nodiscard]] std::optional<PurgeRow> find_purge(Connection& db, std::int64_t project,
                                                 std::string_view project_name,
                                                 std::string_view purge_id);

/// The purge if it has a pile that is not being freed; throws not_found in the name of `operation`.
[[nodiscard]] PurgeRow find_pile(Connection& db, std::string_view project,
                                 std::string_view purge_id, std::string_view operation);

/// Adds a row; its id is in the result.
PurgeRow create_purge(Connection& db, std::int64_t project, PurgeRow::Kind kind, const Scope& scope,
                      const PurgeNote& note, Time now);
/// Writes everything that may change after that.
void update_purge(Connection& db, const PurgeRow& purge);

/// What is in its pile, and whether a job in it names an archive that was not written.
[[nodiscard]] Totals pile_totals(Connection& db, std::int64_t purge);
[[nodiscard]] inline bool waiting(const PurgeRow& purge, const Totals& pile) noexcept {
  return pile.archive_jobs > 0 && !purge.archived;
}

/// How long a slice of a restore marks its pile.
inline constexpr std::chrono::seconds kRestoringMark{30};
/// How many items a page of piles, trash, journal or projects has at most.
inline constexpr std::int64_t kPageItems = 1000;

}  // namespace purgatory::file
