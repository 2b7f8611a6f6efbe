#pragma once

#include <bit>
#include <cstdint>
#include <deque>

#include "plugins/memory/record.hpp"

namespace purgatory::memory {

/// A hash index that never stalls: it grows by one bucket an insert (linear hashing, Litwin 1980),
/// and its buckets are a deque, which moves nothing when it grows. Records chain through `kNext`;
/// equal hashes and equal keys may stand in one chain.
template <Record* Record::*kNext, std::uint32_t Record::*kHash>
class HashIndex {
 public:
  void insert(Record& record) {
    if (size_ >= buckets_.size()) split();
    Record*& head = buckets_[bucket_of(record.*kHash)];
    record.*kNext = head;
    head = &record;
    ++size_;
  }

  void erase(const Record& record) noexcept {
    Record** link = &buckets_[bucket_of(record.*kHash)];
    while (*link != &record) link = &((*link)->*kNext);
    *link = record.*kNext;
    --size_;
  }

  /// Calls visit(record) for each record with this hash until it returns false.
  template <typename Visit>
  void for_each(std::uint32_t hash, Visit visit) const {
    if (buckets_.empty()) return;
    for (Record* record = buckets_[bucket_of(hash)]; record != nullptr; record = record->*kNext) {
      if (record->*kHash == hash && !visit(*record)) return;
    }
  }

 private:
  [[nodiscard]] std::size_t bucket_of(std::uint32_t hash) const noexcept {
    const std::size_t level = std::bit_floor(buckets_.size());
    const std::size_t bucket = hash & (2 * level - 1);
    return bucket < buckets_.size() ? bucket : hash & (level - 1);
  }

  /// Adds a bucket and moves to it what now belongs there, all from one other bucket.
  void split() {
    const std::size_t added = buckets_.size();
    buckets_.push_back(nullptr);
    if (added == 0) return;
    Record** link = &buckets_[added - std::bit_floor(added)];
    while (Record* record = *link) {
      if (bucket_of(record->*kHash) != added) {
        link = &(record->*kNext);
        continue;
      }
      *link = record->*kNext;
      record->*kNext = buckets_[added];
      buckets_[added] = record;
    }
  }

  std::deque<Record*> buckets_;
  std::size_t size_ = 0;
};

using IdIndex = HashIndex<&Record::next_by_id, &Record::id_hash>;
using ResourceIndex = HashIndex<&Record::next_by_resource, &Record::resource_hash>;

}  // namespace purgatory::memory
