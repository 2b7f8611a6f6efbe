#include <algorithm>
#include <utility>

#include "purgatory/purge.hpp"

namespace purgatory {

void add(std::vector<EvictionCount>& counts, const EvictionCount& count) {
  const auto key = [](const EvictionCount& each) {
    return std::pair<std::string_view, std::string_view>(each.rule, each.reason);
  };
  const auto place = std::ranges::lower_bound(counts, key(count), {}, key);
  if (place == counts.end() || key(*place) != key(count)) {
    counts.insert(place, count);
  } else {
    place->jobs += count.jobs;
    place->bytes += count.bytes;
  }
}

}  // namespace purgatory
