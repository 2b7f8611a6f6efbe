#include "apps/purgatoryd/reclaimer.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>

namespace purgatory::server {
namespace {

constexpr std::chrono::minutes kEvery{1};
/// As long as the store fails, the pause doubles up to this.
constexpr std::chrono::minutes kLongestPause{30};

}  // namespace

Reclaimer::Reclaimer(FailedJobs& jobs, Log& log)
    : jobs_(jobs), log_(log), thread_([this] { run(); }) {}

Reclaimer::~Reclaimer() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Reclaimer::run() {
  std::chrono::minutes pause = kEvery;
  do {
    pause = run_once() ? kEvery : std::min(2 * pause, kLongestPause);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pause, [this] { return ended_; });
  } while (!ended());
}

bool Reclaimer::run_once() {
  try {
    bool all = true;
    for (const std::string& project : jobs_.projects()) all = reclaim(project) && all;
    return all;
  } catch (const std::exception& error) {
    log_.write(LogEvent::Level::error, "not_reclaimed", {{"why", clean(error.what())}});
    return false;
  }
}

bool Reclaimer::reclaim(const std::string& project) {
  try {
    free_all(project);
    return true;
  } catch (const std::exception& error) {  // that of one project keeps no other waiting
    log_.write(LogEvent::Level::error, "not_reclaimed",
               {{"project", clean(project)}, {"why", clean(error.what())}});
    return false;
  }
}

void Reclaimer::free_all(const std::string& project) {
  std::uint64_t jobs = 0;
  std::uint64_t bytes = 0;
  bool more = true;
  while (more && !ended()) {
    const ReclaimResult result = jobs_.reclaim(project);
    jobs += result.jobs;
    bytes += result.bytes;
    more = result.more;
  }
  if (jobs == 0) return;
  log_.write(LogEvent::Level::info, "reclaimed",
             {{"project", clean(project)}, {"jobs", jobs}, {"bytes", bytes}});
}

bool Reclaimer::ended() {
  const std::lock_guard lock(mutex_);
  return ended_;
}

}  // namespace purgatory::server
