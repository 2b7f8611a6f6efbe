#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/retention/condition.hpp"
#include "purgatory/failed_job.hpp"
#include "purgatory/policy.hpp"

namespace purgatory::retention {

/// A member of Match that has patterns for a text of a job.
struct MatchField {
  std::string_view key;
  Patterns Match::*patterns;
  std::string FailedJob::*text;
};
inline constexpr std::array kMatchFields{
    MatchField{"project", &Match::project, &FailedJob::project},
    MatchField{"group", &Match::group, &FailedJob::group},
    MatchField{"job_type", &Match::job_type, &FailedJob::job_type},
    MatchField{"resource_type", &Match::resource_type, &FailedJob::resource_type},
    MatchField{"resource_name", &Match::resource_name, &FailedJob::resource_name},
    MatchField{"failure_status", &Match::failure_status, &FailedJob::failure_status},
    MatchField{"error_code", &Match::error_code, &FailedJob::error_code},
    MatchField{"fail_reason", &Match::fail_reason, &FailedJob::fail_reason},
};

/// A Match, ready to be asked often.
class Matcher {
 public:
  explicit Matcher(const Match& match);

  [[nodiscard]] bool matches(const FailedJob& job) const noexcept;
  /// True: every job that `other` matches this matches, too. (It may be so although it is false.)
  [[nodiscard]] bool covers(const Matcher& other) const;
  /// True: it matches every job.
  [[nodiscard]] bool matches_all() const noexcept;

 private:
  struct Field {
    std::string FailedJob::*text;
    TextCondition condition;
  };
  struct Label {
    std::string key;
    TextCondition condition;
  };

  std::vector<Field> fields_;
  std::optional<NumberCondition> attempts_;
  std::vector<Label> labels_;
};

}  // namespace purgatory::retention
