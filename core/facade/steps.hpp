#pragma once

#include <cstdint>
#include <new>
#include <optional>
#include <utility>

#include "purgatory/error.hpp"
#include "purgatory/failed_jobs.hpp"

/// What the calls of several steps are made of.
namespace purgatory {

/// Does what may run out of memory: that is an Error like any other. What the host's own callbacks
/// throw passes.
template <typename Action>
auto or_exhausted(Action action) -> decltype(action()) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::exhausted, "the process is out of memory");
  }
}

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

/// Adds what was done under the same purge_id.
inline void add(Receipt& sum, const Receipt& part) {
  sum.jobs += part.jobs;
  sum.bytes += part.bytes;
  sum.held += part.held;
}

/// Tells of a step. False: stop here.
inline bool goes_on(const Progress& progress, std::uint64_t jobs) {
  return !progress || progress(jobs);
}

}  // namespace purgatory
