#pragma once

#include <boost/json/object.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "purgatory/host.hpp"

namespace purgatory::server {

/// Writes one JSON object a line to a file. Any thread may call; none waits for who reads the log:
/// when too many lines wait, new ones are dropped, and how many is the next line.
class Log {
 public:
  /// `file` stays open.
  explicit Log(int file);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  /// Writes what waits, as long as somebody reads it.
  ~Log();

  void write(LogEvent::Level level, std::string_view event, const boost::json::object& fields);
  /// One of the library's; what it tells for debugging (a run of the purger that found nothing to
  /// do) is left out.
  void write(const LogEvent& event);

 private:
  void run();
  /// Both are false if the log ends and nobody reads it.
  [[nodiscard]] bool write_all(std::string_view text);
  [[nodiscard]] bool wait_until_writable();

  const int file_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  std::uint64_t dropped_ = 0;
  bool ended_ = false;
  std::thread writer_;
};

/// The text without what is no UTF-8.
[[nodiscard]] std::string clean(std::string_view text);

}  // namespace purgatory::server
