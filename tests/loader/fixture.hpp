#pragma once

#include <unistd.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/purgatory.hpp"

namespace purgatory::loader_test {

namespace fs = std::filesystem;

/// The plugin that most tests ask for.
inline constexpr std::string_view kName = "tested";

/// A fresh directory for plugins, which nobody else may write whatever the umask is; it is removed
/// with everything in it. Plugins that are loaded meanwhile leave a mark in it.
class Place {
 public:
  Place();
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] const fs::path& directory() const noexcept { return directory_; }
  [[nodiscard]] fs::path above() const { return directory_.parent_path(); }
  /// Where `put` copies to, and what `find` looks for.
  [[nodiscard]] fs::path file() const { return directory_ / "purgatory_tested.so"; }

  /// Copies the hostile plugin that is wrong in this way.
  fs::path put(std::string_view way, fs::perms mode = fs::perms{0644}) const;
  /// A file with this text.
  fs::path write(std::string_view text) const;
  /// Another directory beside `directory()`.
  [[nodiscard]] fs::path make_directory(std::string_view name) const;

  /// Whether code of a hostile plugin ran.
  [[nodiscard]] bool code_ran() const;

  /// The text with the paths and the compiler of this machine replaced by placeholders.
  [[nodiscard]] std::string without_machine(std::string text) const;

 private:
  fs::path directory_;
};

/// Copies a file, with exactly these permissions.
void copy_as(const fs::path& from, const fs::path& to, fs::perms mode = fs::perms{0644});

/// Sets or, if there is no value, unsets a variable of the environment for a while.
class Variable {
 public:
  Variable(std::string name, const std::optional<std::string>& value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

/// This process as another user, if it may do that.
class OtherUser {
 public:
  static constexpr uid_t kId = 12345;
  OtherUser();
  ~OtherUser();
  OtherUser(const OtherUser&) = delete;
  OtherUser& operator=(const OtherUser&) = delete;
};

/// True if this process is root. Prints why something is not run otherwise.
[[nodiscard]] bool is_root(std::string_view what);

/// A plugin that is refused; refused/<name>.expected is what has to be said about it.
struct Refusal {
  std::string name;
  std::function<void(const Place&)> attempt;
  bool code_runs = false;
  ErrorCode code = ErrorCode::plugin;
  bool needs_root = false;
};

std::vector<Refusal> refusals_of_files();
std::vector<Refusal> refusals_of_owners();
std::vector<Refusal> refusals_of_descriptors();
std::vector<Refusal> refusals_of_searches();
std::vector<Refusal> refusals_of_verification();

/// Fails the test unless each attempt fails as it should.
void check(const std::vector<Refusal>& refusals);

/// Loads place.file() as "tested".
void load(const Place& place, bool allow_insecure = false);

/// A configuration that looks for `backend` in one directory first.
[[nodiscard]] Config config_for(std::string_view backend, const fs::path& directory);

/// The plugin of the memory backend in the build tree, if it is one.
[[nodiscard]] fs::path memory_plugin();

/// The file that a plugin was loaded from.
[[nodiscard]] fs::path origin_of(const plugin::Descriptor& descriptor);

/// Records one job. Returns how many there are.
std::uint64_t record_one(FailedJobRepository& jobs, const Host& host);

}  // namespace purgatory::loader_test
