// The memory backend as a plugin: its options, and how it is opened.

#include "purgatory/plugin.hpp"

#include <array>

#include "plugins/memory/repository.hpp"

namespace purgatory::memory {
namespace {

constexpr std::array kOptions{
    Option{.key = "max_bytes",
           .type = OptionType::bytes,
           .default_value = "256MiB",
           .least = 65'536,
           .most = std::int64_t{1} << 50,
           .help = "The most memory that recorded jobs may bring the store to, trash and journal "
                   "included. Before a record is refused, the oldest purge that waits for no "
                   "archive loses its undo window. Purges, restores and restamps are never refused "
                   "and may go over it."},
};

std::unique_ptr<FailedJobRepository> open_store(const Options& options, const Host& host) {
  return std::make_unique<MemoryRepository>(options.bytes("max_bytes"), host);
}

}  // namespace
}  // namespace purgatory::memory

PURGATORY_PLUGIN("memory", "0.1.0", purgatory::memory::kOptions, purgatory::memory::open_store)
