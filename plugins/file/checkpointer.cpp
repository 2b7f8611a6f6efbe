#include "plugins/file/checkpointer.hpp"

#include <array>

#include "plugins/file/block_signals.hpp"
#include "plugins/file/checkpoint.hpp"

namespace purgatory::file {
namespace {

/// 1 MiB: what is synced at a time is so little that a commit beside it is not held up for long.
constexpr std::int64_t kPagesToCopy = 256;
/// 4 MiB: so long is the log before this process pauses to let it begin anew.
constexpr std::int64_t kPagesToRestart = 1024;
/// So few pages are left to copy while it pauses.
constexpr std::int64_t kPagesInPause = 64;
constexpr int kMostRounds = 8;

}  // namespace

Checkpointer::~Checkpointer() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Checkpointer::log_is(std::int64_t pages) noexcept {
  pages_ = pages;
  if (pages < copied_) copied_ = 0;  // it began anew
  if (pages - copied_ >= kPagesToCopy) ask();
}

void Checkpointer::restart_log() noexcept {
  restart_ = true;
  ask();
}

void Checkpointer::ask() noexcept {
  const std::scoped_lock lock(mutex_);
  if (asked_) return;
  try {
    if (!thread_.joinable()) {
      const BlockSignals block;
      thread_ = std::thread([this] { run(); });
    }
    asked_ = true;
    wake_.notify_one();
  } catch (const std::exception&) {  // no thread now: the next commit asks again
  }
}

void Checkpointer::wait(std::chrono::steady_clock::time_point end) {
  std::unique_lock lock(mutex_);
  done_.wait_until(lock, end, [&] { return !asked_; });
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return asked_ || stop_; });
    if (stop_) return;
    lock.unlock();
    try {
      work();
    } catch (const std::exception& error) {
      connection_.reset();
      log_failure(error.what());
    }
    lock.lock();
    asked_ = false;
    done_.notify_all();
  }
}

void Checkpointer::work() {
  if (!connection_) {
    constexpr auto kNow = std::chrono::steady_clock::time_point::min();  // it waits for nobody
    connection_ = std::make_unique<Connection>(location_, Connection::Mode::open, kNow);
  }
  const bool restart = restart_.exchange(false) || pages_ >= kPagesToRestart;
  // Each round copies what was written during the one before it, which is less and less.
  const std::int64_t before = copied_;
  for (int round = 0; round < (restart ? kMostRounds : 1); ++round) {
    const std::int64_t last = copied_;
    copied_ = checkpoint(*connection_, Checkpoint::passive);
    if (copied_ - last <= kPagesInPause) break;
  }
  if (!restart || copied_ == before) return;  // a reader or another process is in the way
  std::exception_ptr error;
  writer_.pause([&] {
    try {
      checkpoint(*connection_, Checkpoint::passive);
    } catch (...) {
      error = std::current_exception();
    }
  });
  if (error) std::rethrow_exception(error);
}

void Checkpointer::log_failure(std::string_view what) const {
  const std::array fields{LogEvent::Field{"path", location_.path}, LogEvent::Field{"error", what}};
  host_.log({.level = LogEvent::Level::warning, .event = "checkpoint_failed", .fields = fields});
}

}  // namespace purgatory::file
