#pragma once

#include <cstdint>
#include <string>

namespace purgatory::file {

/// Room on the disk, so that a purge works when there is none left: the write-ahead log keeps at
/// least kLogBytes of it, and the file has a place for each page before that page is in the log, so
/// that the log can always be emptied. What a file system cannot reserve is not an error.
///
/// It holds the file open, for when one descriptor of a file is closed a process loses all its
/// locks on it, SQLite's too: it must be made before the first connection, and destroyed after the
/// last. All of a process share one.
class Room {
 public:
  static constexpr std::int64_t kLogBytes = 1 << 20;

  /// Makes the file if it is not there. Throws Error{unsupported} if this process is the child of
  /// one that has the file open: SQLite would take that one's locks for its own.
  explicit Room(const std::string& path);
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room();

  /// Sees to the log's.
  void keep_log() const noexcept;
  /// Sees to it that the file has this many bytes. False: the disk is full.
  [[nodiscard]] bool reserve(std::int64_t bytes) const noexcept;

 private:
  std::string log_path_;
  int file_;  ///< -1: it cannot be opened, so nothing is reserved.
};

}  // namespace purgatory::file
