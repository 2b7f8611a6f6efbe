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
  /// The most memory that jobs, trash and journal may take. Before a record is refused with
  /// `exhausted`, the oldest purge that waits for no archive loses its undo window.
  std::uint64_t max_bytes = 268'435'456;
};

/// An empty repository, already `checked`. `host` must outlive it.
std::unique_ptr<FailedJobRepository> open(const Options& options, const Host& host,
                                          const Limits& limits = {});

}  // namespace purgatory::memory
