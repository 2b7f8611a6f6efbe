#pragma once

#include "plugins/file/connection.hpp"
#include "plugins/file/writer.hpp"

namespace purgatory::file {

// Room on the disk, so that a purge works when there is none left: the write-ahead log keeps at
// least kLogRoom of it, and the file has a place for every page that the log holds, so a checkpoint
// can always empty the log.

inline constexpr std::int64_t kLogRoom = 1 << 20;

/// Sees to the log's room. What the disk refuses is not an error here.
void keep_room(Connection& connection);

/// Sees to the file's, for what the transaction at hand adds. Throws SqliteError (SQLITE_FULL) if
/// the change grows and there is none.
void reserve_room(Connection& connection, Grows grows);

enum class Checkpoint {
  passive,  ///< Copies what nobody is in the way of.
  restart,  ///< Waits for whoever is in the way, then the log begins anew.
};
/// Returns how many pages of the log are in the file now. Throws SqliteError; another process that
/// is at it is no error.
std::int64_t checkpoint(Connection& connection, Checkpoint kind);

/// Before the file is closed: an empty log that keeps its room.
void leave_log_ready(Connection& connection);

}  // namespace purgatory::file
