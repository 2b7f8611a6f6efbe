#pragma once

#include <optional>
#include <string>
#include <utility>

#include "plugins/file/generation.hpp"
#include "purgatory/results.hpp"

namespace purgatory::file {

/// Visits the jobs of a pile behind a cursor, by group, then newest first (failed_at, job_id,
/// version descending): visit(place, id) returns false to leave that job for the next walk, at the
/// latest after `most` jobs.
/// Returns where it stopped: the last job visited; absent: at the end. The pile must not change
/// meanwhile.
template <typename Visit>
std::optional<PileCursor> walk_pile(Connection& db, std::int64_t purge,
                                    std::optional<PileCursor> at, std::int64_t most, Visit visit) {
  const std::optional<PileCursor> after = at;
  // Each generation has a job, but for the first one, which may lie before the cursor.
  const std::string_view from = after ? std::string_view(after->group) : std::string_view();
  for (const Generation& generation : trash_generations(db, purge, from, most + 2)) {
    const bool here = after && generation.group == after->group;
    // Rows of one identity and time stand in the order of their versions: docs/file-layout.md.
    Query rows(db,
               "SELECT id, failed_at, job_id, version FROM job WHERE generation = ?1 AND "
               "(failed_at, job_id) <= (?2, ?3) ORDER BY failed_at DESC, job_id DESC, id DESC",
               generation.id, here ? after->failed_at : Time::max(),
               here ? std::string_view(after->job_id) : std::string_view());
    while (rows.step()) {
      PileCursor next{.group = generation.group,
                      .failed_at = rows.time(1),
                      .job_id = std::string(rows.text(2)),
                      .version = rows.number(3)};
      const bool seen = here && next.failed_at == after->failed_at &&
                        next.job_id == after->job_id && next.version >= after->version;
      if (seen) continue;
      if (!visit(std::as_const(next), rows.integer(0))) return at;
      at = std::move(next);
    }
  }
  return std::nullopt;
}

}  // namespace purgatory::file
