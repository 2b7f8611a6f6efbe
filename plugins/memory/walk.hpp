#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugins/memory/project.hpp"

namespace purgatory::memory {

/// Visits the jobs of a scope group by group, oldest first, in steps between which the lock may be
/// given up and the jobs may change: it goes on behind the last job it saw.
class Walk {
 public:
  Walk(Project& project, const Scope& scope)
      : project_(project), scope_(scope), group_(scope.group()) {}

  /// Visits at most `jobs` more, calling visit(group, generation, record). False: that was all.
  /// Under the lock.
  template <typename Visit>
  bool step(std::size_t jobs, Visit visit) {
    for (auto place = project_.partitions().lower_bound(group_);
         place != project_.partitions().end() && scope_.covers(place->first); ++place) {
      if (place->first != group_) begin(place->first);
      if (!in_held_) {
        if (!step_through(place->second.open.get(), jobs, visit)) return true;
        in_held_ = true;
        last_.reset();
      }
      if (!step_through(place->second.held.get(), jobs, visit)) return true;
    }
    return false;
  }

 private:
  struct Last {
    Time failed_at;
    std::string job_id;
    Version version;
  };

  void begin(const std::string& group) {
    group_ = group;
    in_held_ = false;
    last_.reset();
  }

  /// False if `jobs` came to 0 before the generation's end.
  template <typename Visit>
  bool step_through(Generation* generation, std::size_t& jobs, Visit visit) {
    if (generation == nullptr) return true;
    const TimeIndex& index = generation->by_time();
    auto at =
        last_ ? index.upper_bound(TimeOrder::Key{last_->failed_at, last_->job_id, last_->version},
                                  TimeOrder{})
              : index.begin();
    const Record* seen = nullptr;
    for (; at != index.end() && jobs > 0; ++at, --jobs) {
      seen = &*at;
      visit(std::string_view(group_), *generation, *at);
    }
    if (at == index.end()) return true;
    if (seen != nullptr) {
      last_ = Last{seen->failed_at, std::string(seen->job_id()), seen->version};
    }
    return false;
  }

  Project& project_;
  const Scope& scope_;
  std::string group_;
  bool in_held_ = false;
  std::optional<Last> last_;
};

}  // namespace purgatory::memory
