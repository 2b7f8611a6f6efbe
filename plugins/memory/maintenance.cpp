// R18: stats; there is nothing to back up or to compact.

#include <fmt/format.h>

#include "plugins/memory/repository.hpp"
#include "purgatory/error.hpp"

namespace purgatory::memory {
namespace {

[[noreturn]] void refuse(std::string_view operation, std::string_view why) {
  throw Error(ErrorCode::unsupported,
              fmt::format("{}: the memory backend has no such thing: {}", operation, why),
              "memory");
}

}  // namespace

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
  refuse("backup", "it keeps nothing on disk; export its jobs instead");
}

bool MemoryRepository::compact(const Call& /*call*/, const Budget& /*budget*/) {
  refuse("compact", "freed jobs give their memory back at once");
}

}  // namespace purgatory::memory
