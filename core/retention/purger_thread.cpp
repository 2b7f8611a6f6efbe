#include "core/retention/purger_thread.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

namespace purgatory::retention {

PurgerThread::PurgerThread(Run run, const Config::Purger& settings, const Host& host)
    : run_(std::move(run)), settings_(settings), host_(host) {}

void PurgerThread::start() {
  const std::lock_guard starting(starting_);
  if (thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = wake_ = false;
  }
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // the host's signals are for the host's threads
  try {
    thread_ = std::thread([this] { loop(); });
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void PurgerThread::stop() noexcept {
  if (id_ == std::this_thread::get_id()) return ask_to_stop();
  const std::lock_guard starting(starting_);
  if (!thread_.joinable()) return;
  ask_to_stop();
  thread_.join();
}

void PurgerThread::ask_to_stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
}

void PurgerThread::wake() noexcept {
  {
    const std::lock_guard lock(mutex_);
    wake_ = true;
  }
  changed_.notify_one();
}

void PurgerThread::loop() {
  id_ = std::this_thread::get_id();
  Clock::duration pause = jitter();
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, pause, [this] { return stop_ || wake_; });
      if (stop_) return;
      wake_ = false;
    }
    const Clock::time_point begin = Clock::now();
    const RunResult result = run_([this] { return stopped(); });
    pause = pause_after(result, Clock::now() - begin);
  }
}

/// What is left over makes for shorter pauses: then the purger works half of the time.
PurgerThread::Clock::duration PurgerThread::pause_after(const RunResult& result,
                                                        Clock::duration took) const {
  const Clock::duration every = settings_.every;
  if (result.state == RunResult::State::more) return std::min(took, every);
  return std::max(every - took, Clock::duration(0)) + jitter();
}

PurgerThread::Clock::duration PurgerThread::jitter() const {
  const auto most = std::chrono::nanoseconds(settings_.every) / 100 * settings_.jitter;
  if (most.count() == 0) return {};
  try {
    return std::chrono::nanoseconds(host_.random() % static_cast<std::uint64_t>(most.count()));
  } catch (...) {  // the randomness is the host's, the thread is not
    return {};
  }
}

bool PurgerThread::stopped() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

}  // namespace purgatory::retention
