#pragma once

#include <boost/json/object.hpp>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/cli/run/process.hpp"

namespace purgatory::server_test {

/// What a server writes on stderr, read while it writes.
class Log {
 public:
  explicit Log(cli_run::File read_end);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  /// The server has ended, or this waits for its end.
  ~Log();

  /// The first event of this name, or the n-th. Waits for it; throws std::runtime_error if the
  /// server ends first, or says nothing of it for half a minute.
  [[nodiscard]] boost::json::object wait_for(std::string_view event, std::size_t number = 1) const;
  /// All events of this name so far.
  [[nodiscard]] std::vector<boost::json::object> events(std::string_view name) const;
  /// All of it so far, as it was written.
  [[nodiscard]] std::string text() const;
  /// Waits until the server has ended.
  void wait_for_end() const;

 private:
  void read();
  template <typename Condition>
  void wait_until(std::string_view what, Condition condition) const;

  cli_run::File read_end_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string text_;                        ///< By `mutex_`, as the next two.
  std::vector<boost::json::object> lines_;  ///< Those that are objects of JSON.
  bool ended_ = false;
  std::thread reader_;
};

/// A field of a line.
[[nodiscard]] std::string text(const boost::json::object& line, std::string_view name);

}  // namespace purgatory::server_test
