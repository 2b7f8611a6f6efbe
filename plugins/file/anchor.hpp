#pragma once

#include "plugins/file/connection.hpp"
#include "plugins/file/room.hpp"

namespace purgatory::file {

/// What SQLite would only call "unable to open database file". Throws Error{config|permission}.
void refuse_impossible_path(const std::string& path);

/// The connection that opens the store, or makes it, and closes it last. In between it does nothing
/// but be there: while a process has a connection, the index of the log stays in memory, and what a
/// failed commit left in the log is written over. The last one to go would have the next one read
/// the log anew, and find a commit in it that was never synced.
class Anchor {
 public:
  /// Copies what it finds in the log into the file and syncs that: a process that was killed may
  /// have left there what it could not sync.
  Anchor(const Location& location, const Room& room);
  Anchor(const Anchor&) = delete;
  Anchor& operator=(const Anchor&) = delete;
  /// Leaves an empty log, which keeps its room, unless others have the store open.
  ~Anchor();

 private:
  const Room& room_;
  Connection connection_;
};

}  // namespace purgatory::file
