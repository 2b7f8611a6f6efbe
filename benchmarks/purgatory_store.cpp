#include "benchmarks/purgatory_store.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace purgatory::benchmarks {
namespace {

constexpr std::uint64_t kMaxBytes = 8ULL << 30;
constexpr auto kUndo = std::chrono::days(1);

Call at(Time now) { return {now, std::chrono::steady_clock::now() + std::chrono::hours(1)}; }

Call at_end() { return at(Workload::end()); }

/// After every undo window that a benchmark opens.
Call much_later() { return at(Workload::end() + std::chrono::days(365)); }

PurgeNote note(std::string purge_id, std::string reason, Time now) {
  return {.purge_id = std::move(purge_id),
          .actor = "benchmark",
          .reason = std::move(reason),
          .rule = {},
          .undo_until = now + kUndo};
}

Selection selection(const Query& query) {
  Selection selection{
      query.group ? Scope::group(query.project, *query.group) : Scope::project(query.project), {}};
  selection.filter.failure_status = query.failure_status;
  return selection;
}

Config memory() {
  Config config;
  config.repository.backend = "memory";
  config.repository.options.set("max_bytes", kMaxBytes);
  return config;
}

}  // namespace

PurgatoryStore::PurgatoryStore(const Config& config) : repository_(open(config, host_)) {}

MemoryStore::MemoryStore() : PurgatoryStore(memory()) {}

void PurgatoryStore::record(std::span<const Sample> samples) {
  const std::string& project = samples.front().job.project;
  if (samples.size() == 1) {
    const Recording recording{&samples.front().job, &samples.front().stamp};
    repository_->record(at_end(), project, {&recording, 1}, {}, {});
    return;
  }
  std::vector<Recording> recordings;
  recordings.reserve(samples.size());
  for (const Sample& sample : samples) recordings.push_back({&sample.job, &sample.stamp});
  repository_->record(at_end(), project, recordings, {}, {});
}

bool PurgatoryStore::find(std::string_view project, std::string_view group,
                          std::string_view job_id) {
  return repository_->find(at_end(), project, group, job_id).has_value();
}

std::size_t PurgatoryStore::page(const Query& query, std::size_t limit) {
  return repository_->list(at_end(), selection(query), {}, limit).items.size();
}

std::uint64_t PurgatoryStore::count(std::string_view failure_status) {
  std::uint64_t jobs = 0;
  for (const std::string& project : projects()) {
    const Query query{project, {}, std::string(failure_status)};
    jobs +=
        repository_->count(at_end(), selection(query), std::numeric_limits<std::uint64_t>::max());
  }
  return jobs;
}

std::uint64_t PurgatoryStore::purge_group(std::string_view project, std::string_view group) {
  return detach(Scope::group(std::string(project), std::string(group)), new_purge_id());
}

std::uint64_t PurgatoryStore::purge_project(std::string_view project) {
  return detach(Scope::project(std::string(project)), new_purge_id());
}

std::uint64_t PurgatoryStore::purge_due(std::string_view project, Time now) {
  const PurgeNote age = note(new_purge_id(), "age", now);
  std::uint64_t removed = 0;
  std::vector<JobRef> refs;
  while (true) {
    const std::vector<StoredJob> due = repository_->due(at(now), project, kMaxJobsPerCall);
    if (due.empty()) return removed;
    refs.clear();
    for (const StoredJob& job : due) refs.push_back(ref_of(job));
    removed += repository_->remove(at(now), project, refs, age).removed;
  }
}

std::uint64_t PurgatoryStore::purge_all() {
  std::uint64_t jobs = 0;
  for (const std::string& project : projects()) jobs += purge_project(project);
  return jobs;
}

std::uint64_t PurgatoryStore::reclaim() {
  std::uint64_t jobs = 0;
  for (const std::string& project : projects()) {
    ReclaimResult slice;
    do {
      slice = repository_->reclaim(much_later(), project, Budget{});
      jobs += slice.jobs;
    } while (slice.more);
  }
  return jobs;
}

std::uint64_t PurgatoryStore::detach(const Scope& scope, const std::string& purge_id) {
  return repository_->detach(at_end(), scope, note(purge_id, "scope", Workload::end())).jobs;
}

std::uint64_t PurgatoryStore::restore(std::string_view project, const std::string& purge_id) {
  std::uint64_t jobs = 0;
  RestoreResult slice;
  do {
    slice = repository_->restore(at_end(), project, purge_id, Workload::end() + kUndo, {}, Budget{},
                                 slice.next);
    jobs += slice.restored;
  } while (slice.next);
  return jobs;
}

std::string PurgatoryStore::new_purge_id() const {
  return purgatory::new_purge_id(host_, Workload::end());
}

std::optional<double> PurgatoryStore::figure(std::string_view name) {
  const std::vector<Figure> figures = repository_->stats(at_end());
  const auto found = std::ranges::find(figures, name, &Figure::name);
  if (found == figures.end()) return {};
  return found->value;
}

std::vector<std::string> PurgatoryStore::projects() {
  std::vector<std::string> names;
  std::optional<std::string> next;
  do {
    auto page = repository_->projects(at_end(), next);
    for (ProjectInfo& info : page.items) names.push_back(std::move(info.project));
    next = std::move(page.next);
  } while (next);
  return names;
}

}  // namespace purgatory::benchmarks
