#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

/// As much of SQLite as the rivals need. Every function throws std::runtime_error if SQLite fails.
namespace purgatory::benchmarks::rivals {

/// One connection, for one thread at a time, to a file in WAL mode with each commit synced.
class SqliteConnection {
 public:
  explicit SqliteConnection(const std::filesystem::path& file);

  void execute(const std::string& sql);
  /// Rows that the last statement wrote or deleted.
  [[nodiscard]] std::uint64_t changes() const noexcept;
  [[nodiscard]] sqlite3* get() const noexcept { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

/// A prepared statement. Texts are borrowed until `reset`.
class SqliteStatement {
 public:
  SqliteStatement(const SqliteConnection& connection, std::string_view sql);

  /// Binds the parameters from the first on.
  template <typename... Values>
  SqliteStatement& bind(const Values&... values) {
    int place = 0;
    (bind_one(++place, values), ...);
    return *this;
  }
  /// True: there is a row.
  bool step();
  void run();  ///< Steps to the end, and resets.
  void reset() noexcept { sqlite3_reset(statement_.get()); }

  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  template <typename Value>
  void bind_one(int place, const Value& value) {
    if constexpr (std::is_integral_v<Value>) {
      bind_integer(place, static_cast<std::int64_t>(value));
    } else {
      bind_text(place, value);
    }
  }
  void bind_integer(int place, std::int64_t value);
  void bind_text(int place, std::string_view value);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Resets a statement at the end of a block, whatever happens in it.
class SqliteReset {
 public:
  explicit SqliteReset(SqliteStatement& statement) noexcept : statement_(statement) {}
  ~SqliteReset() { statement_.reset(); }
  SqliteReset(const SqliteReset&) = delete;
  SqliteReset& operator=(const SqliteReset&) = delete;

 private:
  SqliteStatement& statement_;
};

}  // namespace purgatory::benchmarks::rivals
