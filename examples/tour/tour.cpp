// Five minutes with Purgatory: real failed jobs are recorded, shown, purged, and brought back.
// What it prints is the same every day and on every backend: the clock stands still. Times go to
// stderr. Arguments: the directory of the data, and another configuration than the one in it.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "purgatory/purgatory.hpp"

namespace {

using namespace purgatory;
using std::chrono::sys_days;

constexpr Time kToday = sys_days(std::chrono::year(2026) / 11 / 24);

/// Runs a step and says on stderr how long it took.
template <typename Step>
auto timed(std::string_view what, Step step) {
  const auto begin = std::chrono::steady_clock::now();
  auto result = step();
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
  fmt::print(stderr, "  [{:>9.1f} us] {}\n", took.count(), what);
  return result;
}

void headline(std::string_view text) { fmt::print("\n{}\n", text); }

std::string group_name(const std::string& group) {
  return group.empty() ? "(project level)" : group;
}

std::string date(Time time) {
  return fmt::format("{:%Y-%m-%d %H:%M}",
                     fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time)));
}

/// Reads JSON lines, one job each.
std::vector<FailedJob> read_jobs(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  std::vector<FailedJob> jobs;
  for (std::string line; std::getline(in, line);) jobs.push_back(json_lines::parse(line));
  return jobs;
}

void show_groups(const FailedJobs& jobs) {
  fmt::print("  {:<34}{:<38}{:>5}  {:<18}{:<18}\n", "project", "group", "jobs", "oldest", "newest");
  for (const std::string& project : jobs.projects()) {
    for (const PartitionInfo& info : jobs.partitions(project).partitions) {
      fmt::print("  {:<34}{:<38}{:>5}  {:<18}{:<18}\n", project, group_name(info.group), info.jobs,
                 date(info.oldest), date(info.newest));
    }
  }
}

void show_newest(const FailedJobs& jobs, const Scope& scope) {
  for (const StoredJob& stored : jobs.list({scope, {}}, {}, 3).items) {
    const FailedJob& job = stored.job;
    fmt::print("  {}  {:<24} {:<10} {}\n", date(job.failed_at), job.job_type, job.error_code,
               job.fail_reason.substr(0, 60));
  }
}

void show_trash(const FailedJobs& jobs, const std::string& project) {
  for (const Pile& pile : jobs.trash(project)) {
    fmt::print("  purge {}: {} jobs, {} bytes, can be undone until {}\n", pile.purge_id, pile.jobs,
               pile.bytes, date(pile.undo_until));
  }
}

void show_journal(const FailedJobs& jobs, const std::string& project) {
  for (const JournalEntry& entry : jobs.journal(project).items) {
    fmt::print("  {}  purge {} by {}: {} jobs purged, {} restored\n", date(entry.at),
               entry.purge_id, entry.actor, entry.jobs, entry.restored);
  }
}

void run(const std::filesystem::path& data, const std::filesystem::path& config) {
  Host host;
  host.clock = [] { return kToday; };
  host.random = [] { return 0x5eed; };
  FailedJobs jobs = FailedJobs::open(config, host);

  headline("1. Record: failed jobs of a message queue and of a disaster-recovery service.");
  std::size_t recorded = 0;
  for (const char* name : {"queue-failures.jsonl", "sdrs-failures.jsonl"}) {
    const auto failed = timed(fmt::format("read {}", name), [&] { return read_jobs(data / name); });
    timed(fmt::format("record {} jobs", failed.size()), [&] { return jobs.record(failed); });
    recorded += failed.size();
  }
  fmt::print("  {} failed jobs are kept, by project and group:\n\n", recorded);
  show_groups(jobs);

  const std::string project = "151ae673a73f4dcfac16bafb0ac8f197";
  const Scope level = Scope::project_level(project);
  const Scope all = Scope::project(project);
  headline(
      fmt::format("2. Look: the newest of the protection-group level of project {}.", project));
  show_newest(jobs, level);

  const std::uint64_t before = jobs.count({all, {}});
  headline("3. Purge: delete all failed jobs of that level. One step, whatever their number.");
  const Receipt receipt = timed("purge", [&] { return jobs.purge(level, Actor{"tour"}); });
  fmt::print("  went:   {:>4} jobs ({} bytes), purge {}\n", receipt.jobs, receipt.bytes,
             receipt.purge_id);
  fmt::print("  stayed: {:>4} jobs of the project's groups, of {} before\n", jobs.count({all, {}}),
             before);
  show_trash(jobs, project);

  headline("4. A job fails right after: a purge never takes what comes after it.");
  FailedJob late;
  late.project = project;
  late.job_id = "recorded-after-the-purge";
  late.job_type = "createServerGroup";
  late.resource_type = "server_groups";
  late.failure_status = "createFail";
  late.error_code = "SDRS.1013";
  late.fail_reason = "Failed to create the protection group.";
  late.failed_at = kToday;
  timed("record 1 job", [&] { return jobs.record(late); });
  fmt::print("  the protection-group level now has {} job:\n", jobs.count({level, {}}));
  show_newest(jobs, level);

  headline("5. Undo: within 24 hours a purge can be taken back.");
  const RestoreResult restored =
      timed("restore", [&] { return jobs.restore(project, receipt.purge_id); });
  fmt::print(
      "  {} jobs are back; the level has {} now, the project {} (it had {}, and one failed "
      "since)\n",
      restored.restored, jobs.count({level, {}}), jobs.count({all, {}}), before);

  headline("6. The journal remembers both.");
  show_journal(jobs, project);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::filesystem::path data = argc > 1 ? argv[1] : "examples/data";
    run(data, argc > 2 ? std::filesystem::path(argv[2]) : data / "purgatory.yaml");
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "tour: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
