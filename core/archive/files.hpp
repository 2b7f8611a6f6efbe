#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "purgatory/host.hpp"

/// Files that survive a power cut, and reading those of anybody.
namespace purgatory::archive {

/// Writes files below the directory of an archive, which it makes. Throws Error{exhausted} if the
/// disk is full, {permission}, {unavailable}: what was asked for may be there or not.
class Files {
 public:
  /// `host` must outlive it.
  Files(std::filesystem::path root, const Host& host) : root_(std::move(root)), host_(host) {}

  /// Makes a directory at or below the root, private to its user, and what is missing above it.
  void make_directory(const std::filesystem::path& directory) const;

  /// On return the file has these bytes, and that is durable. Whoever looks sees all of it or
  /// none.
  void write(const std::filesystem::path& file, std::string_view bytes) const;

 private:
  void sync_directory(const std::filesystem::path& directory) const;
  [[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) const;

  std::filesystem::path root_;
  const Host& host_;
};

/// The bytes of a regular file of at most `most` bytes. Throws Damage.
[[nodiscard]] std::string read_file(const std::filesystem::path& file, std::uint64_t most);

/// What lies in a directory. Throws Error{not_found}, {permission}, {unavailable}.
[[nodiscard]] std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory);
/// Of one that cannot be read, what was read of it.
[[nodiscard]] std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory,
                                                            std::error_code& error);

/// Removes what writers that died have left in a directory, as far as that can be done; what others
/// are writing stays.
void remove_temporary(const std::filesystem::path& directory);

}  // namespace purgatory::archive
