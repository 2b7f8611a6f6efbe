#include "apps/purgatory/lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"

namespace purgatory::cli {
namespace {

constexpr std::size_t kReadAtOnce = 1 << 20;
constexpr std::size_t kLongestLine = kLongestPayload.bytes;

[[noreturn]] void fail_to_read(std::string_view name, int error) {
  ExitCode code = ExitCode::io;
  if (error == ENOENT || error == ENOTDIR || error == EISDIR) code = ExitCode::no_input;
  if (error == EACCES || error == EPERM) code = ExitCode::permission;
  throw Failure(
      code, fmt::format("{}: cannot be read: {}", name, std::generic_category().message(error)));
}

}  // namespace

Lines::Lines(const std::string& file)
    : name_(file == "-" ? "stdin" : file),
      // A pipe that nobody writes to yet is waited for by reading, which a signal ends.
      file_(file == "-" ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  struct stat status {};
  if (file_ < 0 || ::fstat(file_, &status) != 0) fail_to_read(name_, errno);
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
}

Lines::~Lines() {
  if (file_ != STDIN_FILENO) ::close(file_);
}

std::optional<std::string_view> Lines::next() {
  std::size_t searched = begin_;
  too_long_ = false;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos || (at_end_ && begin_ < buffer_.size())) {
      const std::size_t size = (end == std::string::npos ? buffer_.size() : end) - begin_;
      const std::string_view line = std::string_view(buffer_).substr(begin_, size);
      begin_ = std::min(begin_ + size + 1, buffer_.size());
      ++number_;
      return line;
    }
    if (at_end_) return std::nullopt;
    if (buffer_.size() - begin_ > kLongestLine) {
      too_long_ = true;
      buffer_.resize(begin_ + 1);  // the rest of it is not kept
    }
    searched = buffer_.size() - begin_;  // fill() moves what is left to the front
    if (!fill()) return std::nullopt;
  }
}

std::string Lines::rest(const LongestFile& longest) {
  while (!at_end_ && fill()) {
    if (buffer_.size() > longest.bytes) {
      throw Failure(ExitCode::bad_data, fmt::format("{}: is longer than {}", name_, longest.text));
    }
  }
  if (interrupted() != 0) {
    throw Failure(ExitCode::interrupted,
                  fmt::format("{}: interrupted before its end; nothing was done", name_));
  }
  return std::exchange(buffer_, {});
}

bool Lines::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadAtOnce);
  const ::ssize_t size =
      wait_to_read(file_) ? ::read(file_, buffer_.data() + before, kReadAtOnce) : 0;
  buffer_.resize(before + static_cast<std::size_t>(std::max<::ssize_t>(size, 0)));
  if (interrupted() != 0) return false;
  if (size < 0 && errno != EINTR && errno != EAGAIN) fail_to_read(name_, errno);
  bytes_ += buffer_.size() - before;
  at_end_ = size == 0;
  return true;
}

std::string read_file(const std::string& file, const LongestFile& longest) {
  Lines lines(file);
  return lines.rest(longest);
}

}  // namespace purgatory::cli
