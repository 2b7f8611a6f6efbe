#include "core/retention/hourly_purges.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace purgatory::retention {
namespace {

std::string key_of(std::string_view project, const Cause& cause) {
  return fmt::format("{}\n{}\n{}", cause.reason, cause.rule, project);
}

}  // namespace

HourlyPurges::Numbered HourlyPurges::note(std::string_view project, const Cause& cause, Time now) {
  const std::lock_guard lock(mutex_);
  turn_to(now);
  unsigned number = 1;
  if (!closed_.empty()) {
    const auto found = closed_.find(key_of(project, cause));
    if (found != closed_.end()) number = found->second + 1;
  }
  std::string purge_id(cause.reason);
  if (!cause.rule.empty()) purge_id.append("-").append(cause.rule);
  purge_id.append("-").append(hour_text_);
  if (number > 1) purge_id += fmt::format("-{}", number);
  return {
      .note = {.purge_id = std::move(purge_id),
               .actor = "policy",
               .reason = std::string(cause.reason),
               .rule = cause.rule,
               .undo_until =
                   undo_window_.count() == 0 ? now : hour_ + std::chrono::hours(1) + undo_window_},
      .number = number};
}

void HourlyPurges::close(std::string_view project, const Cause& cause, Time now, unsigned number) {
  const std::lock_guard lock(mutex_);
  turn_to(now);
  unsigned& closed = closed_[key_of(project, cause)];
  closed = std::max(closed, number);
}

void HourlyPurges::turn_to(Time now) {
  const auto hour = std::chrono::floor<std::chrono::hours>(now);
  if (hour == hour_ && !hour_text_.empty()) return;
  hour_ = hour;
  hour_text_ = fmt::format("{:%Y%m%dT%H}Z", fmt::gmtime(hour.time_since_epoch().count() * 3600));
  closed_.clear();
}

}  // namespace purgatory::retention
