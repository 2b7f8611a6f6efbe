#include "core/config/file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace purgatory::config {

std::string read_file(const std::filesystem::path& path, std::size_t most) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    throw Unreadable(error && status.type() != std::filesystem::file_type::not_found
                         ? fmt::format("cannot be looked at: {}", error.message())
                         : "does not exist");
  }
  // Opening a FIFO would wait for somebody to write into it.
  if (!std::filesystem::is_regular_file(status)) throw Unreadable("is not a regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Unreadable(fmt::format("cannot be opened: {}",
                                 std::error_code(errno, std::generic_category()).message()));
  }
  std::string bytes(most + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad()) throw Unreadable("cannot be read");
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > most) throw Unreadable(fmt::format("has more than {} bytes", most));
  return bytes;
}

}  // namespace purgatory::config
