// The operations that only ask, done on both sides.

#include <algorithm>

#include "comparison.hpp"

namespace purgatory::model {

void Comparison::run(const List& op) {
  const Selection selection = select(op.group, op.filter);
  same_jobs("list", walk(Side::reference, selection, op.after, op.limit),
            walk(Side::real, selection, op.after, op.limit));
}

void Comparison::run(const Count& op) {
  const Selection selection = select(op.group, op.filter);
  agree("count", reference_->count(call_, selection, op.at_most),
        real_.count(call_, selection, op.at_most));
}

void Comparison::run(const Due& op) { due(op.limit); }

void Comparison::run(const WithResource& op) {
  if (!op.resource_id.empty()) {
    with_resource(op.group, op.resource_id, op.limit);
    return;
  }
  (void)both("with_resource without a resource_id", [&](Side side) {
    repository(side).with_resource(call_, project_, op.group, op.resource_id, op.limit);
  });
}

void Comparison::due(std::size_t limit) {
  const auto all = reference_->due(call_, project_, kMaxJobsPerCall);
  const auto real = real_.due(call_, project_, limit);
  some_jobs("due", all, real, limit);
  // Longest overdue first within a partition, and none is passed over for a later one.
  std::map<std::string, Time> last;
  std::map<std::string, std::size_t> given;
  for (const StoredJob& job : real) {
    const Time next = next_action_at(job.retention).value();
    const auto [before, first] = last.try_emplace(job.job.group, next);
    if (!first && next < before->second) disagree("due", "longest overdue first", text(job));
    before->second = next;
    ++given[job.job.group];
  }
  for (const auto& latest : last) {
    const auto earlier = std::count_if(all.begin(), all.end(), [&](const StoredJob& job) {
      return job.job.group == latest.first && next_action_at(job.retention).value() < latest.second;
    });
    if (static_cast<std::size_t>(earlier) > given[latest.first]) {
      disagree("due", "those longer overdue first", "group " + in_quotes(latest.first));
    }
  }
}

void Comparison::with_resource(const std::optional<std::string>& group,
                               const std::string& resource_id, std::size_t limit) {
  some_jobs("with_resource " + in_quotes(resource_id),
            reference_->with_resource(call_, project_, group, resource_id, kMaxJobsPerCall),
            real_.with_resource(call_, project_, group, resource_id, limit), limit);
}

}  // namespace purgatory::model
