#include "plugins/memory/hash_index.hpp"

namespace purgatory::memory {

std::size_t HashIndex::Page::slot_of(std::uint32_t hash, const Record& record) const noexcept {
  std::size_t slot = home(hash);
  while (records[slot] != &record) slot = next(slot);
  return slot;
}

void HashIndex::Page::insert(std::uint32_t hash, Record* record) noexcept {
  std::size_t slot = home(hash);
  while (hashes[slot] != kEmpty) slot = next(slot);
  hashes[slot] = hash;
  records[slot] = record;
  ++size;
}

void HashIndex::Page::erase(std::size_t slot) noexcept {
  // What follows moves up, so that no search ends at the gap.
  const std::size_t mask = hashes.size() - 1;
  for (std::size_t at = next(slot); hashes[at] != kEmpty; at = next(at)) {
    const bool stays = ((at - home(hashes[at])) & mask) < ((at - slot) & mask);
    if (stays) continue;
    hashes[slot] = hashes[at];
    records[slot] = records[at];
    slot = at;
  }
  hashes[slot] = kEmpty;
  records[slot] = nullptr;
  --size;
}

void HashIndex::insert(std::uint32_t hash, Record& record) {
  if (pages_.empty()) {
    owners_.push_back(std::make_unique<Page>(0, kFirstSlots));
    pages_.push_back(owners_.back().get());
  }
  while (pages_[page_of(hash)]->full()) grow(page_of(hash));
  pages_[page_of(hash)]->insert(stored_hash(hash), &record);
}

void HashIndex::erase(std::uint32_t hash, const Record& record) noexcept {
  Page& page = *pages_[page_of(hash)];
  page.erase(page.slot_of(stored_hash(hash), record));
}

void HashIndex::replace(std::uint32_t hash, const Record& record, Record& other) noexcept {
  Page& page = *pages_[page_of(hash)];
  page.records[page.slot_of(stored_hash(hash), record)] = &other;
}

bool HashIndex::free_page() noexcept {
  if (owners_.empty()) return false;
  owners_.pop_back();
  return true;
}

void HashIndex::grow(std::size_t index) {
  Page& page = *pages_[index];
  constexpr unsigned kAllBits = 32;
  const bool split = page.hashes.size() >= kMostSlots && page.depth < kAllBits;
  if (split && (std::size_t{1} << page.depth) == pages_.size()) {
    pages_.insert(pages_.end(), pages_.begin(), pages_.end());  // each page is now shared by two
  }
  Page old(page.depth, split ? page.hashes.size() : 2 * page.hashes.size());
  std::swap(old, page);
  Page* sibling = nullptr;
  const std::size_t bit = std::size_t{1} << old.depth;
  if (split) {
    ++page.depth;
    owners_.push_back(std::make_unique<Page>(page.depth, old.hashes.size()));
    sibling = owners_.back().get();
    for (std::size_t i = (index & (bit - 1)) | bit; i < pages_.size(); i += 2 * bit) {
      pages_[i] = sibling;
    }
  }
  for (std::size_t slot = 0; slot < old.hashes.size(); ++slot) {
    if (old.hashes[slot] == kEmpty) continue;
    Page& target = split && (old.hashes[slot] & bit) != 0 ? *sibling : page;
    target.insert(old.hashes[slot], old.records[slot]);
  }
}

}  // namespace purgatory::memory
