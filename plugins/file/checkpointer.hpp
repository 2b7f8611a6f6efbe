#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "plugins/file/connection.hpp"
#include "plugins/file/writer.hpp"
#include "purgatory/host.hpp"

namespace purgatory::file {

/// Copies the write-ahead log into the file, so that no writer has to: a thread with a connection
/// of its own. It works while others write; just the last few pages are copied while this process
/// pauses, for the log can begin anew only when all of it was copied.
class Checkpointer {
 public:
  Checkpointer(const Location& location, Writer& writer, const Host& host)
      : location_(location), writer_(writer), host_(host) {}
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer();

  // Any thread; both return at once and never throw.

  /// The log is `pages` long now.
  void log_is(std::int64_t pages) noexcept;
  /// Sees to it that what was freed is given back to the file system soon.
  void restart_log() noexcept;

  /// Waits until nothing is being copied: background work writes nothing beside it, so that others
  /// meet one of the two at a time.
  void wait(std::chrono::steady_clock::time_point end);

 private:
  void ask() noexcept;
  void run();
  void work();
  void log_failure(std::string_view what) const;

  const Location& location_;
  Writer& writer_;
  const Host& host_;
  std::unique_ptr<Connection> connection_;
  std::atomic<std::int64_t> pages_ = 0;   ///< Of the log, after the last commit.
  std::atomic<std::int64_t> copied_ = 0;  ///< Of them, by the last checkpoint.
  std::atomic<bool> restart_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  bool asked_ = false;
  bool stop_ = false;
  std::thread thread_;  ///< Begins with the first work.
};

}  // namespace purgatory::file
