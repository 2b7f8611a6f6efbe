#pragma once

#include <cstdint>
#include <filesystem>

namespace purgatory::benchmarks {

/// A new directory, removed at the end with all that is in it. It is made in the directory that the
/// environment names as PURGATORY_BENCHMARK_DIRECTORY, or else in that for temporary files.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();

  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// What the files in it hold together.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  std::filesystem::path path_;
};

}  // namespace purgatory::benchmarks
