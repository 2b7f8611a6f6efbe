// R18: stats; there is nothing to back up or to compact.

#include "plugins/memory/fail.hpp"
#include "plugins/memory/repository.hpp"

namespace purgatory::memory {
std::vector<Figure> MemoryRepository::stats(const Call& /*call*/) {
  Totals live;
  Totals trash;
  std::uint64_t forgotten = 0;
  for (Project* project : projects_after(std::nullopt, ~std::size_t{0})) {
    const std::scoped_lock lock(project->mutex());
    for (const auto& [group, partition] : project->partitions()) {
      partition.for_each([&](const Generation& generation) { live += generation.totals(); });
    }
    for (const auto& [purge_id, purge] : project->purges().piles()) trash += purge->trash;
    forgotten += project->forgotten;
  }
  const auto figure = [](std::string_view name, std::uint64_t value) {
    return Figure{.name = std::string(name), .value = static_cast<double>(value)};
  };
  return {figure("jobs", live.jobs),
          figure("bytes", live.bytes),
          figure("trash_jobs", trash.jobs),
          figure("trash_bytes", trash.bytes),
          figure("forgotten_total", forgotten),
          figure("memory_bytes", space_.used()),
          figure("memory_max_bytes", space_.max_bytes())};
}

void MemoryRepository::backup(const Call& /*call*/, std::string_view /*destination*/) {
  fail(ErrorCode::unsupported, "backup: the memory backend keeps nothing; export its jobs instead");
}

bool MemoryRepository::compact(const Call& /*call*/, const Budget& /*budget*/) {
  fail(ErrorCode::unsupported, "compact: the memory backend has nothing to compact");
}

}  // namespace purgatory::memory
