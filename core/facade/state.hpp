#pragma once

#include <chrono>
#include <memory>
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

  const Host host;
  const Limits limits;
  const std::chrono::milliseconds timeout;
  const std::chrono::milliseconds undo_window;
  const std::unique_ptr<FailedJobRepository> repository;
};

/// Visits all items of a walk. `next_page(cursor)` reads a page; `visit(item)` returns false to end
/// the walk.
template <typename Cursor, typename NextPage, typename Visit>
void walk(NextPage next_page, Visit visit) {
  std::optional<Cursor> after;
  do {
    auto page = next_page(after);
    for (auto& item : page.items) {
      if (!visit(item)) return;
    }
    after = std::move(page.next);
  } while (after);
}

inline bool goes_on(const Progress& progress, std::uint64_t jobs) {
  return !progress || progress(jobs);
}

}  // namespace purgatory
