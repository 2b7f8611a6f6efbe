#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "plugins/memory/record.hpp"

namespace purgatory::memory {

/// From hashes to records; equal hashes may stand side by side. It grows by splitting one page of
/// at most 512 slots at a time (extendible hashing, Fagin et al. 1979): no step takes long, as the
/// growth of one big table would. The hashes stand in the pages, so a search that fails and a split
/// touch no record.
class HashIndex {
 public:
  void insert(std::uint32_t hash, Record& record);
  void erase(std::uint32_t hash, const Record& record) noexcept;
  /// Puts another record of the same hash into the place of one.
  void replace(std::uint32_t hash, const Record& record, Record& other) noexcept;

  /// Calls visit(record) for each record with this hash until it returns false.
  template <typename Visit>
  void for_each(std::uint32_t hash, Visit visit) const {
    if (pages_.empty()) return;
    const Page& page = *pages_[page_of(hash)];
    const std::uint32_t stored = stored_hash(hash);
    for (std::size_t slot = page.home(stored); page.hashes[slot] != kEmpty;
         slot = page.next(slot)) {
      if (page.hashes[slot] == stored && !visit(*page.records[slot])) return;
    }
  }

  /// Frees a page. False: there is none left.
  bool free_page() noexcept;

 private:
  static constexpr std::uint32_t kEmpty = 0;
  static constexpr std::size_t kFirstSlots = 8;
  static constexpr std::size_t kMostSlots = 512;

  /// Open addressing with linear probing, at most three quarters full.
  struct Page {
    Page(unsigned bits, std::size_t slots) : depth(bits), hashes(slots, kEmpty), records(slots) {}

    [[nodiscard]] std::size_t home(std::uint32_t hash) const noexcept {
      constexpr std::uint32_t kSpread = 0x9E37'79B1;  // the low bits chose the page: mix them in
      return ((hash * kSpread) >> 16U) & (hashes.size() - 1);
    }
    [[nodiscard]] std::size_t next(std::size_t slot) const noexcept {
      return (slot + 1) & (hashes.size() - 1);
    }
    [[nodiscard]] bool full() const noexcept { return size * 4 >= hashes.size() * 3; }
    [[nodiscard]] std::size_t slot_of(std::uint32_t hash, const Record& record) const noexcept;
    void insert(std::uint32_t hash, Record* record) noexcept;
    void erase(std::size_t slot) noexcept;

    unsigned depth;  ///< How many low bits of the hash all its records share.
    std::size_t size = 0;
    std::vector<std::uint32_t> hashes;
    std::vector<Record*> records;
  };

  static std::uint32_t stored_hash(std::uint32_t hash) noexcept {
    return hash == kEmpty ? 1 : hash;
  }
  [[nodiscard]] std::size_t page_of(std::uint32_t hash) const noexcept {
    return stored_hash(hash) & (pages_.size() - 1);
  }

  void grow(std::size_t index);
  template <typename Choose>
  static void move_all(const Page& page, Choose choose);

  boost::container::small_vector<Page*, 1> pages_;  ///< 2^depth, neighbours share; see owners_.
  std::vector<std::unique_ptr<Page>> owners_;
};

}  // namespace purgatory::memory
