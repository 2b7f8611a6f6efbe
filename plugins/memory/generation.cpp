#include "plugins/memory/generation.hpp"

#include <algorithm>
#include <iterator>

namespace purgatory::memory {
namespace {

constexpr std::uint64_t kFootprint = sizeof(Generation);
constexpr std::size_t kMostNewActions = 64;
constexpr std::size_t kJobsOfAPage = 256;  // about; the hash indexes are freed along with the jobs

/// A pile may hold one job at several versions: there the version is part of the key.
std::uint32_t trash_hash(std::uint32_t id_hash, Version version) noexcept {
  constexpr std::uint64_t kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 / golden ratio
  return id_hash ^ static_cast<std::uint32_t>((version * kSpread) >> 32U);
}

/// Takes the last entry away: the cheapest way to take a B-tree down bit by bit.
template <typename Index>
void pop_back(Index& index) noexcept {
  if (!index.empty()) index.erase(std::prev(index.end()));
}

}  // namespace

Generation::Generation(Role role, Space& space, std::uint64_t first_change) noexcept
    : role_(role), space_(space), changes_(first_change) {
  space_.charge(kFootprint);
}

Generation::~Generation() {
  while (!empty()) (void)free_one();
  space_.release(kFootprint);
}

std::uint32_t Generation::id_key(const Record& record) const noexcept {
  return role_ == Role::live ? record.id_hash : trash_hash(record.id_hash, record.version);
}

void Generation::insert(RecordPtr owned) noexcept {
  Record& record = *owned;
  by_time_.insert(by_time_.end(), {record.failed_at, &record});  // mostly the newest
  by_id_.insert(id_key(record), record);
  if (role_ == Role::live) {
    link_resource(record);
    if (record.action_at != Record::kNever) {
      if (new_actions_.size() == kMostNewActions) (void)by_action();
      new_actions_.push_back({record.action_at, &record});
    }
  }
  totals_ += totals_of(record);
  ++changes_;
  (void)owned.release();
}

RecordPtr Generation::take(Record& record) {
  by_time_.erase(TimeEntry{record.failed_at, &record});
  by_id_.erase(id_key(record), record);
  if (role_ == Role::live) {
    unlink_resource(record);
    forget_action(record);
  }
  totals_ -= totals_of(record);
  ++changes_;
  return {&record, RecordDeleter{&space_}};
}

void Generation::link_resource(Record& record) {
  if (!record.has_resource) return;
  Record* first = nullptr;
  by_resource_.for_each(record.resource_hash, [&](Record& found) {
    first = &found;
    return false;
  });
  record.previous_of_resource = nullptr;
  record.next_of_resource = first;
  if (first == nullptr) {
    by_resource_.insert(record.resource_hash, record);
  } else {
    first->previous_of_resource = &record;
    by_resource_.replace(record.resource_hash, *first, record);
  }
}

void Generation::unlink_resource(const Record& record) noexcept {
  if (!record.has_resource) return;
  Record* const previous = record.previous_of_resource;
  Record* const next = record.next_of_resource;
  if (next != nullptr) next->previous_of_resource = previous;
  if (previous != nullptr) {
    previous->next_of_resource = next;
  } else if (next != nullptr) {
    by_resource_.replace(record.resource_hash, record, *next);
  } else {
    by_resource_.erase(record.resource_hash, record);
  }
}

const ActionIndex& Generation::by_action() const {
  std::ranges::sort(new_actions_, {}, &ActionEntry::action_at);
  by_action_.insert(new_actions_.begin(), new_actions_.end());
  new_actions_.clear();
  return by_action_;
}

void Generation::forget_action(Record& record) {
  if (record.action_at == Record::kNever) return;
  const auto found = std::ranges::find(new_actions_, &record, &ActionEntry::record);
  if (found == new_actions_.end()) {
    by_action_.erase({record.action_at, &record});
  } else {
    *found = new_actions_.back();
    new_actions_.pop_back();
  }
}

Record* Generation::find(std::string_view job_id, std::uint32_t id_hash) const noexcept {
  Record* found = nullptr;
  by_id_.for_each(id_hash, [&](Record& record) {
    if (record.job_id() == job_id) found = &record;
    return found == nullptr;
  });
  return found;
}

Record* Generation::find_in_trash(std::string_view job_id, Version version) const noexcept {
  Record* found = nullptr;
  by_id_.for_each(trash_hash(hash_of(job_id), version), [&](Record& record) {
    if (record.version == version && record.job_id() == job_id) found = &record;
    return found == nullptr;
  });
  return found;
}

Totals Generation::free_one() noexcept {
  const RecordPtr record(by_time_.rbegin()->record, RecordDeleter{&space_});
  const Totals freed = totals_of(*record);
  totals_ -= freed;
  pop_back(by_time_);
  pop_back(by_action_);
  if (totals_.jobs % kJobsOfAPage == 0) {
    by_id_.free_page();
    by_resource_.free_page();
  }
  return freed;
}

}  // namespace purgatory::memory
