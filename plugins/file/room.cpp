#include "plugins/file/room.hpp"

#include <sqlite3.h>

#include "plugins/file/fail.hpp"

namespace purgatory::file {
namespace {

constexpr std::int64_t kSlackPages = 64;  ///< Those that purges may use.

/// The log is cut to this after it was longer.
constexpr std::int64_t kMostIdleLog = 8 << 20;

std::int64_t number(Connection& connection, const char* sql) {
  Query row(connection, sql);
  return row.step() ? row.integer(0) : 0;
}

sqlite3_file* log_of(Connection& connection) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER,
                       static_cast<void*>(&file));
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

void allocate_log(Connection& connection) {
  sqlite3_file* log = log_of(connection);
  if (log == nullptr) return;
  int chunk = kChunkBytes;
  sqlite3_int64 size = kLogRoom;
  log->pMethods->xFileControl(log, SQLITE_FCNTL_CHUNK_SIZE, &chunk);
  log->pMethods->xFileControl(log, SQLITE_FCNTL_SIZE_HINT, &size);
}

}  // namespace

void keep_room(Connection& connection) {
  connection.execute(fmt::format("PRAGMA journal_size_limit = {}", kMostIdleLog).c_str());
  Snapshot snapshot(connection);  // opens the log
  number(connection, "SELECT count(*) FROM lease");
  allocate_log(connection);
}

void reserve_room(Connection& connection, Grows grows) {
  sqlite3_int64 size = number(connection, "PRAGMA page_count");
  if (grows == Grows::yes) size += kSlackPages;
  size *= number(connection, "PRAGMA page_size");
  const int code = sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_SIZE_HINT, &size);
  if (code != SQLITE_OK && grows == Grows::yes) {
    throw SqliteError(SQLITE_FULL, connection.path(), "no room for more jobs");
  }
}

std::int64_t checkpoint(Connection& connection, Checkpoint kind) {
  int copied = 0;
  const int mode =
      kind == Checkpoint::passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
  int code = SQLITE_OK;
  int attempt = 0;
  do {  // SQLite waits for readers, but not for another checkpoint: ours may be at it
    code = sqlite3_wal_checkpoint_v2(connection.handle(), "main", mode, nullptr, &copied);
  } while (kind == Checkpoint::restart && (code & 0xff) == SQLITE_BUSY &&
           connection.wait(attempt++));
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) connection.fail();
  return copied;
}

void leave_log_ready(Connection& connection) {
  connection.set_deadline(std::chrono::steady_clock::time_point::min());
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), "main",
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK) return;  // others have the file open
  allocate_log(connection);
  connection.execute("PRAGMA journal_size_limit = -1");
}

}  // namespace purgatory::file
