#include "plugins/file/schema.hpp"

#include <sqlite3.h>

#include <array>

#include "plugins/file/fail.hpp"

namespace purgatory::file {
namespace {

/// What has to be said before the first page is written.
constexpr const char* kNewFile = R"(
  PRAGMA page_size = 4096;
  PRAGMA auto_vacuum = INCREMENTAL;
)";

// Also in docs/file-layout.md, with its reasons; a test compares.
constexpr const char* kSchema = R"(
CREATE TABLE project (
  id        INTEGER PRIMARY KEY,
  name      TEXT NOT NULL UNIQUE,
  version   INTEGER NOT NULL DEFAULT 0,   -- the last one given; never restarts
  forgotten INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A purge: its journal entry, and its pile while it has one.
CREATE TABLE purge (
  id              INTEGER PRIMARY KEY,
  project         INTEGER NOT NULL REFERENCES project,
  purge_id        TEXT NOT NULL,
  kind            INTEGER NOT NULL,             -- 0 detach, 1 remove, 2 eviction
  at              INTEGER NOT NULL,             -- all times: milliseconds since 1970, UTC
  actor           TEXT NOT NULL,
  reason          TEXT NOT NULL,
  rule            TEXT NOT NULL,
  scope_level     INTEGER NOT NULL,             -- 0 project level, 1 group, 2 project
  scope_group     TEXT NOT NULL,
  undo_until      INTEGER NOT NULL,
  state           INTEGER NOT NULL,             -- 0 open, 1 sealed, 2 gone
  has_pile        INTEGER NOT NULL DEFAULT 0,
  archived        INTEGER NOT NULL DEFAULT 0,
  restoring_until INTEGER NOT NULL DEFAULT 0,   -- 0: no restore is under way
  jobs            INTEGER NOT NULL DEFAULT 0,
  bytes           INTEGER NOT NULL DEFAULT 0,
  held            INTEGER NOT NULL DEFAULT 0,
  restored        INTEGER NOT NULL DEFAULT 0,
  UNIQUE (project, purge_id)
) STRICT;
CREATE INDEX journal_by_time ON purge (project, at, purge_id) WHERE jobs > 0;
CREATE INDEX empty_receipts ON purge (project, at) WHERE jobs = 0;
CREATE INDEX piles ON purge (project, purge_id) WHERE has_pile = 1;
CREATE INDEX piles_by_end ON purge (project, undo_until) WHERE has_pile = 1;
CREATE INDEX piles_being_freed ON purge (project) WHERE has_pile = 1 AND state = 2;
CREATE INDEX restoring ON purge (project) WHERE restoring_until > 0;

-- What caps took, by rule and kind of bound.
CREATE TABLE eviction (
  purge  INTEGER NOT NULL REFERENCES purge ON DELETE CASCADE,
  rule   TEXT NOT NULL,
  reason TEXT NOT NULL,
  jobs   INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,
  PRIMARY KEY (purge, rule, reason)
) STRICT, WITHOUT ROWID;

-- One pile of jobs of a partition. Purging a scope writes `purge` here, and nowhere else.
CREATE TABLE generation (
  id           INTEGER PRIMARY KEY,
  project      INTEGER NOT NULL REFERENCES project,
  group_name   TEXT NOT NULL,
  held         INTEGER NOT NULL,
  purge        INTEGER REFERENCES purge,   -- NULL: its jobs are in sight
  jobs         INTEGER NOT NULL,
  bytes        INTEGER NOT NULL,
  archive_jobs INTEGER NOT NULL,
  changes      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX live ON generation (project, group_name, held) WHERE purge IS NULL;
CREATE UNIQUE INDEX trash ON generation (purge, group_name) WHERE purge IS NOT NULL;

CREATE TABLE job (
  id             INTEGER PRIMARY KEY,
  generation     INTEGER NOT NULL REFERENCES generation,
  version        INTEGER NOT NULL,
  id_hash        INTEGER NOT NULL,    -- 48 bits of XXH3
  resource_hash  INTEGER,             -- NULL: it has no resource_id
  action_at      INTEGER,             -- when something is to be done about it; NULL: never
  bytes          INTEGER NOT NULL,    -- logical: all lengths, and 64
  job_id         TEXT NOT NULL,
  failed_at      INTEGER NOT NULL,
  recorded_at    INTEGER NOT NULL,
  attempts       INTEGER NOT NULL,
  job_type       TEXT NOT NULL,
  resource_type  TEXT NOT NULL,
  resource_id    TEXT NOT NULL,
  resource_name  TEXT NOT NULL,
  failure_status TEXT NOT NULL,
  error_code     TEXT NOT NULL,
  fail_reason    TEXT NOT NULL,
  labels         BLOB NOT NULL,       -- as docs/record-format.md says
  fields_crc     INTEGER NOT NULL,    -- of all from job_id on, project and group
  rule           TEXT NOT NULL,
  purge_after    INTEGER,
  not_before     INTEGER,
  archive        TEXT NOT NULL,
  rule_hold      TEXT NOT NULL,
  hold_actor     TEXT,                -- NULL: nobody holds it
  hold_reason    TEXT,
  hold_until     INTEGER,
  resolved_at    INTEGER,
  retention_crc  INTEGER NOT NULL     -- of all from rule on
) STRICT;
CREATE INDEX job_by_id ON job (generation, id_hash);
CREATE INDEX job_by_time ON job (generation, failed_at, job_id);
CREATE INDEX job_by_action ON job (generation, action_at) WHERE action_at IS NOT NULL;
CREATE INDEX job_by_resource ON job (generation, resource_hash) WHERE resource_hash IS NOT NULL;

CREATE TABLE payload (
  job   INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE ON UPDATE CASCADE,
  crc   INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
  name  TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  ttl   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- For people with a shell.
CREATE VIEW failed_jobs AS
  SELECT project.name AS project, group_name, job_id,
         strftime('%Y-%m-%dT%H:%M:%fZ', failed_at / 1000.0, 'unixepoch') AS failed_at,
         job_type, resource_type, resource_id, resource_name, failure_status, error_code,
         fail_reason, attempts, job.rule, job.version, job.bytes,
         strftime('%Y-%m-%dT%H:%M:%fZ', purge_after / 1000.0, 'unixepoch') AS purge_after,
         generation.held,
         coalesce(hold_reason, rule_hold) AS hold_reason
  FROM job JOIN generation ON generation.id = job.generation
           JOIN project ON project.id = generation.project
  WHERE generation.purge IS NULL;
CREATE VIEW journal AS
  SELECT project.name AS project, purge_id,
         strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
         CASE kind WHEN 0 THEN 'detach' WHEN 1 THEN 'remove' ELSE 'eviction' END AS kind,
         actor, reason, rule, jobs, bytes, restored,
         CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'sealed' ELSE 'gone' END AS state,
         strftime('%Y-%m-%dT%H:%M:%fZ', undo_until / 1000.0, 'unixepoch') AS undo_until
  FROM purge JOIN project ON project.id = purge.project
  WHERE jobs > 0;
)";

/// From each version of the schema to the next one; the first from nothing.
constexpr std::array<const char*, kSchemaVersion> kMigrations{kSchema};

/// The version of the schema; 0: the file is empty.
std::int64_t version_of(Connection& connection) {
  const std::int64_t application = connection.number("PRAGMA application_id");
  const std::int64_t version = connection.number("PRAGMA user_version");
  const bool empty = !Query(connection, "SELECT 1 FROM sqlite_schema LIMIT 1").step();
  if (application != kApplicationId && !(empty && application == 0 && version == 0)) {
    fail(ErrorCode::config,
         "'{}' is a database of another program (application id {:#x}, a store has {:#x}): name "
         "another path",
         connection.path(), application, kApplicationId);
  }
  if (version < 0 || (version == 0 && !empty)) {
    fail(ErrorCode::corrupt, "'{}' says it has schema {}, which there never was: restore a backup",
         connection.path(), version);
  }
  if (version > kSchemaVersion) {
    fail(ErrorCode::unsupported,
         "'{}' has schema {}, this library knows up to {}: open it with the version that wrote it, "
         "or a later one",
         connection.path(), version, kSchemaVersion);
  }
  return version;
}

/// Turns the write-ahead log on, if it is not. SQLite does not wait for others here.
bool turn_log_on(Connection& connection) {
  for (int attempt = 0;; ++attempt) {
    try {
      Query mode(connection, "PRAGMA journal_mode = WAL");
      return mode.step() && mode.text(0) == "wal";
    } catch (const SqliteError& error) {
      if (error.primary() != SQLITE_BUSY || !connection.wait(attempt)) throw;
    }
  }
}

void migrate(Connection& connection) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    // Another process may have been faster.
    for (std::int64_t version = version_of(connection); version < kSchemaVersion; ++version) {
      connection.execute(kMigrations[static_cast<std::size_t>(version)]);
    }
    connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
                                   kApplicationId, kSchemaVersion)
                           .c_str());
  } catch (...) {
    if (connection.in_transaction()) connection.execute("ROLLBACK");
    throw;
  }
}

}  // namespace

const char* schema() { return kSchema; }

void prepare_store(Connection& connection) {
  const std::int64_t version = [&] {
    const Snapshot snapshot(connection);  // another process may be making it
    return version_of(connection);
  }();
  if (version == 0) connection.execute(kNewFile);
  if (!turn_log_on(connection)) {
    fail(ErrorCode::unsupported,
         "'{}' cannot have a write-ahead log: its file system lacks shared memory, as network file "
         "systems do; name a path on a local disk",
         connection.path());
  }
  if (version < kSchemaVersion) migrate(connection);
}

}  // namespace purgatory::file
