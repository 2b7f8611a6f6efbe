#include "benchmarks/rivals/sqlite.hpp"

#include <stdexcept>

namespace purgatory::benchmarks::rivals {
namespace {

void demand(bool done, sqlite3* connection) {
  if (!done) throw std::runtime_error(std::string("SQLite: ") + sqlite3_errmsg(connection));
}

}  // namespace

SqliteConnection::SqliteConnection(const std::filesystem::path& file) {
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &opened, kFlags, nullptr);
  connection_.reset(opened);
  demand(result == SQLITE_OK, opened);
  sqlite3_busy_timeout(opened, 60'000);
  execute("PRAGMA journal_mode = WAL");
  execute("PRAGMA synchronous = FULL");
  // What the file backend has, too: with the default of 2 MB each index is a walk through the file.
  execute("PRAGMA cache_size = -16384");
}

void SqliteConnection::execute(const std::string& sql) {
  demand(sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, get());
}

std::uint64_t SqliteConnection::changes() const noexcept {
  return static_cast<std::uint64_t>(sqlite3_changes64(get()));
}

SqliteStatement::SqliteStatement(const SqliteConnection& connection, std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int result = sqlite3_prepare_v3(connection.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement_.reset(prepared);
  demand(result == SQLITE_OK, connection.get());
}

bool SqliteStatement::step() {
  const int result = sqlite3_step(statement_.get());
  demand(result == SQLITE_ROW || result == SQLITE_DONE, sqlite3_db_handle(statement_.get()));
  return result == SQLITE_ROW;
}

void SqliteStatement::run() {
  const SqliteReset reset(*this);
  while (step()) continue;
}

std::int64_t SqliteStatement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

void SqliteStatement::bind_integer(int place, std::int64_t value) {
  const int result = sqlite3_bind_int64(statement_.get(), place, value);
  demand(result == SQLITE_OK, sqlite3_db_handle(statement_.get()));
}

void SqliteStatement::bind_text(int place, std::string_view value) {
  const int result = sqlite3_bind_text64(statement_.get(), place, value.data(), value.size(),
                                         SQLITE_STATIC, SQLITE_UTF8);
  demand(result == SQLITE_OK, sqlite3_db_handle(statement_.get()));
}

}  // namespace purgatory::benchmarks::rivals
