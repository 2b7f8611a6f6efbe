#include "tests/crash/observation.hpp"

#include <algorithm>

#include "tests/crash/names.hpp"

namespace purgatory::crash {
namespace {

template <typename Cursor, typename NextPage, typename Visit>
void walk(const NextPage& next_page, const Visit& visit) {
  std::optional<Cursor> after;
  do {
    auto page = next_page(after);
    for (const auto& item : page.items) visit(item);
    after = std::move(page.next);
  } while (after);
}

class Observer {
 public:
  Observer(FailedJobRepository& repository, const Call& call, std::size_t drivers)
      : repository_(repository), call_(call), drivers_(drivers) {
    observation_.facts.resize(drivers);
  }

  Observation observe() {
    walk<std::string>([&](const auto& after) { return repository_.projects(call_, after); },
                      [&](const ProjectInfo& info) { observe_project(info.project); });
    for (std::size_t driver = 0; driver < drivers_; ++driver) {
      const std::string name = owned(driver, kSetting);
      if (auto value = repository_.setting(call_, name)) {
        observation_.facts[driver][{"setting", "", name}] = *std::move(value);
      }
    }
    check();
    return std::move(observation_);
  }

 private:
  Facts& facts_of(const std::string& project, const std::string& name) {
    return observation_.facts.at(owner(project, name));
  }

  void fault_unless(bool sound, const std::string& what) {
    if (!sound) observation_.faults.push_back(what);
  }

  void observe_project(const std::string& project) {
    std::map<std::string, PartitionInfo> counted;
    walk<ListCursor>(
        [&](const auto& after) {
          return repository_.list(call_, {Scope::project(project), {}}, after, 1000);
        },
        [&](const StoredJob& listed) { observe_job(listed, counted); });
    compare_counters(project, counted);
    walk<std::string>([&](const auto& after) { return repository_.piles(call_, project, after); },
                      [&](const Pile& pile) { observe_pile(project, pile); });
    walk<JournalCursor>(
        [&](const auto& after) { return repository_.journal(call_, project, after); },
        [&](const JournalEntry& entry) {
          add_journal(facts_of(project, entry.purge_id), project, entry);
        });
  }

  void observe_job(StoredJob listed, std::map<std::string, PartitionInfo>& counted) {
    const FailedJob& job = listed.job;
    auto found = repository_.find(call_, job.project, job.group, job.job_id);
    if (!found) return fault_unless(false, "listed and not found: " + job.job_id);
    add_job(facts_of(job.project, job.group), {found->job, found->retention, found->recorded_at});
    PartitionInfo& info = counted[job.group];
    ++info.jobs;
    info.bytes += logical_bytes(found->job);
    info.held += held(found->retention) ? 1 : 0;
    found->job.payload.clear();
    fault_unless(*found == listed, "listed and found differ: " + job.job_id);
  }

  void compare_counters(const std::string& project, std::map<std::string, PartitionInfo>& counted) {
    for (const PartitionInfo& info : repository_.partitions(call_, project).partitions) {
      const PartitionInfo& right = counted[info.group];
      fault_unless(info.jobs == right.jobs && info.bytes == right.bytes && info.held == right.held,
                   "counters of " + project + " '" + info.group + "'");
      counted.erase(info.group);
    }
    fault_unless(counted.empty(), "a partition of " + project + " is not counted");
  }

  void observe_pile(const std::string& project, const Pile& pile) {
    Facts& facts = facts_of(project, pile.purge_id);
    add_pile(facts, project, pile);
    Pile walked;
    walk<PileCursor>(
        [&](const auto& after) { return repository_.trash(call_, project, pile.purge_id, after); },
        [&](const StoredJob& trashed) {
          add_trash(facts, pile.purge_id, {trashed.job, trashed.retention, trashed.recorded_at});
          ++walked.jobs;
          walked.bytes += logical_bytes(trashed.job);
        });
    fault_unless(pile.jobs == walked.jobs && pile.bytes == walked.bytes,
                 "counters of pile " + pile.purge_id);
  }

  void check() {
    std::optional<std::string> after;
    do {
      CheckResult slice = repository_.check(call_, after, {});
      for (const Finding& finding : slice.findings) {
        observation_.faults.push_back("check: " + finding.where + ": " + finding.what);
      }
      after = std::move(slice.next);
    } while (after);
  }

  FailedJobRepository& repository_;
  Call call_;
  std::size_t drivers_;
  Observation observation_;
};

}  // namespace

Observation observe(FailedJobRepository& repository, const Call& call, std::size_t drivers) {
  return Observer(repository, call, drivers).observe();
}

}  // namespace purgatory::crash
