#include "benchmarks/rivals/plain_sqlite_store.hpp"

#include <utility>

namespace purgatory::benchmarks::rivals {
namespace {

// By purge_after goes the nightly DELETE of whatever is due.
constexpr const char* kSchema = R"(
CREATE TABLE failed_job (
  project TEXT NOT NULL, grp TEXT NOT NULL, job_id TEXT NOT NULL,
  failed_at INTEGER NOT NULL, status TEXT NOT NULL, error_code TEXT NOT NULL,
  fail_reason TEXT NOT NULL, attempts INTEGER NOT NULL, job_type TEXT NOT NULL,
  resource_type TEXT NOT NULL, resource_id TEXT NOT NULL, resource_name TEXT NOT NULL,
  labels TEXT NOT NULL, rule TEXT NOT NULL, purge_after INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL, payload BLOB NOT NULL,
  PRIMARY KEY (project, grp, job_id));
CREATE INDEX failed_job_time ON failed_job (project, failed_at);
CREATE INDEX failed_job_due ON failed_job (purge_after);
CREATE INDEX failed_job_status ON failed_job (project, status, failed_at);
)";

constexpr std::string_view kUpsert = R"(
INSERT INTO failed_job VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (project, grp, job_id) DO UPDATE SET
  failed_at = excluded.failed_at, status = excluded.status, error_code = excluded.error_code,
  fail_reason = excluded.fail_reason, attempts = excluded.attempts, job_type = excluded.job_type,
  resource_type = excluded.resource_type, resource_id = excluded.resource_id,
  resource_name = excluded.resource_name, labels = excluded.labels, rule = excluded.rule,
  purge_after = excluded.purge_after, recorded_at = excluded.recorded_at,
  payload = excluded.payload
WHERE excluded.failed_at >= failed_at)";

// What a page shows of a job; `find` shows the payload, too.
constexpr std::string_view kSummary =
    "grp, job_id, failed_at, status, error_code, fail_reason, attempts, job_type, resource_type, "
    "resource_id, resource_name, labels, rule, purge_after, recorded_at";

constexpr std::string_view kNewestFirst = " ORDER BY failed_at DESC, job_id DESC, grp DESC LIMIT ?";
// The + keeps SQLite from walking the whole project by time or status: to read a group by its key
// and sort it is faster.
constexpr std::string_view kGroup = "project = ? AND grp = ?";
constexpr std::string_view kNewestOfGroup = " ORDER BY +failed_at DESC, job_id DESC LIMIT ?";

std::string select(std::string_view columns, std::string_view rest) {
  std::string sql("SELECT ");
  return sql.append(columns).append(" FROM failed_job WHERE ").append(rest);
}

std::string project_page_of(std::string_view where) {
  return select(kSummary, where).append(kNewestFirst);
}

std::string group_page_of(std::string_view filter) {
  return select(kSummary, kGroup).append(filter).append(kNewestOfGroup);
}

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }

Time time_at(std::int64_t milliseconds) { return Time(std::chrono::milliseconds(milliseconds)); }

/// One text, as a table without labels has them: "region=us-east;".
std::string joined(const std::map<std::string, std::string>& labels) {
  std::string text;
  for (const auto& [key, value] : labels) text.append(key).append("=").append(value).append(";");
  return text;
}

Listed listed(const SqliteStatement& row, std::string_view project) {
  return {.identity = {std::string(project), row.text(0), row.text(1)},
          .summary = {.job_type = row.text(7),
                      .resource_type = row.text(8),
                      .resource_id = row.text(9),
                      .resource_name = row.text(10),
                      .failure_status = row.text(3),
                      .error_code = row.text(4),
                      .fail_reason = row.text(5),
                      .labels = {{"labels", row.text(11)}},
                      .rule = row.text(12),
                      .failed_at = time_at(row.integer(2)),
                      .recorded_at = time_at(row.integer(14)),
                      .purge_after = time_at(row.integer(13)),
                      .attempts = static_cast<std::uint32_t>(row.integer(6))}};
}

SqliteConnection open_table(const std::filesystem::path& file) {
  SqliteConnection connection(file);
  connection.execute(kSchema);
  return connection;
}

}  // namespace

struct PlainSqliteStore::Writer {
  explicit Writer(const std::filesystem::path& file) : connection(open_table(file)) {}

  void write(const Sample& sample) {
    const FailedJob& job = sample.job;
    const std::string labels = joined(job.labels);
    upsert
        .bind(job.project, job.group, job.job_id, milliseconds(job.failed_at), job.failure_status,
              job.error_code, job.fail_reason, job.attempts, job.job_type, job.resource_type,
              job.resource_id, job.resource_name, labels, sample.stamp.rule,
              milliseconds(sample.stamp.purge_after.value_or(Time::max())),
              milliseconds(Workload::end()), job.payload)
        .run();
  }

  std::uint64_t purge(SqliteStatement& statement) {
    statement.run();
    return connection.changes();
  }

  SqliteConnection connection;
  SqliteStatement upsert{connection, kUpsert};
  SqliteStatement begin{connection, "BEGIN IMMEDIATE"};
  SqliteStatement commit{connection, "COMMIT"};
  SqliteStatement delete_group{connection, "DELETE FROM failed_job WHERE project = ? AND grp = ?"};
  SqliteStatement delete_project{connection, "DELETE FROM failed_job WHERE project = ?"};
  SqliteStatement delete_due{connection,
                             "DELETE FROM failed_job WHERE project = ? AND purge_after <= ?"};
  SqliteStatement delete_all{connection, "DELETE FROM failed_job"};
};

struct PlainSqliteStore::Reader {
  explicit Reader(const std::filesystem::path& file) : connection(file) {}

  /// The statement for a page of these jobs, bound but for the limit.
  SqliteStatement& page(const Query& query, std::size_t limit) {
    const std::string& project = query.project;
    if (query.group && query.failure_status) {
      return filtered_page.bind(project, *query.group, *query.failure_status, limit);
    }
    if (query.group) return group_page.bind(project, *query.group, limit);
    if (query.failure_status) return status_page.bind(project, *query.failure_status, limit);
    return project_page.bind(project, limit);
  }

  SqliteConnection connection;
  SqliteStatement one{connection, select(std::string(kSummary) + ", payload",
                                         "project = ? AND grp = ? AND job_id = ?")};
  SqliteStatement project_page{connection, project_page_of("project = ?")};
  SqliteStatement status_page{connection, project_page_of("project = ? AND status = ?")};
  SqliteStatement group_page{connection, group_page_of("")};
  SqliteStatement filtered_page{connection, group_page_of(" AND +status = ?")};
  SqliteStatement number{connection, select("count(*)", "status = ?")};
};

PlainSqliteStore::PlainSqliteStore()
    : writer_(std::make_unique<Writer>(directory_.path() / "plain.db")),
      reader_(std::make_unique<Reader>(directory_.path() / "plain.db")) {}

PlainSqliteStore::~PlainSqliteStore() = default;

void PlainSqliteStore::record(const Sample& sample) {
  const std::scoped_lock lock(writing_);
  writer_->write(sample);
}

void PlainSqliteStore::record(std::span<const Sample> samples) {
  const std::scoped_lock lock(writing_);
  writer_->begin.run();
  for (const Sample& sample : samples) writer_->write(sample);
  writer_->commit.run();
}

bool PlainSqliteStore::find(std::string_view project, std::string_view group,
                            std::string_view job_id) {
  const std::scoped_lock lock(reading_);
  SqliteStatement& one = reader_->one.bind(project, group, job_id);
  const SqliteReset reset(one);
  if (!one.step()) return false;
  const Listed job = listed(one, project);
  const std::string payload = one.text(15);
  return !job.summary.job_type.empty() && !payload.empty();
}

std::size_t PlainSqliteStore::page(const Query& query, std::size_t limit) {
  std::vector<Listed> page;
  page.reserve(limit);
  const std::scoped_lock lock(reading_);
  SqliteStatement& rows = reader_->page(query, limit);
  const SqliteReset reset(rows);
  while (rows.step()) page.push_back(listed(rows, query.project));
  return page.size();
}

std::uint64_t PlainSqliteStore::count(std::string_view failure_status) {
  const std::scoped_lock lock(reading_);
  SqliteStatement& number = reader_->number.bind(failure_status);
  const SqliteReset reset(number);
  number.step();
  return static_cast<std::uint64_t>(number.integer(0));
}

std::uint64_t PlainSqliteStore::purge_group(std::string_view project, std::string_view group) {
  const std::scoped_lock lock(writing_);
  return writer_->purge(writer_->delete_group.bind(project, group));
}

std::uint64_t PlainSqliteStore::purge_project(std::string_view project) {
  const std::scoped_lock lock(writing_);
  return writer_->purge(writer_->delete_project.bind(project));
}

std::uint64_t PlainSqliteStore::purge_due(std::string_view project, Time now) {
  const std::scoped_lock lock(writing_);
  return writer_->purge(writer_->delete_due.bind(project, milliseconds(now)));
}

std::uint64_t PlainSqliteStore::purge_all() {
  const std::scoped_lock lock(writing_);
  return writer_->purge(writer_->delete_all);
}

std::uint64_t PlainSqliteStore::close_and_weigh() {
  reader_.reset();
  writer_.reset();
  return directory_.bytes();
}

}  // namespace purgatory::benchmarks::rivals
