#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "purgatory/failed_job.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace purgatory::file {

/// The file and its log grow by this much at a time.
inline constexpr int kChunkBytes = 1 << 20;

/// How a store is opened, the same for each of its connections.
struct Location {
  std::string path;          ///< Absolute.
  bool sync_commits = true;  ///< durability: full
  std::uint64_t cache_bytes = 0;
};

/// One connection to the file, for one thread at a time. Throws SqliteError, as does everything
/// that is done with it.
class Connection {
 public:
  enum class Mode { open, create };

  /// Opens the file; `create` makes an empty one if there is none. For `deadline` see below.
  Connection(Location location, Mode mode, std::chrono::steady_clock::time_point deadline);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  [[nodiscard]] const std::string& path() const noexcept { return location_.path; }
  [[nodiscard]] sqlite3* handle() const noexcept { return database_.get(); }
  /// False within BEGIN ... COMMIT. SQLite may end a transaction by itself when a statement fails.
  [[nodiscard]] bool in_transaction() const noexcept;

  /// How long a statement may wait for a lock of another process, and, of a reading connection, how
  /// long it may run.
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept {
    deadline_ = deadline;
  }
  /// Waits a moment for a lock of another, the longer the more attempts there were. False: the
  /// deadline has passed.
  [[nodiscard]] bool wait(int attempt) const noexcept;
  /// Also ends statements at the deadline. Not for connections that write: SQLite would roll the
  /// whole transaction back.
  void end_statements_at_deadline() noexcept;

  /// The id of the row that was inserted last.
  [[nodiscard]] std::int64_t last_id() const noexcept;

  /// Runs statements that return nothing. For set-up: everything else is prepared.
  void execute(const char* sql);

  /// The number that a statement returns; 0: none.
  [[nodiscard]] std::int64_t number(const char* sql);

  /// A prepared statement that nobody uses; give it back.
  sqlite3_stmt* take(const char* sql);
  void give_back(const char* sql, sqlite3_stmt* statement);

  [[noreturn]] void fail() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };

  static int busy(void* connection, int attempt) noexcept;
  static int late(void* connection) noexcept;

  Location location_;
  std::unique_ptr<sqlite3, Close> database_;
  std::chrono::steady_clock::time_point deadline_;
  /// By the address of their text: each is a constant.
  boost::unordered_flat_map<const char*, std::vector<sqlite3_stmt*>> statements_;
};

/// One use of a prepared statement. `sql` is a constant; the values are borrowed until the end.
///
///     Query row(db, "SELECT id FROM project WHERE name = ?1", name);
///     if (row.step()) use(row.integer(0));
class Query {
 public:
  template <typename... Values>
  Query(Connection& connection, const char* sql, Values&&... values)
      : connection_(connection), sql_(sql), statement_(connection.take(sql)) {
    static_assert(!(std::is_same_v<Values, std::string> || ...),
                  "it would be gone when it is read");
    try {
      int place = 0;
      (bind(++place, values), ...);
    } catch (...) {
      connection_.give_back(sql_, statement_);
      throw;
    }
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { connection_.give_back(sql_, statement_); }

  /// True: there is a row. False: that was all.
  bool step();
  /// Steps to the end.
  void run() {
    while (step()) continue;
  }

  // The columns of the row, from 0 on. Texts are borrowed until the next step.
  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::uint64_t number(int column) const noexcept {
    return static_cast<std::uint64_t>(integer(column));
  }
  [[nodiscard]] bool flag(int column) const noexcept { return integer(column) != 0; }
  [[nodiscard]] bool null(int column) const noexcept;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] Time time(int column) const noexcept {
    return Time(std::chrono::milliseconds(integer(column)));
  }
  [[nodiscard]] std::optional<Time> optional_time(int column) const noexcept {
    return null(column) ? std::nullopt : std::optional(time(column));
  }

 private:
  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view text);
  void bind(int place, std::nullptr_t);
  template <std::integral Integer>
  void bind(int place, Integer value) {
    bind(place, static_cast<std::int64_t>(value));
  }
  void bind(int place, Time time) { bind(place, time.time_since_epoch().count()); }
  void bind(int place, const std::string& text) { bind(place, std::string_view(text)); }
  void bind(int place, const char* text) { bind(place, std::string_view(text)); }
  void bind(int place, struct Blob blob);
  template <typename Value>
  void bind(int place, const std::optional<Value>& value) {
    value ? bind(place, *value) : bind(place, nullptr);
  }

  Connection& connection_;
  const char* sql_;
  sqlite3_stmt* statement_;
};

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

/// The rows of one moment: a transaction that only reads.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : connection_(connection) {
    Query(connection_, "BEGIN").run();
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

 private:
  Connection& connection_;
};

}  // namespace purgatory::file
