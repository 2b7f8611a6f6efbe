#pragma once

#include <cstdint>

#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/scratch_directory.hpp"

namespace purgatory::benchmarks {

/// The file backend in a new directory, each commit synced. The directory is a base, so that it
/// goes when the store in it is closed.
class FileStore : private ScratchDirectory, public PurgatoryStore {
 public:
  FileStore();

  /// Closes the store, and tells what it has left on disk, its log written back.
  [[nodiscard]] std::uint64_t close_and_weigh();
};

static_assert(Store<FileStore>);

}  // namespace purgatory::benchmarks
