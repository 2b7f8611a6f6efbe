#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "benchmarks/workload.hpp"

/// What a program keeps of a failed job when it has no library for it: plain structs of strings.
namespace purgatory::benchmarks::rivals {

struct Identity {
  std::string project;
  std::string group;
  std::string job_id;
};

struct IdentityView {
  std::string_view project;
  std::string_view group;
  std::string_view job_id;

  IdentityView(std::string_view a_project, std::string_view a_group, std::string_view a_job_id)
      : project(a_project), group(a_group), job_id(a_job_id) {}
  // Not explicit: hash and equality take both kinds.
  IdentityView(const Identity& identity)
      : IdentityView(identity.project, identity.group, identity.job_id) {}

  friend bool operator==(const IdentityView&, const IdentityView&) = default;
};

/// Both can look up by views, so that finding a job copies no string.
struct IdentityHash {
  using is_transparent = void;
  std::size_t operator()(const IdentityView& identity) const noexcept;
};
struct IdentityEqual {
  using is_transparent = void;
  bool operator()(const IdentityView& left, const IdentityView& right) const noexcept {
    return left == right;
  }
};

/// What a page shows of a job.
struct Summary {
  std::string job_type;
  std::string resource_type;
  std::string resource_id;
  std::string resource_name;
  std::string failure_status;
  std::string error_code;
  std::string fail_reason;
  std::map<std::string, std::string> labels;
  std::string rule;
  Time failed_at{};
  Time recorded_at{};
  Time purge_after{};
  std::uint32_t attempts = 0;
};

struct Details {
  Summary summary;
  std::string payload;
};

/// A line of a page.
struct Listed {
  Identity identity;
  Summary summary;
};

[[nodiscard]] Identity identity_of(const FailedJob& job);
[[nodiscard]] Details details_of(const Sample& sample);

/// True if the job `left` stands before `right` in a page: newest first.
[[nodiscard]] inline bool newer(Time left_time, const Identity& left, Time right_time,
                                const Identity& right) noexcept {
  return std::tie(left_time, left.job_id, left.group) >
         std::tie(right_time, right.job_id, right.group);
}

}  // namespace purgatory::benchmarks::rivals
