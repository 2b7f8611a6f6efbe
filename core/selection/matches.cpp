#include "purgatory/selection.hpp"

namespace purgatory {
namespace {

bool equals(const std::optional<std::string>& wanted, std::string_view text) noexcept {
  return !wanted || *wanted == text;
}

bool like(const std::optional<std::string>& wanted, bool literal, std::string_view text) noexcept {
  return !wanted || (literal ? *wanted == text : glob_match(*wanted, text));
}

}  // namespace

bool Filter::empty() const {
  Filter nothing;
  nothing.literal = literal;
  return *this == nothing;
}

bool matches(const Filter& filter, const FilterView& job) noexcept {
  return (!filter.held || *filter.held == job.held) &&
         (!filter.resolved || *filter.resolved == job.resolved) &&
         (!filter.failed_from || job.failed_at >= *filter.failed_from) &&
         (!filter.failed_before || job.failed_at < *filter.failed_before) &&
         equals(filter.failure_status, job.failure_status) &&
         equals(filter.resource_type, job.resource_type) &&
         equals(filter.resource_id, job.resource_id) && equals(filter.rule, job.rule) &&
         like(filter.job_type, filter.literal, job.job_type) &&
         like(filter.error_code, filter.literal, job.error_code) &&
         like(filter.resource_name, filter.literal, job.resource_name);
}

bool matches(const Filter& filter, const StoredJob& stored) noexcept {
  const FailedJob& job = stored.job;
  return matches(filter, FilterView{.failure_status = job.failure_status,
                                    .resource_type = job.resource_type,
                                    .resource_id = job.resource_id,
                                    .job_type = job.job_type,
                                    .error_code = job.error_code,
                                    .resource_name = job.resource_name,
                                    .rule = stored.retention.stamp.rule,
                                    .failed_at = job.failed_at,
                                    .held = held(stored.retention),
                                    .resolved = stored.retention.resolved_at.has_value()});
}

bool glob_match(std::string_view pattern, std::string_view text) noexcept {
  std::size_t at_pattern = 0;
  std::size_t at_text = 0;
  std::size_t star = std::string_view::npos;  // the last '*' seen, and where its run ends so far
  std::size_t run_end = 0;
  while (at_text < text.size()) {
    if (at_pattern < pattern.size() && pattern[at_pattern] == '*') {
      star = at_pattern++;
      run_end = at_text;
    } else if (at_pattern < pattern.size() &&
               (pattern[at_pattern] == '?' || pattern[at_pattern] == text[at_text])) {
      ++at_pattern;
      ++at_text;
    } else if (star != std::string_view::npos) {
      at_pattern = star + 1;
      at_text = ++run_end;
    } else {
      return false;
    }
  }
  while (at_pattern < pattern.size() && pattern[at_pattern] == '*') ++at_pattern;
  return at_pattern == pattern.size();
}

}  // namespace purgatory
