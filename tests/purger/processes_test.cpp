// Several processes with a policy on one file.

#include <unistd.h>

#include <csignal>
#include <deque>
#include <map>
#include <thread>

#include "tests/contract/backends.hpp"
#include "tests/contract/threads.hpp"
#include "tests/file/child.hpp"
#include "tests/processes/temporary_directory.hpp"
#include "tests/purger/fixture.hpp"

namespace purgatory::purger_test {
namespace {

constexpr std::size_t kProcesses = 4;

/// A store that is memory has one process.
bool has_processes() { return contract::selected_backend().plugin == "file"; }

FailedJobs open_at(const std::filesystem::path& directory, Policy policy,
                   milliseconds every = minutes(1)) {
  Config config = config_at(directory);
  config.retention.policy = std::move(policy);
  config.purger.every = every;
  config.purger.jitter = 0;
  config.purger.lease = seconds(1);
  config.purger.time_budget = minutes(1);
  return FailedJobs::open(config);
}

/// A job that failed so many seconds before now.
FailedJob failed_ago(const std::string& id, seconds ago) {
  FailedJob job = a_job(id).fields;
  job.failed_at = Host::system_clock() - ago;
  return job;
}

std::uint64_t count_at(const std::filesystem::path& directory) {
  return open_at(directory, {}).count({whole_project(), {}});
}

/// What the journal says was purged, by reason.
std::map<std::string, std::uint64_t> purged_at(const std::filesystem::path& directory) {
  std::map<std::string, std::uint64_t> purged;
  const FailedJobs jobs = open_at(directory, {});
  for (const JournalEntry& entry : jobs.journal(kProject).items) purged[entry.reason] += entry.jobs;
  return purged;
}

TEST_CASE("a cap is exact with many processes") {
  if (!has_processes()) return;
  const auto bound = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{100});
  constexpr std::size_t kJobs = 1200;
  const processes::TemporaryDirectory directory;
  { const FailedJobs made = open_at(directory.path(), {}); }
  std::deque<file_test::Child> children;
  for (std::size_t process = 0; process < kProcesses; ++process) {
    children.emplace_back([&, process] {
      FailedJobs jobs = open_at(directory.path(), {.caps = {{.keep_last = bound}}});
      std::string exceeded;
      for (std::size_t i = process; i < kJobs; i += kProcesses) {
        const std::size_t job = i * 7919 % kJobs;
        FailedJob failed =
            a_job(contract::four_digits(job)).failed_at(static_cast<std::int64_t>(job)).fields;
        jobs.record(failed);
        if (jobs.count({whole_project(), {}}) > bound) exceeded = "exceeded";
      }
      return exceeded;
    });
  }
  for (file_test::Child& child : children) CHECK(child.answer().empty());

  FailedJobs jobs = open_at(directory.path(), {});
  IdSet expected;
  for (std::size_t i = kJobs - bound; i < kJobs; ++i) expected.insert(contract::four_digits(i));
  IdSet live;
  for (const StoredJob& stored : jobs.list({whole_project(), {}}, {}, 1000).items) {
    live.insert(stored.job.job_id);
  }
  CHECK(live == expected);
  CHECK(purged_at(directory.path()).at("caps") == kJobs - bound);
}

TEST_CASE("several processes with one policy purge each job once") {
  if (!has_processes()) return;
  const processes::TemporaryDirectory directory;
  { const FailedJobs made = open_at(directory.path(), {}); }
  constexpr std::size_t kJobsPerProcess = 500;
  std::deque<file_test::Child> children;
  for (std::size_t process = 0; process < kProcesses; ++process) {
    children.emplace_back([&, process] {
      FailedJobs jobs = open_at(directory.path(), keep_all_for(hours(1)), milliseconds(1));
      jobs.start();
      for (std::size_t i = 0; i < kJobsPerProcess; ++i) {
        jobs.record(failed_ago(numbered(process, i), hours(2)));
      }
      const auto end = std::chrono::steady_clock::now() + minutes(1);
      while (jobs.count({whole_project(), {}}) > 0 && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
      }
      return std::string();
    });
  }
  for (file_test::Child& child : children) CHECK(child.answer().empty());
  CHECK(count_at(directory.path()) == 0);
  CHECK(purged_at(directory.path()).at("age") == kProcesses * kJobsPerProcess);
}

TEST_CASE("two processes with two policies: the later one's holds, nothing is purged early") {
  if (!has_processes()) return;
  const processes::TemporaryDirectory directory;
  const Policy shorter = keep_all_for(hours(1), "shorter");
  const Policy longer = keep_all_for(hours(10), "longer");
  {
    FailedJobs jobs = open_at(directory.path(), shorter);
    std::vector<FailedJob> some;
    for (std::size_t i = 0; i < 500; ++i) some.push_back(failed_ago(numbered("j", i), hours(2)));
    jobs.record(some);
    jobs.activate_policy(kAlice);
  }
  // The longer policy is activated before the shorter one's purger begins; both run for a while.
  open_at(directory.path(), longer).activate_policy(kAlice);
  const auto run = [&](const Policy& policy, bool activate) {
    return [&directory, policy, activate] {
      FailedJobs jobs = open_at(directory.path(), policy);
      std::string states;
      for (int i = 0; i < 200; ++i) {
        const RunResult result = jobs.run_due({.activate = activate});
        if (result.purged > 0) states += "purged ";
        if (result.error) states += result.error->what();
      }
      return states;
    };
  };
  {
    file_test::Child superseded(run(shorter, false));
    file_test::Child active(run(longer, true));
    CHECK(superseded.answer().empty());
    CHECK(active.answer().empty());
  }
  CHECK(count_at(directory.path()) == 500);
  const FailedJobs jobs = open_at(directory.path(), longer);
  CHECK(jobs.active_policy()->hash == longer.hash());
  CHECK(jobs.active_policy()->actor == "alice");
  for (const StoredJob& stored : jobs.list({whole_project(), {}}, {}, 1000).items) {
    CHECK(stored.retention.stamp.rule == "longer");
  }
}

TEST_CASE("a purger that is killed while it restamps is gone on with by the next one") {
  if (!has_processes()) return;
  const processes::TemporaryDirectory directory;
  constexpr std::size_t kJobs = 3000;
  const Policy policy = keep_all_for(hours(10), "new");
  {
    FailedJobs jobs = open_at(directory.path(), {});
    std::vector<FailedJob> some;
    for (std::size_t i = 0; i < kJobs; ++i) some.push_back(failed_ago(numbered("j", i), hours(2)));
    jobs.record(some);
  }
  const auto restamped = [&] {
    return open_at(directory.path(), {}).count({whole_project(), stamped_by("new")});
  };
  std::uint64_t before = 0;
  int kills = 0;
  for (; kills < 5 && before < kJobs; ++kills) {
    file_test::Child child([&] {
      FailedJobs jobs = open_at(directory.path(), policy);
      const Time end = Host::system_clock() + minutes(1);
      while (Host::system_clock() < end) {
        if (jobs.run_due({.time_budget = milliseconds(1)}).restamped > 0)
          ::kill(::getpid(), SIGKILL);
      }
      return std::string("nothing was restamped");
    });
    CHECK(child.answer() == " (and it crashed)");
    const std::uint64_t now = restamped();
    CHECK(now > before);
    before = now;
  }
  CHECK(kills > 1);
  FailedJobs jobs = open_at(directory.path(), policy);
  const Time end = Host::system_clock() + minutes(1);
  std::uint64_t last = 0;
  while (restamped() < kJobs && Host::system_clock() < end) last += jobs.run_due().restamped;
  CHECK(restamped() == kJobs);
  CHECK(last == kJobs - before);
}

}  // namespace
}  // namespace purgatory::purger_test
