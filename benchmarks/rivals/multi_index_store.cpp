#include "benchmarks/rivals/multi_index_store.hpp"

#include <algorithm>
#include <iterator>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace purgatory::benchmarks::rivals {
namespace {

template <typename Index, typename Range>
std::uint64_t erase(Index& index, const Range& range) {
  const std::size_t before = index.size();
  index.erase(range.first, range.second);
  return before - index.size();
}

bool matches(const Query& query, const Summary& summary) {
  return !query.failure_status || summary.failure_status == *query.failure_status;
}

}  // namespace

void MultiIndexStore::record(const Sample& sample) {
  Job job{identity_of(sample.job), details_of(sample)};
  const std::scoped_lock lock(mutex_);
  insert_or_replace(std::move(job));
}

void MultiIndexStore::record(std::span<const Sample> samples) {
  std::vector<Job> copies;
  copies.reserve(samples.size());
  for (const Sample& sample : samples) {
    copies.push_back({identity_of(sample.job), details_of(sample)});
  }
  const std::scoped_lock lock(mutex_);
  for (Job& job : copies) insert_or_replace(std::move(job));
}

void MultiIndexStore::insert_or_replace(Job job) {
  auto& index = jobs_.get<ByIdentity>();
  const auto [place, inserted] = index.insert(std::move(job));
  if (!inserted && place->details.summary.failed_at <= job.details.summary.failed_at) {
    index.replace(place, std::move(job));
  }
}

bool MultiIndexStore::find(std::string_view project, std::string_view group,
                           std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  const auto& index = jobs_.get<ByIdentity>();
  const auto found = index.find(IdentityView(project, group, job_id));
  if (found == index.end()) return false;
  const Details copy = found->details;
  return !copy.summary.job_type.empty();
}

std::size_t MultiIndexStore::page(const Query& query, std::size_t limit) {
  std::vector<Listed> page;
  page.reserve(limit);
  const std::scoped_lock lock(mutex_);
  if (query.group) {
    walk_group(query, limit, page);
  } else {
    walk_project(query, limit, page);
  }
  return page.size();
}

void MultiIndexStore::walk_group(const Query& query, std::size_t limit,
                                 std::vector<Listed>& page) const {
  const TimeIndex& index = jobs_.get<ByTime>();
  const auto [first, last] = index.equal_range(std::make_tuple(query.project, *query.group));
  for (auto job = last; job != first && page.size() < limit;) {
    --job;
    if (matches(query, job->details.summary)) {
      page.push_back({job->identity, job->details.summary});
    }
  }
}

void MultiIndexStore::walk_project(const Query& query, std::size_t limit,
                                   std::vector<Listed>& page) const {
  struct Walk {
    TimeIndex::const_iterator newest;
    TimeIndex::const_iterator first;

    bool operator<(const Walk& other) const {
      return newer(other.newest->details.summary.failed_at, other.newest->identity,
                   newest->details.summary.failed_at, newest->identity);
    }
  };
  const TimeIndex& index = jobs_.get<ByTime>();
  std::priority_queue<Walk> walks;
  const auto end = index.upper_bound(query.project);
  for (auto first = index.lower_bound(query.project); first != end;) {
    const auto next = index.upper_bound(std::make_tuple(query.project, first->identity.group));
    walks.push({std::prev(next), first});
    first = next;
  }
  while (!walks.empty() && page.size() < limit) {
    Walk walk = walks.top();
    walks.pop();
    if (matches(query, walk.newest->details.summary)) {
      page.push_back({walk.newest->identity, walk.newest->details.summary});
    }
    if (walk.newest != walk.first) walks.push({--walk.newest, walk.first});
  }
}

std::uint64_t MultiIndexStore::count(std::string_view failure_status) {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::uint64_t>(std::ranges::count_if(
      jobs_.get<ByIdentity>(),
      [&](const Job& job) { return job.details.summary.failure_status == failure_status; }));
}

std::uint64_t MultiIndexStore::purge_group(std::string_view project, std::string_view group) {
  const std::scoped_lock lock(mutex_);
  auto& index = jobs_.get<ByTime>();
  return erase(index, index.equal_range(std::make_tuple(project, group)));
}

std::uint64_t MultiIndexStore::purge_project(std::string_view project) {
  const std::scoped_lock lock(mutex_);
  auto& index = jobs_.get<ByTime>();
  return erase(index, index.equal_range(project));
}

std::uint64_t MultiIndexStore::purge_due(std::string_view project, Time now) {
  const std::scoped_lock lock(mutex_);
  auto& index = jobs_.get<ByDue>();
  return erase(index, std::pair(index.lower_bound(project),
                                index.upper_bound(std::make_tuple(project, now))));
}

std::uint64_t MultiIndexStore::purge_all() {
  Jobs purged;
  {
    const std::scoped_lock lock(mutex_);
    purged.swap(jobs_);
  }
  return purged.size();
}

}  // namespace purgatory::benchmarks::rivals
