#pragma once

#include <filesystem>
#include <string>

namespace purgatory::processes {

/// A new empty directory, removed with all that is in it at the end: below the system's directory
/// for temporary files, or below PURGATORY_TEST_DIRECTORY.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace purgatory::processes
