#include "benchmarks/rivals/scan_store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace purgatory::benchmarks::rivals {

void ScanStore::record(const Sample& sample) {
  // The copies are made before the lock is taken, so that others wait for the insertion alone.
  Identity identity = identity_of(sample.job);
  Details details = details_of(sample);
  const std::scoped_lock lock(mutex_);
  insert_or_replace(std::move(identity), std::move(details));
}

void ScanStore::record(std::span<const Sample> samples) {
  std::vector<std::pair<Identity, Details>> copies;
  copies.reserve(samples.size());
  for (const Sample& sample : samples) {
    copies.emplace_back(identity_of(sample.job), details_of(sample));
  }
  const std::scoped_lock lock(mutex_);
  for (auto& [identity, details] : copies) {
    insert_or_replace(std::move(identity), std::move(details));
  }
}

void ScanStore::insert_or_replace(Identity identity, Details details) {
  const auto [place, inserted] = jobs_.try_emplace(std::move(identity), std::move(details));
  if (!inserted && place->second.summary.failed_at <= details.summary.failed_at) {
    place->second = std::move(details);
  }
}

bool ScanStore::find(std::string_view project, std::string_view group, std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = jobs_.find(IdentityView(project, group, job_id));
  if (found == jobs_.end()) return false;
  const Details copy = found->second;
  return !copy.summary.job_type.empty();
}

std::size_t ScanStore::page(const Query& query, std::size_t limit) {
  std::vector<const Jobs::value_type*> matching;
  std::vector<Listed> page;
  const std::scoped_lock lock(mutex_);
  for (const auto& job : jobs_) {
    if (job.first.project != query.project) continue;
    if (query.group && job.first.group != *query.group) continue;
    if (query.failure_status && job.second.summary.failure_status != *query.failure_status) {
      continue;
    }
    matching.push_back(&job);
  }
  const std::size_t size = std::min(limit, matching.size());
  const auto page_end = matching.begin() + static_cast<std::ptrdiff_t>(size);
  std::ranges::partial_sort(matching, page_end, [](const auto* left, const auto* right) {
    return newer(left->second.summary.failed_at, left->first, right->second.summary.failed_at,
                 right->first);
  });
  page.reserve(size);
  std::ranges::transform(matching.begin(), page_end, std::back_inserter(page), [](const auto* job) {
    return Listed{job->first, job->second.summary};
  });
  return page.size();
}

std::uint64_t ScanStore::count(std::string_view failure_status) {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::uint64_t>(std::ranges::count_if(
      jobs_, [&](const auto& job) { return job.second.summary.failure_status == failure_status; }));
}

std::uint64_t ScanStore::purge_group(std::string_view project, std::string_view group) {
  const std::scoped_lock lock(mutex_);
  return std::erase_if(jobs_, [&](const auto& job) {
    return job.first.group == group && job.first.project == project;
  });
}

std::uint64_t ScanStore::purge_project(std::string_view project) {
  const std::scoped_lock lock(mutex_);
  return std::erase_if(jobs_, [&](const auto& job) { return job.first.project == project; });
}

std::uint64_t ScanStore::purge_due(std::string_view project, Time now) {
  const std::scoped_lock lock(mutex_);
  return std::erase_if(jobs_, [&](const auto& job) {
    return job.first.project == project && job.second.summary.purge_after <= now;
  });
}

std::uint64_t ScanStore::purge_all() {
  Jobs purged;
  {
    const std::scoped_lock lock(mutex_);
    purged.swap(jobs_);
  }
  return purged.size();
}

}  // namespace purgatory::benchmarks::rivals
