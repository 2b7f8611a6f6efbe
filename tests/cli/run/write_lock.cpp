#include "tests/cli/run/write_lock.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace purgatory::cli_run {

void WriteLock::Close::operator()(sqlite3* database) const noexcept { sqlite3_close(database); }

WriteLock::WriteLock(const std::filesystem::path& store) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open(store.c_str(), &database);
  database_.reset(database);
  constexpr int kPatience = 10'000;  // milliseconds, for somebody who writes just now
  sqlite3_busy_timeout(database, kPatience);
  if (code != SQLITE_OK ||
      sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(database));
  }
}

}  // namespace purgatory::cli_run
