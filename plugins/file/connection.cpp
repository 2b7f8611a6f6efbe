#include "plugins/file/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <random>
#include <thread>

#include "plugins/file/fail.hpp"

namespace purgatory::file {
namespace {

/// How often a statement that runs long looks at the clock, in steps of SQLite's machine.
constexpr int kStepsBetweenLooks = 10'000;

/// Each is of the connection, not of the file.
constexpr const char* kSettings = R"(
  PRAGMA foreign_keys = ON;
  PRAGMA temp_store = MEMORY;    -- savepoints and sorts never touch the disk
  PRAGMA secure_delete = FAST;   -- zeroes what it writes anyway
  PRAGMA cell_size_check = ON;   -- damage is found before it is followed
  PRAGMA trusted_schema = OFF;
)";

/// What SQLite counts of its memory is never asked for, and would make all threads share a lock.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

void Connection::Close::operator()(sqlite3* database) const noexcept {
  while (sqlite3_stmt* statement = sqlite3_next_stmt(database, nullptr)) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(database);
}

Connection::Connection(Location location, Mode mode, std::chrono::steady_clock::time_point deadline)
    : location_(std::move(location)), deadline_(deadline) {
  configure_once();
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    SQLITE_OPEN_PRIVATECACHE | (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
  sqlite3* database = nullptr;
  const int opened = sqlite3_open_v2(location_.path.c_str(), &database, flags, nullptr);
  database_.reset(database);
  if (opened != SQLITE_OK) fail();
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_busy_handler(database, busy, this);
  // Whoever closes the file last leaves its log, with the room that it has on the disk.
  int persistent = 1;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_PERSIST_WAL, &persistent);
  int chunk = kChunkBytes;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_CHUNK_SIZE, &chunk);
  execute(kSettings);
  execute(fmt::format("PRAGMA synchronous = {}; PRAGMA cache_size = -{};",
                      location_.sync_commits ? "FULL" : "NORMAL", location_.cache_bytes / 1024)
              .c_str());
}

Connection::~Connection() = default;

bool Connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

std::int64_t Connection::last_id() const noexcept {
  return sqlite3_last_insert_rowid(database_.get());
}

int Connection::busy(void* connection, int attempt) noexcept {
  return static_cast<Connection*>(connection)->wait(attempt) ? 1 : 0;
}

bool Connection::wait(int attempt) const noexcept {
  using std::chrono::microseconds;
  using std::chrono::steady_clock;
  const auto now = steady_clock::now();
  if (deadline_ <= now) return false;  // no difference yet: from the earliest time it overflows
  // Nobody wakes us: the lock is another's. Random, so that two do not meet again and again.
  thread_local std::minstd_rand random(std::random_device{}());
  const int most = std::min(50 << std::min(attempt, 5), 1000);
  const microseconds pause(std::uniform_int_distribution<int>(most / 2, most)(random));
  std::this_thread::sleep_for(std::min<steady_clock::duration>(pause, deadline_ - now));
  return true;
}

int Connection::late(void* connection) noexcept {
  return static_cast<Connection*>(connection)->deadline_ <= std::chrono::steady_clock::now() ? 1
                                                                                             : 0;
}

void Connection::end_statements_at_deadline() noexcept {
  sqlite3_progress_handler(database_.get(), kStepsBetweenLooks, late, this);
}

void Connection::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Connection::number(const char* sql) {
  Query row(*this, sql);
  return row.step() ? row.integer(0) : 0;
}

sqlite3_stmt* Connection::take(const char* sql) {
  std::vector<sqlite3_stmt*>& free = statements_[sql];
  if (!free.empty()) {
    sqlite3_stmt* statement = free.back();
    free.pop_back();
    return statement;
  }
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK) {
    fail();
  }
  free.reserve(free.size() + 1);
  return statement;
}

void Connection::give_back(const char* sql, sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  statements_[sql].push_back(statement);
}

void Connection::fail() const {
  const int code = database_ ? sqlite3_extended_errcode(database_.get()) : SQLITE_NOMEM;
  throw SqliteError(code, location_.path,
                    database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code));
}

bool Query::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: connection_.fail();
  }
}

std::int64_t Query::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

bool Query::null(int column) const noexcept {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Query::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (bytes == nullptr && sqlite3_errcode(connection_.handle()) == SQLITE_NOMEM) {
    connection_.fail();
  }
  return {static_cast<const char*>(bytes), bytes == nullptr ? 0 : static_cast<std::size_t>(size)};
}

void Query::bind(int place, std::int64_t value) {
  if (sqlite3_bind_int64(statement_, place, value) != SQLITE_OK) connection_.fail();
}

void Query::bind(int place, std::string_view text) {
  const char* bytes = text.data() == nullptr ? "" : text.data();
  if (sqlite3_bind_text64(statement_, place, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8) !=
      SQLITE_OK) {
    connection_.fail();
  }
}

void Query::bind(int place, Blob blob) {
  const char* bytes = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  if (sqlite3_bind_blob64(statement_, place, bytes, blob.bytes.size(), SQLITE_STATIC) !=
      SQLITE_OK) {
    connection_.fail();
  }
}

void Query::bind(int place, std::nullptr_t) {
  if (sqlite3_bind_null(statement_, place) != SQLITE_OK) connection_.fail();
}

Snapshot::~Snapshot() {
  try {
    Query(connection_, "COMMIT").run();
  } catch (const std::exception&) {  // it wrote nothing; the next BEGIN would tell
  }
}

}  // namespace purgatory::file
