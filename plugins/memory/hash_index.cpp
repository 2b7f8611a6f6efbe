#include "plugins/memory/hash_index.hpp"

#include <algorithm>
#include <utility>

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
  // Hashes that agree in all their low bits would double the directory again and again.
  constexpr std::size_t kMostPointersPerPage = 8;
  if (page.hashes.size() < kMostSlots || pages_.size() > kMostPointersPerPage * owners_.size()) {
    Page larger(page.depth, 2 * page.hashes.size());
    move_all(page, [&](std::uint32_t) -> Page& { return larger; });
    page = std::move(larger);
    return;
  }
  const std::size_t bit = std::size_t{1} << page.depth;
  if (bit == pages_.size()) {
    pages_.resize(2 * bit);
    std::copy_n(pages_.begin(), bit, pages_.begin() + static_cast<std::ptrdiff_t>(bit));
  }
  Page low(page.depth + 1, page.hashes.size());
  owners_.push_back(std::make_unique<Page>(low.depth, page.hashes.size()));
  Page& high = *owners_.back();
  move_all(page, [&](std::uint32_t hash) -> Page& { return (hash & bit) != 0 ? high : low; });
  for (std::size_t i = (index & (bit - 1)) | bit; i < pages_.size(); i += 2 * bit)
    pages_[i] = &high;
  page = std::move(low);
}

template <typename Choose>
void HashIndex::move_all(const Page& page, Choose choose) {
  for (std::size_t slot = 0; slot < page.hashes.size(); ++slot) {
    const std::uint32_t hash = page.hashes[slot];
    if (hash != kEmpty) choose(hash).insert(hash, page.records[slot]);
  }
}

}  // namespace purgatory::memory
