#pragma once

#include <atomic>
#include <string>

#include "purgatory/host.hpp"

namespace purgatory::server {

/// What keeps the purger from a part of its work, though the server lives and serves. Any thread
/// may call.
class Health {
 public:
  /// What the library logs, and measures at the end of each run of the purger.
  void note(const LogEvent& event);
  void note(const Metric& metric);

  /// A line for each trouble, without names: the log has them. Empty: there is none.
  [[nodiscard]] std::string text() const;

 private:
  std::atomic<bool> guard_refuses_ = false;
  std::atomic<bool> archive_failed_ = false;  ///< In the run that is under way.
  std::atomic<bool> archive_fails_ = false;
};

}  // namespace purgatory::server
