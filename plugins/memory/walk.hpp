#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "plugins/memory/slice.hpp"

namespace purgatory::memory {

/// Visits the jobs of a scope group by group, oldest first, in steps between which the lock may be
/// given up and the jobs may change: it goes on behind the last job it saw.
class Walk {
 public:
  /// Where a walk stands: in which generation, and the last job seen of it, if any.
  struct Position {
    std::string group{};
    bool in_held = false;
    Time failed_at{};
    std::string job_id{};  ///< Empty: none seen yet.
    Version version = 0;
  };

  Walk(Project& project, const Scope& scope) : Walk(project, scope, {.group = scope.group()}) {}
  Walk(Project& project, const Scope& scope, Position position)
      : project_(project), scope_(scope), at_(std::move(position)) {}

  [[nodiscard]] const Position& position() const noexcept { return at_; }

  /// Visits the jobs of a slice, calling visit(group, generation, record). False: that was all.
  template <typename Visit>
  bool step(Slice& slice, Visit visit) {
    for (auto place = project_.partitions().lower_bound(at_.group);
         place != project_.partitions().end() && scope_.covers(place->first); ++place) {
      if (place->first != at_.group) at_ = {.group = place->first};
      if (!at_.in_held) {
        if (!step_through(place->second.open.get(), slice, visit)) return true;
        at_ = {.group = place->first, .in_held = true};
      }
      if (!step_through(place->second.held.get(), slice, visit)) return true;
    }
    return false;
  }

 private:
  /// False if the slice ended before the generation did.
  template <typename Visit>
  bool step_through(Generation* generation, Slice& slice, Visit visit) {
    if (generation == nullptr) return true;
    const TimeIndex& index = generation->by_time();
    auto next = at_.job_id.empty()
                    ? index.begin()
                    : index.upper_bound(TimeKey{at_.failed_at, at_.job_id, at_.version});
    const Record* seen = nullptr;
    auto ahead = next;
    for (int i = 0; i < kAhead && ahead != index.end(); ++i) (ahead++)->record->prefetch();
    for (; next != index.end() && slice.take(); ++next) {
      if (ahead != index.end()) (ahead++)->record->prefetch();
      seen = next->record;
      visit(std::string_view(at_.group), *generation, *seen);
    }
    if (seen != nullptr) {
      at_.failed_at = seen->failed_at;
      at_.job_id = seen->job_id();
      at_.version = seen->version;
    }
    return next == index.end();
  }

  Project& project_;
  const Scope& scope_;
  Position at_;
};

}  // namespace purgatory::memory
