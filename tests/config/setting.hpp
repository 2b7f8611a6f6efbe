#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "purgatory/config.hpp"
#include "purgatory/error.hpp"

/// What a configuration meets outside of its file: a working directory and variables.
namespace purgatory::config_test {

namespace fs = std::filesystem;

/// An empty directory to work in; gone afterwards.
class WorkingDirectory {
 public:
  WorkingDirectory();
  ~WorkingDirectory();
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path before_;
  fs::path path_;
};

/// An environment variable that has this value, or none.
class Variable {
 public:
  Variable(const char* name, std::optional<std::string> value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// Makes the directories of `file`, too.
void write(const fs::path& file, std::string_view text);
[[nodiscard]] std::string read(const fs::path& file);

/// A configuration for the sample plugin, which has an option of each type; `options` are lines
/// that are indented here.
[[nodiscard]] std::string sample(std::string_view options);

/// Its options, read from a text.
[[nodiscard]] Options options_of(std::string_view options);

/// What `call` throws.
template <typename Call>
[[nodiscard]] Error error_of(Call&& call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return {ErrorCode::config, ""};
}

/// The mistakes that `text` is refused for.
[[nodiscard]] std::string mistakes_of(std::string_view text);

}  // namespace purgatory::config_test
