#include "plugins/file/repository.hpp"

#include "plugins/file/fail.hpp"

namespace purgatory::file {
FileRepository::Files::Files(Location location_in, const Host& host)
    : location(std::move(location_in)),
      room((refuse_impossible_path(location.path), location.path)),
      anchor(location, room),
      readers(location),
      writer(location, room, [this](std::int64_t pages) { checkpointer.log_is(pages); }),
      checkpointer(location, writer, host) {}

void FileRepository::CloseUnlessForked::operator()(Files* files) const noexcept {
  if (::getpid() == process) delete files;  // NOLINT: unique_ptr's own deleter
}

FileRepository::FileRepository(Location location, const Host& host)
    : files_(new Files(std::move(location), host), CloseUnlessForked{::getpid()}) {}

void check_deadline(const Call& call, std::string_view operation) {
  if (std::chrono::steady_clock::now() < call.deadline) return;
  fail(ErrorCode::timeout,
       "{}: the deadline passed before it was done; give it more time, or ask for less", operation);
}

}  // namespace purgatory::file
