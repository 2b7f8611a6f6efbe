#include "plugins/memory/purge.hpp"

#include <chrono>

namespace purgatory::memory {
namespace {

constexpr std::chrono::seconds kRestoringMark{30};
constexpr std::chrono::hours kEmptyReceipt{1};

/// About what a purge takes beside its pile.
std::uint64_t footprint_of(const Purge& purge) noexcept {
  constexpr std::uint64_t kNodes = 256;
  const JournalEntry& entry = purge.entry;
  return sizeof(Purge) + kNodes + entry.purge_id.size() + entry.actor.size() + entry.reason.size() +
         entry.rule.size();
}

}  // namespace

bool Purge::restoring(Time now) const noexcept {
  return entry.state != PileState::gone && now < restoring_until &&
         restoring_until <= now + kRestoringMark;
}

bool Purge::reclaimable(Time now) const noexcept {
  if (entry.state == PileState::gone) return true;
  return entry.undo_until <= now && !waiting() && !restoring(now);
}

PileState Purge::state(Time now) const noexcept {
  return entry.state == PileState::sealed && restoring(now) ? PileState::restoring : entry.state;
}

bool Purge::has(std::string_view group, std::string_view job_id, Version version) const {
  const auto found = partitions.find(group);
  return found != partitions.end() && found->second.open->find_in_trash(job_id, version) != nullptr;
}

Purges::~Purges() {
  for (const auto& [purge_id, purge] : purges_) space_.release(footprint_of(purge));
}

Purge* Purges::find(std::string_view purge_id) noexcept {
  const auto found = purges_.find(purge_id);
  return found == purges_.end() ? nullptr : &found->second;
}

Purge* Purges::find_pile(std::string_view purge_id) noexcept {
  const auto found = piles_.find(purge_id);
  return found == piles_.end() || found->second->entry.state == PileState::gone ? nullptr
                                                                                : found->second;
}

Purge& Purges::create(Purge::Kind kind, const Scope& scope, const PurgeNote& note, Time now) {
  const auto [place, created] = purges_.try_emplace(note.purge_id);
  Purge& purge = place->second;
  purge.kind = kind;
  purge.entry = {.purge_id = note.purge_id,
                 .at = now,
                 .actor = note.actor,
                 .reason = note.reason,
                 .rule = note.rule,
                 .scope = scope,
                 .state = kind == Purge::Kind::detach ? PileState::sealed : PileState::open,
                 .undo_until = kind == Purge::Kind::eviction ? now : note.undo_until,
                 .evictions = {}};
  space_.charge(footprint_of(purge));
  return purge;
}

void Purges::enter(Purge& purge) {
  journal_.emplace(std::pair{purge.entry.at, std::string_view(purge.entry.purge_id)}, &purge);
}

void Purges::keep_empty_receipt(const Purge& purge, Time now) {
  empty_receipts_.emplace_back(now, purge.entry.purge_id);
}

void Purges::drop_empty_receipts(Time now) {
  while (!empty_receipts_.empty() && empty_receipts_.front().first + kEmptyReceipt <= now) {
    erase(*find(empty_receipts_.front().second));
    empty_receipts_.pop_front();
  }
}

void Purges::mark_restoring(Purge& purge, Time now) {
  purge.entry.state = PileState::sealed;
  purge.restoring_until = now + kRestoringMark;
  marked_.insert(&purge);
}

void Purges::unmark_restoring(Purge& purge) noexcept {
  purge.restoring_until = Time{};
  marked_.erase(&purge);
}

const Purge* Purges::restoring(const Scope& scope, Time now) const noexcept {
  for (const Purge* purge : marked_) {
    if (purge->restoring(now) && purge->entry.scope.overlaps(scope)) return purge;
  }
  return nullptr;
}

void Purges::keep_pile(Purge& purge) { piles_.emplace(purge.entry.purge_id, &purge); }

void Purges::add_to_pile(Purge& purge, std::string_view group, RecordPtr record) noexcept {
  keep_pile(purge);
  auto place = purge.partitions.find(group);
  if (place == purge.partitions.end()) {
    place = purge.partitions.try_emplace(std::string(group)).first;
    place->second.open = std::make_unique<Generation>(Generation::Role::trash, space_);
  }
  purge.trash += totals_of(*record);
  place->second.open->insert(std::move(record));
}

void Purges::drop_pile(const Purge& purge) {
  marked_.erase(&purge);
  piles_.erase(purge.entry.purge_id);
}

void Purges::erase(const Purge& purge) {
  space_.release(footprint_of(purge));
  journal_.erase({purge.entry.at, purge.entry.purge_id});
  purges_.erase(purges_.find(purge.entry.purge_id));
}

}  // namespace purgatory::memory
