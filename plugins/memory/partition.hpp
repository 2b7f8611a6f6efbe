#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/memory/generation.hpp"

namespace purgatory::memory {

/// A pair (project, group): points to its generations. Neither pointer is to an empty generation.
/// In trash only `open` is there.
struct Partition {
  std::unique_ptr<Generation> open;
  std::unique_ptr<Generation> held;  ///< What no purge may take.

  [[nodiscard]] Record* find(std::string_view job_id, std::uint32_t id_hash) const noexcept {
    Record* found = open ? open->find(job_id, id_hash) : nullptr;
    if (found == nullptr && held) found = held->find(job_id, id_hash);
    return found;
  }

  /// Calls visit(generation) for each that there is.
  template <typename Visit>
  void for_each(Visit visit) const {
    if (open) visit(*open);
    if (held) visit(*held);
  }
};

/// By group. A project and its trash use one type, so that a whole project is purged by moving it.
using PartitionMap = std::map<std::string, Partition, std::less<>>;

}  // namespace purgatory::memory
