#include "core/archive/range.hpp"

#include <fmt/format.h>

#include <utility>

#include "purgatory/error.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::archive {
namespace {

PileCursor cursor_of(const StoredJob& stored) {
  return {.group = stored.job.group,
          .failed_at = stored.job.failed_at,
          .job_id = stored.job.job_id,
          .version = stored.version};
}

/// Adds a job as a line, if an archive is for it. Returns how much it counts.
std::uint64_t add(Range& range, const StoredJob& stored) {
  if (stored.retention.stamp.archive.empty()) return stored.bytes;
  Range::Lines& lines = range.lines[stored.retention.stamp.archive];
  const std::size_t before = lines.text.size();
  json_lines::append(lines.text, stored.job);
  ++lines.jobs;
  return lines.text.size() - before;
}

}  // namespace

std::uint64_t Range::jobs() const {
  std::uint64_t sum = 0;
  for (const auto& [archive, part] : lines) sum += part.jobs;
  return sum;
}

Range read_range(const Store& store, const Archives& archives, const RangeLimits& limits,
                 std::string_view project, std::string_view purge_id,
                 const std::optional<PileCursor>& begin) {
  Range range{.begin = begin, .end = begin};
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  for (std::optional<PileCursor> after = begin; !range.last;) {
    auto page = store.repository.trash(store.begin_call(), project, purge_id, after);
    for (const StoredJob& stored : page.items) {
      const std::string& archive = stored.retention.stamp.archive;
      if (!archive.empty() && !archives.contains(archive)) {
        throw Error(ErrorCode::config,
                    fmt::format("purge '{}' of project '{}' names the archive '{}', which "
                                "retention.archives does not have: add it, nothing of this purge "
                                "is freed before",
                                purge_id, project, archive));
      }
      bytes += add(range, stored);
      range.end = cursor_of(stored);
      if (++jobs == limits.jobs || bytes >= limits.bytes) return range;
    }
    range.last = !page.next;
    after = std::move(page.next);
  }
  return range;
}

}  // namespace purgatory::archive
