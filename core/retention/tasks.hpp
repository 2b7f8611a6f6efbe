#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>

#include "core/repository/store.hpp"

namespace purgatory::retention {

/// What is to be done in a project.
struct Task {
  std::string project;
  bool due = false;
  bool archive = false;
  bool reclaim = false;
  bool caps = false;
  bool journal = false;

  /// What of it comes next; null: nothing does.
  [[nodiscard]] bool* first_part() noexcept {
    for (bool* part : {&due, &caps, &archive, &reclaim, &journal}) {
      if (*part) return part;
    }
    return nullptr;
  }
  [[nodiscard]] bool tidies() const noexcept { return caps || journal; }
  [[nodiscard]] bool done() const noexcept { return !due && !archive && !reclaim && !tidies(); }
};

/// The projects that want something, each in its turn: a large one keeps no other waiting, and the
/// next run begins where one that ran out of time ended.
class Tasks {
 public:
  /// What to look for besides what is to be freed.
  struct Wanted {
    bool due = false;
    bool caps = false;
    bool journal = false;
  };

  /// Asks the store. Of projects that an earlier tidying has left, those alone are tidied: it ends,
  /// however short the runs are. Returns for how long the job that is due the longest has been so.
  std::chrono::milliseconds find(const Store& store, const Wanted& wanted);

  [[nodiscard]] bool empty() const noexcept { return tasks_.empty(); }
  /// True: caps or journals are still to be looked at.
  [[nodiscard]] bool want_tidying() const noexcept;
  /// True: in some project something may wait for its archive.
  [[nodiscard]] bool want_archiving() const noexcept;
  /// Whose turn it is: it goes to the back of the queue with `put_back`, or leaves it.
  [[nodiscard]] Task take_next();
  void put_back(Task task) { tasks_.push_back(std::move(task)); }

 private:
  std::deque<Task> tasks_;
  std::string last_;  ///< The project whose turn it was last.
};

}  // namespace purgatory::retention
