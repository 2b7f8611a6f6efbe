#include "plugins/file/repository.hpp"

#include <sys/stat.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "plugins/file/fail.hpp"
#include "plugins/file/schema.hpp"

namespace purgatory::file {
namespace {

/// How long opening may wait for a process that makes the same store.
constexpr std::chrono::seconds kOpening{10};

/// What SQLite would only call "unable to open database file".
void refuse_impossible_path(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISREG(status.st_mode)) return;
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
}

void open_store(const Location& location) {
  refuse_impossible_path(location.path);
  Connection connection(location, Connection::Mode::create);
  connection.set_deadline(std::chrono::steady_clock::now() + kOpening);
  prepare_store(connection);
}

}  // namespace

FileRepository::Files::Files(Location location_in, const Host& host)
    : location(std::move(location_in)),
      room(location.path),
      readers(location),
      writer(location, room, [this](std::uint64_t pages) { checkpointer.log_is(pages); }),
      checkpointer(location, writer, host) {}

void FileRepository::CloseUnlessForked::operator()(Files* files) const noexcept {
  if (::getpid() == process) delete files;  // NOLINT: unique_ptr's own deleter
}

FileRepository::FileRepository(Location location, const Host& host)
    : files_((open_store(location), new Files(std::move(location), host)),
             CloseUnlessForked{::getpid()}) {}

void check_deadline(const Call& call, std::string_view operation) {
  if (std::chrono::steady_clock::now() < call.deadline) return;
  fail(ErrorCode::timeout,
       "{}: the deadline passed before it was done; give it more time, or ask for less", operation);
}

}  // namespace purgatory::file
