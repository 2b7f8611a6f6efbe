// Five minutes with Purgatory: real failed jobs are recorded, shown, purged, and brought back.
// What it prints is the same every day and on every backend: the clock stands still. Times go to
// stderr. Arguments: the directory of the data, and another configuration than the one in it.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "import.hpp"
#include "purgatory/purgatory.hpp"

namespace {

using namespace purgatory;
using std::chrono::days;
using std::chrono::sys_days;

constexpr Time kToday = sys_days(std::chrono::year(2026) / 11 / 24);
constexpr std::chrono::hours kUndoWindow{24};

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

/// The whole tour, on one repository.
class Tour {
 public:
  Tour(FailedJobRepository& repository, const Host& host) : repository_(repository), host_(host) {}

  /// Records all jobs; a call takes those of one project, at most 1000.
  std::size_t record(const std::vector<FailedJob>& jobs) {
    std::map<std::string, std::vector<Recording>> by_project;
    for (const FailedJob& job : jobs) by_project[job.project].push_back({&job, &kept_for_ever_});
    for (const auto& [project, recordings] : by_project) {
      for (std::size_t begin = 0; begin < recordings.size(); begin += kMaxJobsPerCall) {
        const std::size_t size = std::min(kMaxJobsPerCall, recordings.size() - begin);
        repository_.record(begin_call(host_), project, std::span(recordings).subspan(begin, size),
                           {}, {});
      }
    }
    return jobs.size();
  }

  void show_groups() {
    fmt::print("  {:<34}{:<38}{:>5}  {:<18}{:<18}\n", "project", "group", "jobs", "oldest",
               "newest");
    const Call call = begin_call(host_);
    for (const ProjectInfo& info : repository_.projects(call, {}).items) {
      for (const PartitionInfo& partition : repository_.partitions(call, info.project).partitions) {
        fmt::print("  {:<34}{:<38}{:>5}  {:<18}{:<18}\n", info.project, group_name(partition.group),
                   partition.jobs, date(partition.oldest), date(partition.newest));
      }
    }
  }

  void show_newest(const Scope& scope, std::size_t how_many) {
    for (const StoredJob& stored :
         repository_.list(begin_call(host_), {scope, {}}, {}, how_many).items) {
      const FailedJob& job = stored.job;
      fmt::print("  {}  {:<24} {:<10} {}\n", date(job.failed_at), job.job_type, job.error_code,
                 job.fail_reason.substr(0, 60));
    }
  }

  std::uint64_t count(const Scope& scope) {
    return repository_.count(begin_call(host_), {scope, {}}, ~std::uint64_t{0});
  }

  Receipt purge(const Scope& scope) {
    const Call call = begin_call(host_);
    return repository_.detach(call, scope,
                              {.purge_id = new_purge_id(host_, call.now),
                               .actor = "tour",
                               .reason = "scope",
                               .rule = {},
                               .undo_until = call.now + kUndoWindow});
  }

  RestoreResult restore(const std::string& project, const std::string& purge_id) {
    const Call call = begin_call(host_);
    const Budget all{.jobs = 10'000, .bytes = 1ULL << 30U, .time = std::chrono::seconds(5)};
    return repository_.restore(call, project, purge_id, call.now + kUndoWindow, {}, all, {});
  }

  void show_trash(const std::string& project) {
    for (const Pile& pile : repository_.piles(begin_call(host_), project, {}).items) {
      fmt::print("  purge {}: {} jobs, {} bytes, can be undone until {}\n", pile.purge_id,
                 pile.jobs, pile.bytes, date(pile.undo_until));
    }
  }

  void show_journal(const std::string& project) {
    for (const JournalEntry& entry : repository_.journal(begin_call(host_), project, {}).items) {
      fmt::print("  {}  purge {} by {}: {} jobs purged, {} restored\n", date(entry.at),
                 entry.purge_id, entry.actor, entry.jobs, entry.restored);
    }
  }

 private:
  FailedJobRepository& repository_;
  const Host& host_;
  const Stamp kept_for_ever_;
};

void run(const std::filesystem::path& data, const std::filesystem::path& config) {
  Host host;
  host.clock = [] { return kToday; };
  host.random = [] { return 0x5eed; };
  const auto repository = open(Config::load(config), host);
  Tour tour(*repository, host);

  headline("1. Record: failed jobs of a message queue and of a disaster-recovery service.");
  std::size_t recorded = 0;
  for (const char* name : {"queue-failures.jsonl", "sdrs-failures.jsonl"}) {
    const auto jobs =
        timed(fmt::format("read {}", name), [&] { return tour::import_jobs(data / name); });
    recorded +=
        timed(fmt::format("record {} jobs", jobs.size()), [&] { return tour.record(jobs); });
  }
  fmt::print("  {} failed jobs are kept, by project and group:\n\n", recorded);
  tour.show_groups();

  const std::string project = "151ae673a73f4dcfac16bafb0ac8f197";
  const Scope level = Scope::project_level(project);
  const Scope all = Scope::project(project);
  headline(
      fmt::format("2. Look: the newest of the protection-group level of project {}.", project));
  tour.show_newest(level, 3);

  const std::uint64_t before = tour.count(all);
  headline("3. Purge: delete all failed jobs of that level. One step, whatever their number.");
  const Receipt receipt = timed("purge", [&] { return tour.purge(level); });
  fmt::print("  went:   {:>4} jobs ({} bytes), purge {}\n", receipt.jobs, receipt.bytes,
             receipt.purge_id);
  fmt::print("  stayed: {:>4} jobs of the project's groups, of {} before\n", tour.count(all),
             before);
  tour.show_trash(project);

  headline("4. A job fails right after: a purge never takes what comes after it.");
  FailedJob late{.project = project,
                 .group = {},
                 .job_id = "recorded-after-the-purge",
                 .job_type = "createServerGroup",
                 .resource_type = "server_groups",
                 .resource_id = {},
                 .resource_name = {},
                 .failure_status = "createFail",
                 .error_code = "SDRS.1013",
                 .fail_reason = "Failed to create the protection group.",
                 .labels = {},
                 .failed_at = kToday,
                 .payload = {}};
  timed("record 1 job", [&] { return tour.record({late}); });
  fmt::print("  the protection-group level now has {} job:\n", tour.count(level));
  tour.show_newest(level, 3);

  headline("5. Undo: within 24 hours a purge can be taken back.");
  const RestoreResult restored =
      timed("restore", [&] { return tour.restore(project, receipt.purge_id); });
  fmt::print(
      "  {} jobs are back; the level has {} now, the project {} (it had {}, and one failed "
      "since)\n",
      restored.restored, tour.count(level), tour.count(all), before);

  headline("6. The journal remembers both.");
  tour.show_journal(project);
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
