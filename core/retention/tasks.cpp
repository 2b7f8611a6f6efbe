#include "core/retention/tasks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace purgatory::retention {

std::chrono::milliseconds Tasks::find(const Store& store, const Wanted& wanted) {
  tasks_.clear();
  std::chrono::milliseconds lag{0};
  std::optional<std::string> after;
  do {
    const Call call = store.begin_call();
    auto page = store.repository.projects(call, after);
    const auto is_past = [&](const std::optional<Time>& time) { return time && *time <= call.now; };
    for (ProjectInfo& info : page.items) {
      if (is_past(info.next_due)) lag = std::max(lag, call.now - *info.next_due);
      Task task{.project = std::move(info.project),
                .due = wanted.due && is_past(info.next_due),
                .reclaim = is_past(info.next_reclaim),
                .caps = wanted.caps,
                .journal = wanted.journal};
      if (!task.done()) tasks_.push_back(std::move(task));
    }
    after = std::move(page.next);
  } while (after);
  std::rotate(tasks_.begin(), std::ranges::upper_bound(tasks_, last_, {}, &Task::project),
              tasks_.end());
  return lag;
}

Task Tasks::take_next() {
  Task task = std::move(tasks_.front());
  tasks_.pop_front();
  last_ = task.project;
  return task;
}

}  // namespace purgatory::retention
