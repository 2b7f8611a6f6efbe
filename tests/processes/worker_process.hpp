#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tests/processes/connection.hpp"

namespace purgatory::processes {

/// The store that a worker opens, and how.
struct WorkerOptions {
  std::string backend;
  std::vector<std::string> options = {};      ///< "key=value", of that backend.
  std::vector<std::string> environment = {};  ///< "NAME=value", besides the caller's own.
  std::size_t connections = 1;                ///< So many calls it serves at a time.
};

/// A process that has a store open and serves calls on it.
class WorkerProcess {
 public:
  /// Starts it and does not wait for it.
  explicit WorkerProcess(const WorkerOptions& options);
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  /// Lets the process close its store. One that ends in another way than it was asked to ends the
  /// caller too: a sanitizer's report must not be overlooked.
  ~WorkerProcess();

  /// Waits until the store is open; throws the Error that came of it.
  void wait_until_open();

  /// Stops it in whatever it does. Any thread.
  void kill();
  /// Waits until it has ended by itself; false: it still runs after that time.
  [[nodiscard]] bool ended_within(int milliseconds) const;

  [[nodiscard]] std::span<Connection> connections() { return connections_; }

 private:
  std::vector<Connection> connections_;
  pid_t process_;
  Descriptor handle_;  ///< A pidfd.
  std::atomic<bool> killed_{false};
};

}  // namespace purgatory::processes
