#include "core/retention/tasks.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace purgatory::retention {

std::chrono::milliseconds Tasks::find(const Store& store, const Wanted& wanted) {
  const bool resumes = want_tidying();
  std::map<std::string, Task, std::less<>> left;
  for (Task& task : std::exchange(tasks_, {})) {
    if (task.tidies()) left.emplace(task.project, std::move(task));
  }
  std::chrono::milliseconds lag{0};
  std::optional<std::string> after;
  do {
    const Call call = store.begin_call();
    auto page = store.repository.projects(call, after);
    const auto is_past = [&](const std::optional<Time>& time) { return time && *time <= call.now; };
    for (ProjectInfo& info : page.items) {
      if (is_past(info.next_due)) lag = std::max(lag, call.now - *info.next_due);
      const auto found = left.find(info.project);
      const auto tidies = [&](bool Task::*what) {
        return !resumes || (found != left.end() && found->second.*what);
      };
      Task task{.project = std::move(info.project),
                .due = wanted.due && is_past(info.next_due),
                .archive = is_past(info.next_reclaim),
                .reclaim = is_past(info.next_reclaim),
                .caps = wanted.caps && tidies(&Task::caps),
                .journal = wanted.journal && tidies(&Task::journal)};
      if (!task.done()) tasks_.push_back(std::move(task));
    }
    after = std::move(page.next);
  } while (after);
  std::rotate(tasks_.begin(), std::ranges::upper_bound(tasks_, last_, {}, &Task::project),
              tasks_.end());
  return lag;
}

bool Tasks::want_tidying() const noexcept { return std::ranges::any_of(tasks_, &Task::tidies); }

bool Tasks::want_archiving() const noexcept { return std::ranges::any_of(tasks_, &Task::archive); }

Task Tasks::take_next() {
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  last_ = task.project;
  return task;
}

}  // namespace purgatory::retention
