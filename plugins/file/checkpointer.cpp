#include "plugins/file/checkpointer.hpp"

#include <array>

#include "plugins/file/block_signals.hpp"
#include "plugins/file/checkpoint.hpp"

namespace purgatory::file {
namespace {

/// 4 MiB: what is copied at a time is small, and most pages are copied once for several changes.
constexpr std::uint64_t kPagesToCopy = 1024;
/// So few pages are left to copy while this process pauses.
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

void Checkpointer::log_is(std::uint64_t pages) noexcept {
  if (pages >= kPagesToCopy) ask();
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
  }
}

void Checkpointer::work() {
  if (!connection_) {
    constexpr auto kNow = std::chrono::steady_clock::time_point::min();  // it waits for nobody
    connection_ = std::make_unique<Connection>(location_, Connection::Mode::open, kNow);
  }
  // Each round copies what was written during the one before it, which is less and less.
  const std::int64_t before = copied_;
  for (int round = 0; round < kMostRounds; ++round) {
    const std::int64_t last = copied_;
    copied_ = checkpoint(*connection_, Checkpoint::passive);
    if (copied_ - last <= kPagesInPause) break;
  }
  if (copied_ == before) return;  // a reader or another process is in the way
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
