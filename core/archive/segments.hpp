#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/archive/purge_directory.hpp"
#include "core/archive/range.hpp"
#include "purgatory/error.hpp"
#include "purgatory/host.hpp"

namespace purgatory::archive {

/// Where the next range of a pile begins, and the number of its segments.
struct Position {
  std::uint64_t number = 1;
  std::optional<PileCursor> begin{};
};

/// What all archives have of one purge. A range has one segment in each archive that it has jobs
/// for, all of the same number.
class Segments {
 public:
  /// `archives` and `host` must outlive it.
  Segments(const Archives& archives, std::string_view project, std::string_view purge_id,
           const Host& host);

  /// Where somebody who died has stopped: at the last range that some archive has, as others may
  /// not have it. An archive that cannot be read counts as empty until something is to be written
  /// there.
  [[nodiscard]] Position position();
  /// The pile's begin, behind all that there is.
  [[nodiscard]] Position new_position();

  /// Whether some archive has other jobs under this number than the range. Then they are not from
  /// this pile: a store that begins anew uses a purge_id again.
  [[nodiscard]] bool taken(std::uint64_t number, const Range& range) const;

  /// Writes a range; durable on return. Throws Error if an archive that it has jobs for could not
  /// be read, or cannot be written.
  void write(std::uint64_t number, const Range& range) const;

  /// Removes what writers that died have left.
  void tidy() const;

 private:
  struct Place {
    const std::string* archive;
    PurgeDirectory directory;
    std::optional<Error> unreadable;
  };

  [[nodiscard]] std::uint64_t last_number();
  /// What describes a range's lines for one archive.
  [[nodiscard]] Sidecar describe(std::uint64_t number, const Range& range,
                                 const Range::Lines& lines) const;

  std::string project_;
  std::string purge_id_;
  std::vector<Place> places_;
};

}  // namespace purgatory::archive
