#include "plugins/file/checkpoint.hpp"

#include <sqlite3.h>

namespace purgatory::file {
namespace {

int mode_of(Checkpoint kind) noexcept {
  switch (kind) {
    case Checkpoint::passive: return SQLITE_CHECKPOINT_PASSIVE;
    case Checkpoint::restart: return SQLITE_CHECKPOINT_RESTART;
    case Checkpoint::truncate: break;
  }
  return SQLITE_CHECKPOINT_TRUNCATE;
}

}  // namespace

std::int64_t checkpoint(Connection& connection, Checkpoint kind) {
  int copied = 0;
  int code = SQLITE_OK;
  int attempt = 0;
  do {  // SQLite waits for readers, but not for another checkpoint: ours may be at it
    code = sqlite3_wal_checkpoint_v2(connection.handle(), "main", mode_of(kind), nullptr, &copied);
  } while (kind != Checkpoint::passive && (code & 0xff) == SQLITE_BUSY &&
           connection.wait(attempt++));
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) connection.fail();
  return copied;
}

}  // namespace purgatory::file
