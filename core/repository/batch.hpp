#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "purgatory/limits.hpp"

namespace purgatory {

/// How many of the first of `items` fit into one call of a repository; at least one.
template <typename Item, typename BytesOf>
[[nodiscard]] std::size_t size_of_batch(std::span<const Item> items, BytesOf bytes_of) {
  std::size_t size = 0;
  std::uint64_t bytes = 0;
  for (const Item& item : items.first(std::min(items.size(), kMaxJobsPerCall))) {
    bytes += bytes_of(item);
    if (size > 0 && bytes > kMaxBytesPerCall) break;
    ++size;
  }
  return size;
}

}  // namespace purgatory
