#include "plugins/file/fail.hpp"

#include <sqlite3.h>

namespace purgatory::file {
namespace {

struct Meaning {
  ErrorCode code;
  std::string_view way_out;
};

Meaning meaning_of(int extended) {
  switch (extended) {
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
      return {ErrorCode::corrupt, "run the store's check, or restore a backup"};
    case SQLITE_IOERR_NOMEM: return {ErrorCode::exhausted, "the process is out of memory"};
    default: break;
  }
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {ErrorCode::timeout, "another process holds the file's lock; give the call more time"};
    case SQLITE_INTERRUPT:
      return {ErrorCode::timeout, "the deadline passed before it was done; give it more time"};
    case SQLITE_FULL:
      return {ErrorCode::exhausted,
              "the disk is full: free some space on it, or purge and reclaim jobs"};
    case SQLITE_NOMEM: return {ErrorCode::exhausted, "the process is out of memory"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::permission,
              "this user needs to read and write the file and its directory"};
    case SQLITE_CONSTRAINT:  // we never write such rows
    case SQLITE_MISMATCH:
    case SQLITE_CORRUPT:
      return {ErrorCode::corrupt, "the file is damaged: run its check, or restore a backup"};
    case SQLITE_NOTADB:
      return {ErrorCode::corrupt,
              "the file is no SQLite database, or its first page is damaged: name another path, or "
              "restore a backup"};
    default: return {ErrorCode::unavailable, "look at the disk and the system's log"};
  }
}

}  // namespace

NoRoom::NoRoom(std::string_view path)
    : Error(ErrorCode::exhausted,
            fmt::format("'{}': no room for more jobs; the disk is full: free some space on it, or "
                        "purge and reclaim jobs",
                        path),
            "file") {}

SqliteError::SqliteError(int extended, std::string_view path, std::string_view message)
    : Error(meaning_of(extended).code,
            fmt::format("'{}': {} (SQLite code {}); {}", path, message, extended,
                        meaning_of(extended).way_out),
            "file"),
      extended_(extended) {}

bool SqliteError::interrupted() const noexcept { return primary() == SQLITE_INTERRUPT; }

}  // namespace purgatory::file
