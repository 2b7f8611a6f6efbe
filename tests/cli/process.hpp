#pragma once

#include <filesystem>
#include <string>

namespace purgatory::cli_test {

/// A new directory, gone with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Writes a file into it.
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string text_of(const std::filesystem::path& file);

/// What a command line of sh prints, on stdout and stderr.
[[nodiscard]] std::string output_of(const std::string& command);

/// One word of sh.
[[nodiscard]] std::string quoted(const std::string& text);

}  // namespace purgatory::cli_test
