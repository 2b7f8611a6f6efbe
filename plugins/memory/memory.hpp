#pragma once

#include <cstdint>
#include <memory>

#include "purgatory/host.hpp"
#include "purgatory/limits.hpp"
#include "purgatory/repository.hpp"

/// The memory backend: for tests, and for a host that needs only a bounded window of failures.
/// Everything is gone when the object is. docs/memory-layout.md explains how it keeps jobs.
namespace purgatory::memory {

struct Options {
  /// The most memory that recorded jobs may bring the store to, trash and journal included. Before
  /// a record is refused with `exhausted`, the oldest purge that waits for no archive loses its
  /// undo window. What purges, restores and restamps write is never refused and may go over it.
  std::uint64_t max_bytes = 268'435'456;
};

/// An empty repository, already `checked`. `host` must outlive it.
std::unique_ptr<FailedJobRepository> open(const Options& options, const Host& host,
                                          const Limits& limits = {});
std::unique_ptr<FailedJobRepository> open(const Options& options, Host&& host,
                                          const Limits& limits = {}) = delete;

}  // namespace purgatory::memory
