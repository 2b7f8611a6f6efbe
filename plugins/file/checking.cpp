// R18: check.

#include <sqlite3.h>
#include <algorithm>

#include <array>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <tuple>

#include "plugins/file/block_signals.hpp"
#include "plugins/file/fail.hpp"
#include "plugins/file/generation.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

/// Where a check stands: it looks at the jobs of one generation after the other, then at the
/// payloads.
struct CheckCursor {
  bool in_payloads = false;
  std::int64_t generation = 0;  ///< Or, in the payloads, the last one seen.
  std::int64_t changes = -1;    ///< The generation's when its first job was seen; -1: none was.
  Time failed_at{};             ///< The last job seen: by this, its job_id and its row.
  std::int64_t row = 0;
  Totals seen{};
  std::string job_id{};
};

std::string print(const CheckCursor& cursor) {
  return fmt::format("{} {} {} {} {} {} {} {} {}", cursor.in_payloads ? 1 : 0, cursor.generation,
                     cursor.changes, cursor.failed_at.time_since_epoch().count(), cursor.row,
                     cursor.seen.jobs, cursor.seen.bytes, cursor.seen.archive_jobs, cursor.job_id);
}

CheckCursor parse(std::string_view text) {
  std::array<std::int64_t, 8> numbers{};
  const char* const end = text.data() + text.size();
  const char* next = text.data();
  for (std::int64_t& number : numbers) {
    const auto [behind, error] = std::from_chars(next, end, number);
    if (error != std::errc{} || behind == end || *behind != ' ') {
      fail(ErrorCode::invalid_argument,
           "check: '{}' is no cursor that check returned; begin without one", text);
    }
    next = behind + 1;
  }
  const auto [in_payloads, generation, changes, failed_at, row, jobs, bytes, archive_jobs] =
      numbers;
  return {.in_payloads = in_payloads != 0,
          .generation = generation,
          .changes = changes,
          .failed_at = Time(std::chrono::milliseconds(failed_at)),
          .row = row,
          .seen = {.jobs = static_cast<std::uint64_t>(jobs),
                   .bytes = static_cast<std::uint64_t>(bytes),
                   .archive_jobs = static_cast<std::uint64_t>(archive_jobs)},
          .job_id = std::string(next, end)};
}

/// Ends what SQLite does when a deadline passes. Its own check of a database looks at nothing else
/// while it works.
class Alarm {
 public:
  Alarm(sqlite3* database, std::chrono::steady_clock::time_point deadline) {
    const BlockSignals block;
    thread_ = std::jthread([=](const std::stop_token& stop) {
      std::mutex mutex;
      std::condition_variable_any never;
      std::unique_lock lock(mutex);
      never.wait_until(lock, stop, deadline, [] { return false; });
      if (!stop.stop_requested()) sqlite3_interrupt(database);
    });
  }

 private:
  std::jthread thread_;
};

/// One call of check, within one snapshot.
class Checker {
 public:
  Checker(Connection& db, CheckCursor cursor, const Budget& budget,
          std::chrono::steady_clock::time_point end)
      : db_(db), cursor_(std::move(cursor)), budget_(budget), end_(end) {}

  /// What SQLite itself finds: damaged pages, indexes that do not fit their table, rows that point
  /// nowhere. It cannot be sliced: give the first call of a walk the time to read the whole file.
  void check_database(const Call& call) {
    const Alarm alarm(db_.handle(), call.deadline);
    Query rows(db_, "PRAGMA integrity_check");
    while (rows.step()) {
      if (rows.text(0) != "ok") report("the database", std::string(rows.text(0)));
    }
    for (const char* sql :
         {"PRAGMA foreign_key_check(generation)", "PRAGMA foreign_key_check(purge)",
          "PRAGMA foreign_key_check(eviction)"}) {
      Query orphans(db_, sql);
      while (orphans.step()) {
        report(fmt::format("{} {}", orphans.text(0), orphans.integer(1)),
               fmt::format("it belongs to a {} that is not there", orphans.text(2)));
      }
    }
  }

  CheckResult run() {
    while (!cursor_.in_payloads) {
      if (!check_generation()) return stopped();
      cursor_ = {.generation = cursor_.generation};
      if (!next_generation()) cursor_ = {.in_payloads = true};
    }
    if (!check_payloads()) return stopped();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool may_go_on() const {
    return result_.jobs == 0 ||
           (result_.jobs < budget_.jobs && std::chrono::steady_clock::now() < end_);
  }

  CheckResult stopped() {
    result_.next = print(cursor_);
    return std::move(result_);
  }

  /// False: there is none behind the cursor's. Finds those too that only jobs know of. A damaged
  /// index may lead back, and the walk has to end.
  bool next_generation() {
    Query row(db_,
              "SELECT min(next) FROM (SELECT min(id) AS next FROM generation WHERE id > ?1 UNION "
              "ALL SELECT min(generation) FROM job WHERE generation > ?1)",
              cursor_.generation);
    row.step();
    if (row.null(0)) return false;
    const std::int64_t next = row.integer(0);
    if (next <= cursor_.generation) {
      report(fmt::format("generation {}", cursor_.generation), "an index leads back from it");
      return false;
    }
    cursor_.generation = next;
    return true;
  }

  /// False if the budget ended first.
  bool check_generation() {
    if (cursor_.generation == 0) return true;  // before the first one
    Query row(db_,
              "SELECT project.name, group_name, held, jobs, bytes, archive_jobs, changes, "
              "project.version FROM generation JOIN project ON project.id = generation.project "
              "WHERE generation.id = ?1",
              cursor_.generation);
    if (!row.step()) {
      const bool has_jobs =
          Query(db_, "SELECT 1 FROM job WHERE generation = ?1 LIMIT 1", cursor_.generation).step();
      if (has_jobs) {
        report(fmt::format("generation {}", cursor_.generation), "it has jobs, and is not there");
      }
      return true;
    }
    const std::string project(row.text(0));
    const std::string group(row.text(1));
    const bool held = row.flag(2);
    if (cursor_.changes < 0) cursor_.changes = row.integer(6);
    if (!check_jobs({project, group}, held, row.number(7))) return false;

    const Totals totals{
        .jobs = row.number(3), .bytes = row.number(4), .archive_jobs = row.number(5)};
    if (cursor_.changes == row.integer(6) && cursor_.seen != totals) {
      report(fmt::format("project '{}', group '{}'", project, group),
             fmt::format("the counters of generation {} say {} jobs, {} bytes, {} to archive; {} "
                         "jobs, {} bytes, {} to archive were seen",
                         cursor_.generation, totals.jobs, totals.bytes, totals.archive_jobs,
                         cursor_.seen.jobs, cursor_.seen.bytes, cursor_.seen.archive_jobs));
    }
    return true;
  }

  /// A damaged index may lead back to jobs that were seen; they are passed over, so the walk ends.
  bool check_jobs(Owner owner, bool held, Version last) {
    const CheckCursor from = cursor_;
    Query rows(db_,
               "SELECT id, failed_at, job_id FROM job WHERE generation = ?1 AND (failed_at, "
               "job_id) >= (?2, ?3) ORDER BY failed_at, job_id, id",
               from.generation, from.seen.jobs == 0 ? Time::min() : from.failed_at,
               std::string_view(from.job_id));
    while (rows.step()) {
      const auto place = std::tuple(rows.time(1), rows.text(2), rows.integer(0));
      const auto reached =
          std::tuple(cursor_.failed_at, std::string_view(cursor_.job_id), cursor_.row);
      if (cursor_.seen.jobs > 0 && place <= reached) continue;
      if (!may_go_on()) return false;
      Query query = job_by_id(db_, rows.integer(0));
      if (query.step()) check_job(JobRow(query, owner), owner, held, last);
      cursor_.failed_at = rows.time(1);
      cursor_.job_id = rows.text(2);
      cursor_.row = rows.integer(0);
    }
    return true;
  }

  void check_job(const JobRow& row, Owner owner, bool held, Version last) {
    ++result_.jobs;
    cursor_.seen += totals_of(row);
    const std::string where =
        fmt::format("project '{}', group '{}', job '{}'", owner.project, owner.group, row.job_id());
    if (row.version() == 0 || row.version() > last) {
      report(where, fmt::format("it has version {}, and its project gave none above {}",
                                row.version(), last));
    }
    try {
      const StoredJob job = read_whole(db_, row);
      if (!row.hashes_fit() || next_action_at(job.retention) != row.action_at() ||
          purgatory::held(job.retention) != held || logical_bytes(job.job) != row.bytes()) {
        report(where, "its index entries do not match its fields");
      }
    } catch (const SqliteError&) {
      throw;
    } catch (const Error& error) {
      report(where, error.what());
    }
  }

  bool check_payloads() {
    Query rows(db_,
               "SELECT job, EXISTS (SELECT 1 FROM job WHERE job.id = payload.job) FROM payload "
               "WHERE job > ?1 ORDER BY job",
               cursor_.generation);
    while (rows.step()) {
      if (!rows.flag(1)) {
        report(fmt::format("payload {}", rows.integer(0)), "it is of a job that is not there");
      }
      cursor_.generation = std::max(cursor_.generation, rows.integer(0));
      if (std::chrono::steady_clock::now() >= end_) return false;
    }
    return true;
  }

  void report(std::string where, std::string what) {
    result_.findings.push_back({.where = std::move(where), .what = std::move(what)});
  }

  Connection& db_;
  CheckCursor cursor_;
  const Budget& budget_;
  std::chrono::steady_clock::time_point end_;
  CheckResult result_;
};

}  // namespace

CheckResult FileRepository::check(const Call& call, const std::optional<std::string>& after,
                                  const Budget& budget) {
  return read(call, [&](Connection& db) {
    const Snapshot snapshot(db);
    const bool begins = !after;
    const auto end = end_of(call, budget);
    Checker checker(db, begins ? CheckCursor{} : parse(*after), budget, end);
    if (begins) checker.check_database(call);
    return checker.run();
  });
}

}  // namespace purgatory::file
