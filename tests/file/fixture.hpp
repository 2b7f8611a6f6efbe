#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/file/connection.hpp"
#include "tests/contract/fixture.hpp"
#include "tests/processes/temporary_directory.hpp"

struct sqlite3;

/// What the tests of the file backend share: directories, stores at a path, a look past the
/// backend.
namespace purgatory::file_test {

namespace fs = std::filesystem;

/// A fresh directory.
class Directory {
 public:
  [[nodiscard]] const fs::path& path() const noexcept { return directory_.path(); }
  [[nodiscard]] fs::path operator/(std::string_view name) const { return path() / name; }

 private:
  processes::TemporaryDirectory directory_;
};

/// As the plugin opens it, with small caches.
[[nodiscard]] file::Location location_of(const fs::path& path);
/// Opens the store at a path, or makes it, as a host does: `checked`.
[[nodiscard]] std::unique_ptr<FailedJobRepository> at_path(const fs::path& path);

/// "code: message" of what opening a path fails with, `<path>` in the place of the path; or
/// "no error".
[[nodiscard]] std::string opening(const fs::path& path);
/// The text with `<path>` in the place of a path.
[[nodiscard]] std::string without_path(std::string text, const fs::path& path);

/// A call that ends after this time.
[[nodiscard]] Call call_of(const contract::Store& store, std::chrono::milliseconds timeout);

/// What `check` finds, walked to its end: "where: what" each.
[[nodiscard]] std::vector<std::string> findings(const contract::Store& store);

/// A plain connection of SQLite's, which knows nothing of the backend. Throws std::runtime_error.
class Raw {
 public:
  explicit Raw(const fs::path& path);

  void run(const std::string& sql) const;
  /// The first column of the first row.
  [[nodiscard]] std::string value(const std::string& sql) const;
  /// This column of each row.
  [[nodiscard]] std::vector<std::string> column(const std::string& sql, int column) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// Tells why a test is not run here. For a test that needs root: `if (!is_root()) return;`.
void print_not_run(std::string_view why);
[[nodiscard]] bool is_root();

}  // namespace purgatory::file_test
