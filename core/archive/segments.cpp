#include "core/archive/segments.hpp"

#include <algorithm>

#include "core/archive/checksum.hpp"

namespace purgatory::archive {

Segments::Segments(const Archives& archives, std::string_view project, std::string_view purge_id,
                   const Host& host)
    : project_(project), purge_id_(purge_id) {
  places_.reserve(archives.size());
  for (const auto& [name, archive] : archives) {
    places_.push_back({&name, PurgeDirectory(archive, project, purge_id, host), {}});
  }
}

Position Segments::position() {
  const std::uint64_t last = last_number();
  for (std::uint64_t number = last; number > 0; --number) {
    for (const Place& place : places_) {
      if (auto sidecar = place.directory.find(number)) return {number, std::move(sidecar->begin)};
    }
  }
  return {.number = last + 1};
}

Position Segments::new_position() { return {.number = last_number() + 1}; }

bool Segments::taken(std::uint64_t number, const Range& range) const {
  return std::ranges::any_of(places_, [&](const Place& place) {
    const auto found = place.directory.find(number);
    if (!found) return false;
    // Others may be ahead, where the next range with jobs for an archive begins.
    if (range.lines.empty()) return found->begin == range.begin;
    const auto lines = range.lines.find(*place.archive);
    return lines == range.lines.end() ||
           !found->same_content(describe(number, range, lines->second));
  });
}

void Segments::write(std::uint64_t number, const Range& range) const {
  for (const Place& place : places_) {
    if (place.unreadable && range.lines.contains(*place.archive)) throw Error(*place.unreadable);
  }
  for (const Place& place : places_) {
    const auto lines = range.lines.find(*place.archive);
    if (lines == range.lines.end()) continue;
    place.directory.write(describe(number, range, lines->second), lines->second.text);
  }
}

void Segments::tidy() const {
  for (const Place& place : places_) place.directory.tidy();
}

std::uint64_t Segments::last_number() {
  std::uint64_t last = 0;
  for (Place& place : places_) {
    try {
      last = std::max(last, place.directory.last_number());
    } catch (const Error& error) {  // which is no matter if no job is for it
      place.unreadable = error;
    }
  }
  return last;
}

Sidecar Segments::describe(std::uint64_t number, const Range& range,
                           const Range::Lines& lines) const {
  return {.project = project_,
          .purge_id = purge_id_,
          .number = number,
          .jobs = lines.jobs,
          .bytes = lines.text.size(),
          .checksum = checksum(lines.text),
          .file = {},
          .begin = range.begin,
          .end = range.end};
}

}  // namespace purgatory::archive
