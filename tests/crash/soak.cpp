#include "tests/crash/soak.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "purgatory/config.hpp"
#include "tests/crash/driver.hpp"

namespace purgatory::crash {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kThreads = 3;
constexpr std::size_t kSoakIds = 500;
constexpr std::size_t kJobsPerCall = 10;
constexpr std::string_view kProject = "soak";

/// A figure that has to stay flat, and how much it may grow besides a quarter.
struct Figure {
  const char* name;
  double allowance;
};
constexpr std::array kFigures{Figure{"MiB of memory", 4}, Figure{"descriptors", 4},
                              Figure{"MiB of files", 4}};
using Sample = std::array<double, kFigures.size()>;

constexpr double kMiB = 1024 * 1024;

Sample sample(const std::filesystem::path& directory) {
  double pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;  // the second one is what is resident
  const std::filesystem::directory_iterator open("/proc/self/fd");
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::error_code gone;
    if (const auto size = entry.file_size(gone); !gone) bytes += size;
  }
  return {pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / kMiB,
          static_cast<double>(std::distance(begin(open), end(open))),
          static_cast<double>(bytes) / kMiB};
}

/// One thread's work on a group of its own.
class Worker {
 public:
  Worker(FailedJobRepository& repository, Clock& clock, std::size_t number)
      : repository_(repository), clock_(clock), group_(std::to_string(number)) {}

  std::uint64_t run(const std::stop_token& stop) {
    for (std::uint64_t round = 0; !stop.stop_requested(); ++round) {
      record(round);
      list();
      if (round % 20 == 9) detach(round);
      if (round % 40 == 19) restore();
      if (round % 20 == 19) free();
    }
    return calls_;
  }

 private:
  Call call() {
    ++calls_;
    return {clock_.advance(seconds(1)), Steady::now() + minutes(1)};
  }

  void record(std::uint64_t round) {
    const Call now = call();
    std::vector<FailedJob> jobs(kJobsPerCall);
    std::vector<Recording> recordings;
    const Stamp stamp;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      jobs[i].project = kProject;
      jobs[i].group = group_;
      jobs[i].job_id = std::to_string((round * kJobsPerCall + i * 37) % kSoakIds);
      jobs[i].failed_at = now.now;
      jobs[i].payload.assign(400, 'x');
      recordings.push_back({&jobs[i], &stamp});
    }
    repository_.record(now, kProject, recordings, {}, {});
  }

  void list() {
    const Selection selection{Scope::group(std::string(kProject), group_), {}};
    repository_.list(call(), selection, {}, 100);
  }

  void detach(std::uint64_t round) {
    const Call now = call();
    purge_id_ = group_ + "-" + std::to_string(round);
    refusable([&] {
      repository_.detach(now, Scope::group(std::string(kProject), group_),
                         {.purge_id = purge_id_,
                          .actor = "soak",
                          .reason = "scope",
                          .rule = {},
                          .undo_until = now.now + minutes(2)});
    });
  }

  void restore() {
    std::optional<PileCursor> after;
    do {
      RestoreResult slice;
      refusable(
          [&] { slice = repository_.restore(call(), kProject, purge_id_, {}, {}, {}, after); });
      after = std::move(slice.next);
    } while (after);
  }

  void free() {
    while (repository_.reclaim(call(), kProject, {}).more) {
    }
    const Call now = call();
    repository_.trim_journal(now, kProject, now.now - minutes(5));
  }

  /// The time of the other threads may have ended the undo window meanwhile.
  template <typename Action>
  static void refusable(const Action& action) {
    try {
      action();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict && error.code() != ErrorCode::not_found) throw;
    }
  }

  FailedJobRepository& repository_;
  Clock& clock_;
  std::string group_;
  std::string purge_id_;
  std::uint64_t calls_ = 0;
};

std::vector<Sample> sample_for(seconds time, const std::filesystem::path& directory) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  std::vector<Sample> samples;
  const Steady::time_point end = Steady::now() + time;
  for (auto next = Steady::now(); next < end; next += std::chrono::milliseconds(time) / 200) {
    samples.push_back(sample(directory));
    never.wait_until(lock, std::min(end, next), [] { return false; });
  }
  return samples;
}

double greatest(const std::vector<Sample>& samples, std::size_t figure, std::size_t quarter) {
  double most = 0;
  for (std::size_t i = samples.size() * quarter / 4; i < samples.size() * (quarter + 1) / 4; ++i) {
    most = std::max(most, samples[i][figure]);
  }
  return most;
}

}  // namespace

int soak(const std::filesystem::path& directory, seconds time) {
  const Host host;
  Config config;
  config.repository.backend = "file";
  config.repository.options.set("path", (directory / "jobs").string());
  const auto repository = open(config, host);
  Clock clock;
  std::atomic<std::uint64_t> calls{0};
  std::vector<Sample> samples;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i](const std::stop_token& stop) {
        calls += Worker(*repository, clock, i).run(stop);
      });
    }
    samples = sample_for(time, directory);
  }
  bool flat = true;
  std::cout << time.count() << " s, " << calls << " calls";
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    const double before = greatest(samples, i, 1);
    const double after = greatest(samples, i, 3);
    flat = flat && after <= before * 1.25 + kFigures[i].allowance;
    std::cout << ", " << before << " -> " << after << ' ' << kFigures[i].name;
  }
  std::cout << (flat ? ": flat\n" : ": grown\n");
  return flat ? 0 : 1;
}

}  // namespace purgatory::crash
