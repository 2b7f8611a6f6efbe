// A process that archives and frees is killed before each step that it takes with a file, of the
// store's or of an archive's, and another one goes on: each job is in its archive, once.

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <stdexcept>

#include "tests/archive/content.hpp"
#include "tests/archive/kill.hpp"
#include "tests/contract/fixture.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace purgatory::archive_test {
namespace {

using contract::a_job;
using contract::Ids;

constexpr std::size_t kJobs = 5;  // three ranges
constexpr int kMostSteps = 5000;

/// Runs the worker. True: it ended by itself and was content; false: it was killed.
bool run_worker(const fs::path& store, const fs::path& archives,
                std::vector<std::string> environment) {
  std::vector<std::string> command{PURGATORY_ARCHIVE_WORKER, store, archives};
  const auto pointers_to = [](std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  };
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }
  pid_t process = -1;
  int status = 0;
  if (::posix_spawn(&process, PURGATORY_ARCHIVE_WORKER, nullptr, nullptr,
                    pointers_to(command).data(), pointers_to(environment).data()) != 0 ||
      ::waitpid(process, &status, 0) != process) {
    throw std::runtime_error("the worker cannot be run");
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return false;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error("the worker failed");
  return true;
}

/// 0: it is not killed.
std::vector<std::string> killed_at(int step) {
  return {"LD_PRELOAD=" PURGATORY_KILL_AT_STEP, "PURGATORY_KILL_AT=" + std::to_string(step)};
}

std::unique_ptr<FailedJobRepository> open_at(const fs::path& store, Host& host, Time now) {
  host.clock = [now] { return now; };
  return open(config_of(store), host);
}

/// A store whose only purge waits for two archives: "0", "2" and "4" for the one, "1" for the
/// other, "3" for none.
void make_store(const fs::path& path) {
  Host host;
  const contract::Store store(open_at(path, host, kPurgeTime));
  std::vector<contract::NewJob> jobs;
  for (std::size_t i = 0; i < kJobs; ++i) {
    contract::NewJob job = a_job(std::to_string(i)).archive(i % 2 == 0 ? "cold" : "plain");
    if (i == 3) job.archive("");
    job.fields.failed_at = kPurgeTime - std::chrono::minutes(i);
    jobs.push_back(job);
  }
  store.record(jobs);
  store->detach(begin_call(host), contract::whole_project(),
                {.purge_id = "purge",
                 .actor = "alice",
                 .reason = "tidy up",
                 .rule = "",
                 .undo_until = kWorkerTime});
}

/// What the killed ones have left, over all kills: else the kills came at no moment that matters.
struct Seen {
  bool temporary = false;        ///< A file that had not got its name.
  bool without_sidecar = false;  ///< A segment that was not committed.
  bool one_archive = false;      ///< A range that only one archive had.
  bool not_said = false;         ///< All was archived, and the store did not know.
  bool half_freed = false;       ///< The store knew, and the jobs were not all freed.
};

bool exists(const std::vector<std::string>& files, std::string_view name) {
  return std::ranges::find(files, std::string("shop/purge/").append(name)) != files.end();
}

/// What was left is whole as far as it counts.
void look_at(const fs::path& store, const fs::path& archives, Seen& seen) {
  static_cast<void>(ids_in(archives / "cold"));
  static_cast<void>(ids_in(archives / "plain"));
  const auto cold = files_in(archives / "cold");
  const auto plain = files_in(archives / "plain");
  const auto is_hidden = [](const std::string& file) { return file.find("/.") < file.size(); };
  seen.temporary = seen.temporary || std::ranges::any_of(cold, is_hidden);
  seen.without_sidecar =
      seen.without_sidecar || (exists(cold, "000001.jsonl.zst") && !exists(cold, "000001.json"));
  seen.one_archive =
      seen.one_archive || (exists(cold, "000001.json") && !exists(plain, "000001.json"));
  if (!exists(cold, "000003.json") || (seen.not_said && seen.half_freed)) return;
  Host host;
  const contract::Store opened(open_at(store, host, kWorkerTime));
  const std::vector<Pile> piles = opened.piles();
  seen.not_said = seen.not_said || (piles.size() == 1 && piles[0].waiting);
  const double left = opened.figure("trash_jobs");
  seen.half_freed = seen.half_freed || (left > 0 && left < double(kJobs));
}

void check_finished(const fs::path& store, const fs::path& archives) {
  CHECK(ids_in(archives / "cold") == Ids{"0", "2", "4"});
  CHECK(ids_in(archives / "plain") == Ids{"1"});
  CHECK(files_in(archives / "cold") == Ids{"shop/purge/000001.json", "shop/purge/000001.jsonl.zst",
                                           "shop/purge/000002.json", "shop/purge/000002.jsonl.zst",
                                           "shop/purge/000003.json",
                                           "shop/purge/000003.jsonl.zst"});
  CHECK(files_in(archives / "plain") == Ids{"shop/purge/000001.json", "shop/purge/000001.jsonl"});
  Host host;
  const contract::Store opened(open_at(store, host, kWorkerTime));
  CHECK(opened.piles().empty());
  CHECK(opened.figure("trash_jobs") == 0);
}

TEST_CASE("a kill before any step loses no job and archives none twice") {
#ifdef PURGATORY_SANITIZED
  std::cout << "not run: a sanitizer wants to be the first library of a process\n";
  return;
#endif
  const processes::TemporaryDirectory made;
  make_store(made.path() / "jobs");
  Seen seen;
  bool killed = true;
  int step = 0;
  while (killed) {
    REQUIRE(++step < kMostSteps);
    CAPTURE(step);
    const processes::TemporaryDirectory directory;
    const fs::path store = directory.path() / "store" / "jobs";
    const fs::path archives = directory.path() / "archives";
    fs::copy(made.path(), store.parent_path(), fs::copy_options::recursive);
    killed = !run_worker(store, archives, killed_at(step));
    if (killed) {
      look_at(store, archives, seen);
      REQUIRE(run_worker(store, archives, killed_at(0)));
    }
    check_finished(store, archives);
  }
  INFO("steps: " << step);
  CHECK(step > 100);
  CHECK(seen.temporary);
  CHECK(seen.without_sidecar);
  CHECK(seen.one_archive);
  CHECK(seen.not_said);
  CHECK(seen.half_freed);
}

}  // namespace
}  // namespace purgatory::archive_test
