#include "plugins/file/anchor.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "plugins/file/checkpoint.hpp"
#include "plugins/file/fail.hpp"
#include "plugins/file/schema.hpp"

namespace purgatory::file {
namespace {

/// How long opening may wait for a process that makes the same store.
constexpr std::chrono::seconds kOpening{10};

/// SQLite would open a file read-only, and only say of a directory that it is "unable to open".
void refuse_without_access(const std::string& subject, int access, const std::string& path) {
  if (::faccessat(AT_FDCWD, subject.c_str(), access, AT_EACCESS) == 0) return;
  fail(ErrorCode::permission,
       "repository.file.path: '{}': {}; this user needs to read and write the file and its "
       "directory",
       path, std::generic_category().message(errno));
}

void prepare(Connection& connection) {
  for (int attempt = 0;; ++attempt) {
    try {
      return prepare_store(connection);
    } catch (const SqliteError& error) {
      // SQLite does not wait where two that make the same file could wait for each other.
      if (error.primary() != SQLITE_BUSY || !connection.wait(attempt)) throw;
    }
  }
}

void empty_log(Connection& connection) {
  try {
    checkpoint(connection, Checkpoint::passive);
  } catch (const SqliteError& error) {
    if (error.primary() != SQLITE_FULL) throw;  // a full disk is to be opened, too
  }
}

}  // namespace

void refuse_impossible_path(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISREG(status.st_mode)) return refuse_without_access(path, R_OK | W_OK, path);
    fail(ErrorCode::config, "repository.file.path: '{}' is no file: name one, it need not exist",
         path);
  }
  if (errno != ENOENT) {
    const int error = errno;
    fail(error == EACCES ? ErrorCode::permission : ErrorCode::unavailable,
         "repository.file.path: '{}' cannot be looked at: {}", path,
         std::generic_category().message(error));
  }
  const std::string directory = path.substr(0, path.find_last_of('/') + 1);
  if (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    fail(ErrorCode::config,
         "repository.file.path: '{}' lies in a directory that does not exist; make it first", path);
  }
  refuse_without_access(directory, W_OK | X_OK, path);
}

Anchor::Anchor(const Location& location, const Room& room)
    : room_(room),
      connection_(location, Connection::Mode::create, std::chrono::steady_clock::now() + kOpening) {
  prepare(connection_);
  empty_log(connection_);
  room_.keep_log();
}

Anchor::~Anchor() {
  try {
    connection_.set_deadline(std::chrono::steady_clock::time_point::min());
    checkpoint(connection_, Checkpoint::truncate);
    room_.keep_log();
  } catch (const std::exception&) {  // the next one to open the store does it
  }
}

}  // namespace purgatory::file
