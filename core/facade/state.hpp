#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include "purgatory/failed_jobs.hpp"

namespace purgatory {

/// What a FailedJobs is made of. Nothing in it changes, so any thread may use it.
struct FailedJobs::State {
  State(const Config& config, Host callbacks)
      : host(std::move(callbacks)),
        limits(config.limits),
        timeout(config.repository.timeout),
        undo_window(config.retention.undo_window),
        repository(purgatory::open(config, host)) {}

  [[nodiscard]] Call begin_call() const { return purgatory::begin_call(host, timeout); }

  /// The note of a purge that begins now. Throws invalid_argument before anything is purged.
  [[nodiscard]] PurgeNote note(Time now, const Actor& actor, const PurgeOptions& options,
                               std::string_view reason) const;

  const Host host;
  const Limits limits;
  const std::chrono::milliseconds timeout;
  const std::chrono::milliseconds undo_window;
  const std::unique_ptr<FailedJobRepository> repository;
};

}  // namespace purgatory
