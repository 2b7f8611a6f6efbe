#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "plugins/memory/partition.hpp"
#include "purgatory/purge.hpp"

namespace purgatory::memory {

/// One purge: its journal entry, and its pile as long as there is one.
struct Purge {
  enum class Kind { detach, remove, eviction };

  Kind kind = Kind::remove;
  JournalEntry entry;      ///< `state` is open, sealed or gone here; restoring is told by the mark.
  std::uint64_t held = 0;  ///< Of a detach's receipt.
  bool archived = false;
  Time restoring_until{};   ///< The mark; the epoch: none.
  Totals trash;             ///< What its pile adds up to.
  PartitionMap partitions;  ///< The pile.

  [[nodiscard]] bool waiting() const noexcept { return trash.archive_jobs > 0 && !archived; }
  [[nodiscard]] bool restoring(Time now) const noexcept;
  [[nodiscard]] bool reclaimable(Time now) const noexcept;
  [[nodiscard]] PileState state(Time now) const noexcept;

  [[nodiscard]] bool has(std::string_view group, std::string_view job_id, Version version) const;
};

/// The purges of a project: its journal and its trash. Guarded by the project's lock.
class Purges {
 public:
  explicit Purges(Space& space) noexcept : space_(space) {}
  Purges(const Purges&) = delete;
  Purges& operator=(const Purges&) = delete;
  ~Purges();

  [[nodiscard]] Purge* find(std::string_view purge_id) noexcept;

  /// The purge if it still has a pile that is not being freed.
  [[nodiscard]] Purge* find_pile(std::string_view purge_id) noexcept;

  /// A purge that is not in the journal and has no pile yet.
  Purge& create(Purge::Kind kind, const Scope& scope, const PurgeNote& note, Time now);

  /// Enters a purge that took jobs into the journal.
  void enter(Purge& purge);
  /// Keeps the receipt of a detach that found nothing for an hour.
  void keep_empty_receipt(const Purge& purge, Time now);
  /// Drops those receipts that are old enough.
  void drop_empty_receipts(Time now);

  void mark_restoring(Purge& purge, Time now);
  void unmark_restoring(Purge& purge) noexcept;
  /// The restore under way whose scope overlaps, if any.
  [[nodiscard]] const Purge* restoring(const Scope& scope, Time now) const noexcept;

  /// From now on the purge has a pile.
  void keep_pile(Purge& purge);
  void add_to_pile(Purge& purge, std::string_view group, RecordPtr record) noexcept;
  [[nodiscard]] bool has_pile(const Purge& purge) const {
    return piles_.contains(purge.entry.purge_id);
  }
  /// The pile is freed.
  void drop_pile(const Purge& purge);

  using Piles = std::map<std::string_view, Purge*>;
  [[nodiscard]] const Piles& piles() const noexcept { return piles_; }

  /// Ascending by (at, purge_id).
  using Journal = std::map<std::pair<Time, std::string_view>, Purge*>;
  [[nodiscard]] const Journal& journal() const noexcept { return journal_; }
  /// Forgets a purge without pile.
  void erase(const Purge& purge);

 private:
  Space& space_;
  std::map<std::string, Purge, std::less<>> purges_;
  Journal journal_;
  Piles piles_;
  std::set<const Purge*> marked_;
  std::deque<std::pair<Time, std::string>> empty_receipts_;
};

}  // namespace purgatory::memory
