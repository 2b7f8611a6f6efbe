#pragma once

#include <filesystem>
#include <memory>

struct sqlite3;

namespace purgatory::cli_run {

/// Keeps everybody else from writing to a store, until it ends.
class WriteLock {
 public:
  explicit WriteLock(const std::filesystem::path& store);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace purgatory::cli_run
