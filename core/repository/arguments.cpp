#include "core/repository/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "purgatory/error.hpp"

namespace purgatory::arguments {
namespace {

template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(ErrorCode::invalid_argument, fmt::format(format, std::forward<Args>(args)...));
}

void check_size(std::string_view name, std::size_t size, std::size_t least, std::size_t most) {
  if (size < least) refuse("{}: is empty; give {} to {} bytes", name, least, most);
  if (size > most) refuse("{}: {} bytes are over the limit of {}", name, size, most);
}

void check_id(std::string_view name, std::string_view id) {
  check_size(name, id.size(), 1, Limits::kMaxIdBytes);
}

void check_group(std::string_view group) {
  check_size("group", group.size(), 0, Limits::kMaxIdBytes);
}

void check_call_size(std::string_view what, std::size_t jobs, std::uint64_t bytes) {
  if (jobs > kMaxJobsPerCall) {
    refuse("{}: {} jobs are over the limit of {} a call; split them", what, jobs, kMaxJobsPerCall);
  }
  if (bytes > kMaxBytesPerCall) {
    refuse("{}: {} bytes are over the limit of {} a call; split them", what, bytes,
           kMaxBytesPerCall);
  }
}

using Groups = boost::container::small_vector<std::string_view, kMaxPartitionsPerCall>;

/// Adds a group to the partitions of a call. Neighbours are mostly equal, so the last one is asked
/// first.
void add(Groups& groups, std::string_view group) {
  if (!groups.empty() && groups.back() == group) return;
  if (std::ranges::find(groups, group) != groups.end()) return;
  if (groups.size() == kMaxPartitionsPerCall) {
    refuse("record: more than {} groups in one call; split it", kMaxPartitionsPerCall);
  }
  groups.push_back(group);
}

void check_stamp(const Stamp& stamp, const Limits& limits) {
  check_size("rule", stamp.rule.size(), 0, Limits::kMaxIdBytes);
  check_size("archive", stamp.archive.size(), 0, Limits::kMaxIdBytes);
  check_size("rule_hold", stamp.rule_hold.size(), 0, limits.max_text_bytes);
}

}  // namespace

void check_project(std::string_view project) { check_id("project", project); }

void check_identity(std::string_view project, std::string_view group, std::string_view job_id) {
  check_id("project", project);
  check_group(group);
  check_id("job_id", job_id);
}

void check_purge_id(std::string_view project, std::string_view purge_id) {
  check_id("project", project);
  check_id("purge_id", purge_id);
}

void check_scope(const Scope& scope) {
  check_id("project", scope.project());
  check_group(scope.group());
}

void check_limit(std::size_t limit) {
  if (limit < 1 || limit > kMaxJobsPerCall) {
    refuse("limit: {} is outside of 1 .. {}", limit, kMaxJobsPerCall);
  }
}

void check_budget(const Budget& budget) {
  if (budget.jobs == 0 || budget.bytes == 0 || budget.time.count() <= 0) {
    refuse("budget: {} jobs, {} bytes, {} us would do nothing; each must be over 0", budget.jobs,
           budget.bytes, budget.time.count());
  }
}

void check_actor(std::string_view actor) { check_id("actor", actor); }

void check_undo_window(std::chrono::milliseconds undo_window) {
  if (undo_window.count() < 0 || undo_window > kMaxUndoWindow) {
    refuse("undo_window: {} ms is outside of 0 .. {}", undo_window.count(),
           std::chrono::milliseconds(kMaxUndoWindow).count());
  }
}

void check_note(const PurgeNote& note, const Limits& limits) {
  check_id("purge_id", note.purge_id);
  check_size("actor", note.actor.size(), 0, Limits::kMaxIdBytes);
  check_size("reason", note.reason.size(), 0, limits.max_text_bytes);
  check_size("rule", note.rule.size(), 0, Limits::kMaxIdBytes);
}

void check_record(std::string_view project, std::span<const Recording> jobs,
                  std::span<const Bound> bounds, const PurgeNote& note, const Limits& limits) {
  check_id("project", project);
  Groups groups;
  std::uint64_t bytes = 0;
  for (const auto& [job, stamp] : jobs) {
    check_limits(*job, limits);
    check_stamp(*stamp, limits);
    if (job->project != project) {
      refuse("record: a job of project '{}' in a call for project '{}'", job->project, project);
    }
    bytes += logical_bytes(*job);
    add(groups, job->group);
  }
  check_call_size("record", jobs.size(), bytes);
  if (bounds.empty()) return;
  check_note(note, limits);
  check_bounds(bounds);
  for (const Bound& bound : bounds) {
    for (const Recording& recording : jobs) check_fits(bound, *recording.job);
    add(groups, bound.group);
  }
}

void check_fits(const Bound& bound, const FailedJob& job) {
  if (!bound.bytes || job.group != bound.group || logical_bytes(job) <= *bound.bytes) return;
  refuse("record: a job of {} bytes is larger than the bound of its group, {} bytes",
         logical_bytes(job), *bound.bytes);
}

void check_bounds(std::span<const Bound> bounds) {
  for (const Bound& bound : bounds) check_group(bound.group);
}

void check_refs(std::string_view project, std::span<const JobRef> refs) {
  check_id("project", project);
  std::uint64_t bytes = 0;
  for (const JobRef& ref : refs) {
    check_group(ref.group);
    check_id("job_id", ref.job_id);
    bytes += ref.bytes;
  }
  check_call_size("refs", refs.size(), refs.size() == 1 ? 0 : bytes);  // one may be larger
}

void check_restamp(std::string_view project, std::span<const Restamp> changes,
                   const Limits& limits) {
  check_id("project", project);
  std::uint64_t bytes = 0;
  for (const auto& [ref, retention] : changes) {
    check_group(ref.group);
    check_id("job_id", ref.job_id);
    check_stamp(retention.stamp, limits);
    bytes += retention.stamp.rule_hold.size();
    if (const auto& hold = retention.hold) {
      check_size("hold's actor", hold->actor.size(), 0, Limits::kMaxIdBytes);
      check_size("hold's reason", hold->reason.size(), 0, limits.max_text_bytes);
      bytes += hold->reason.size();
    }
  }
  check_call_size("restamp", changes.size(), bytes);
}

void check_resource(std::string_view project, std::optional<std::string_view> group,
                    std::string_view resource_id) {
  check_id("project", project);
  if (group) check_group(*group);
  if (resource_id.empty()) refuse("resource_id: is empty; jobs without one are not indexed");
}

void check_lease(std::string_view name, std::string_view owner, std::chrono::milliseconds ttl) {
  check_id("lease", name);
  check_id("owner", owner);
  if (ttl.count() < 0 || ttl > kMaxLease) {
    refuse("ttl: {} ms is outside of 0 .. {}", ttl.count(),
           std::chrono::milliseconds(kMaxLease).count());
  }
}

void check_setting(std::string_view name, std::string_view value) {
  check_id("setting", name);
  check_size("setting's value", value.size(), 0, kMaxSettingBytes);
}

}  // namespace purgatory::arguments
