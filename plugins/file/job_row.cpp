#include "plugins/file/job_row.hpp"

#include <array>
#include <cstring>

#include "plugins/file/fail.hpp"
#include "plugins/file/hash.hpp"

namespace purgatory::file {
namespace {

// The columns in the order of select_jobs.
enum Column : int {
  kId,
  kVersion,
  kActionAt,
  kBytes,
  kJobId,
  kFailedAt,
  kRecordedAt,
  kAttempts,
  kJobType,
  kResourceType,
  kResourceId,
  kResourceName,
  kFailureStatus,
  kErrorCode,
  kFailReason,
  kLabels,
  kFieldsCrc,
  kRule,
  kPurgeAfter,
  kNotBefore,
  kArchive,
  kRuleHold,
  kHoldActor,
  kHoldReason,
  kHoldUntil,
  kResolvedAt,
  kRetentionCrc,
  kIdHash,
  kResourceHash,
};

std::string select_jobs(std::string_view condition) {
  return fmt::format(
      "SELECT id, version, action_at, bytes, job_id, failed_at, recorded_at, attempts, job_type, "
      "resource_type, resource_id, resource_name, failure_status, error_code, fail_reason, labels, "
      "fields_crc, rule, purge_after, not_before, archive, rule_hold, hold_actor, hold_reason, "
      "hold_until, resolved_at, retention_crc, id_hash, resource_hash FROM job WHERE {}",
      condition);
}

/// A part of the record codec begins with its checksum. As a signed number it takes four bytes.
constexpr std::size_t kCrcBytes = 4;
std::int32_t checksum_of(std::string_view part) {
  std::int32_t crc = 0;
  std::memcpy(&crc, part.data(), kCrcBytes);
  return crc;
}

/// A part of a job as the record codec writes it, in one buffer that is used again.
template <typename Append>
std::string_view part(Append append) {
  thread_local std::string buffer;
  buffer.clear();
  append(buffer);
  return buffer;
}
std::string_view fields_part(std::uint32_t identity, const FailedJob& job, Time recorded_at) {
  return part([&](std::string& out) { codec::append_fields(out, identity, job, recorded_at); });
}
std::int32_t checksum_of(std::uint32_t identity, const Retention& retention) {
  return checksum_of(
      part([&](std::string& out) { codec::append_retention(out, identity, retention); }));
}
std::int32_t checksum_of_payload(std::uint32_t identity, std::string_view payload) {
  return checksum_of(
      part([&](std::string& out) { codec::append_payload(out, identity, payload); }));
}

std::uint32_t identity_of(const FailedJob& job) {
  return codec::identity(job.project, job.group, job.job_id);
}

std::optional<std::string_view> member_of(const std::optional<Hold>& hold,
                                          std::string Hold::*member) {
  return hold ? std::optional<std::string_view>((*hold).*member) : std::nullopt;
}

void write_payload(Connection& db, std::int64_t id, const FailedJob& job) {
  if (job.payload.empty()) return;
  const std::int32_t crc = checksum_of_payload(identity_of(job), job.payload);
  Query(db, "INSERT INTO payload (job, crc, bytes) VALUES (?1, ?2, ?3)", id, crc, Blob{job.payload})
      .run();
}

/// Runs a statement with all columns of a job as parameters, `id` first.
void write_job(Connection& db, const char* sql, std::optional<std::int64_t> id,
               const FailedJob& job, const Retention& retention, const Writing& writing) {
  const std::uint32_t identity = identity_of(job);
  const std::int32_t retention_crc = checksum_of(identity, retention);
  const std::string_view fields = fields_part(identity, job, writing.recorded_at);
  const Stamp& stamp = retention.stamp;
  const auto resource_hash =
      job.resource_id.empty() ? std::nullopt : std::optional(hash_of(job.resource_id));
  Query(db, sql, id, writing.generation, writing.version, hash_of(job.job_id), resource_hash,
        next_action_at(retention), logical_bytes(job), job.job_id, job.failed_at,
        writing.recorded_at, job.attempts, job.job_type, job.resource_type, job.resource_id,
        job.resource_name, job.failure_status, job.error_code, job.fail_reason,
        Blob{codec::read_fields(fields, identity).labels}, checksum_of(fields), stamp.rule,
        stamp.purge_after, stamp.not_before, stamp.archive, stamp.rule_hold,
        member_of(retention.hold, &Hold::actor), member_of(retention.hold, &Hold::reason),
        retention.hold ? retention.hold->until : std::nullopt, retention.resolved_at, retention_crc)
      .run();
}

}  // namespace

Query job_by_id(Connection& db, std::int64_t id) {
  static const std::string sql = select_jobs("id = ?1");
  return {db, sql.c_str(), id};
}

Query job_by_identity(Connection& db, std::int64_t generation, std::string_view job_id) {
  static const std::string sql = select_jobs("generation = ?1 AND id_hash = ?2 AND job_id = ?3");
  return {db, sql.c_str(), generation, hash_of(job_id), job_id};
}

std::int64_t JobRow::id() const noexcept { return row_.integer(kId); }
Version JobRow::version() const noexcept { return row_.number(kVersion); }
Time JobRow::failed_at() const noexcept { return row_.time(kFailedAt); }
std::optional<Time> JobRow::action_at() const noexcept { return row_.optional_time(kActionAt); }
std::uint64_t JobRow::bytes() const noexcept { return row_.number(kBytes); }
std::string_view JobRow::job_id() const { return row_.text(kJobId); }
bool JobRow::names_archive() const { return !row_.text(kArchive).empty(); }

bool JobRow::hashes_fit() const {
  const std::string_view resource = row_.text(kResourceId);
  return row_.integer(kIdHash) == hash_of(job_id()) &&
         row_.null(kResourceHash) == resource.empty() &&
         (resource.empty() || row_.integer(kResourceHash) == hash_of(resource));
}

std::uint32_t JobRow::identity() const {
  return codec::identity(owner_.project, owner_.group, job_id());
}

void JobRow::fail_corrupt(std::string_view what) const {
  fail(ErrorCode::corrupt,
       "the {} of job '{}' (project '{}', group '{}') do not match their checksum: run the store's "
       "check, or restore a backup",
       what, job_id(), owner_.project, owner_.group);
}

Retention JobRow::retention() const {
  Retention retention;
  retention.stamp = {.rule = std::string(row_.text(kRule)),
                     .purge_after = row_.optional_time(kPurgeAfter),
                     .not_before = row_.optional_time(kNotBefore),
                     .archive = std::string(row_.text(kArchive)),
                     .rule_hold = std::string(row_.text(kRuleHold))};
  if (!row_.null(kHoldActor)) {
    retention.hold = Hold{.actor = std::string(row_.text(kHoldActor)),
                          .reason = std::string(row_.text(kHoldReason)),
                          .until = row_.optional_time(kHoldUntil)};
  }
  retention.resolved_at = row_.optional_time(kResolvedAt);
  if (checksum_of(identity(), retention) != row_.integer(kRetentionCrc)) {
    fail_corrupt("stamp, hold and resolution");
  }
  return retention;
}

void JobRow::read(StoredJob& stored) const {
  FailedJob& job = stored.job;
  job.project = owner_.project;
  job.group = owner_.group;
  job.job_id = job_id();
  job.payload.clear();
  stored.recorded_at = row_.time(kRecordedAt);
  codec::copy(codec::FieldsView{.failed_at = failed_at(),
                                .recorded_at = stored.recorded_at,
                                .attempts = static_cast<std::uint32_t>(row_.integer(kAttempts)),
                                .job_type = row_.text(kJobType),
                                .resource_type = row_.text(kResourceType),
                                .resource_id = row_.text(kResourceId),
                                .resource_name = row_.text(kResourceName),
                                .failure_status = row_.text(kFailureStatus),
                                .error_code = row_.text(kErrorCode),
                                .fail_reason = row_.text(kFailReason),
                                .labels = row_.text(kLabels)},
              job);
  if (checksum_of(fields_part(identity(), job, stored.recorded_at)) != row_.integer(kFieldsCrc)) {
    fail_corrupt("fields");
  }
  stored.retention = retention();
  stored.version = version();
  stored.bytes = bytes();
  const std::uint64_t without_payload = logical_bytes(job);
  if (stored.bytes < without_payload) fail_corrupt("bytes");
  stored.payload_bytes = stored.bytes - without_payload;
}

std::string read_payload(Connection& db, std::int64_t id, const StoredJob& stored) {
  if (stored.payload_bytes == 0) return {};
  Query row(db, "SELECT crc, bytes FROM payload WHERE job = ?1", id);
  const std::string_view payload = row.step() ? row.text(1) : std::string_view();
  const FailedJob& job = stored.job;
  if (payload.size() != stored.payload_bytes ||
      checksum_of_payload(identity_of(job), payload) != row.integer(0)) {
    fail(ErrorCode::corrupt,
         "the payload of job '{}' (project '{}', group '{}') does not match its checksum: run the "
         "store's check, or restore a backup",
         job.job_id, job.project, job.group);
  }
  return std::string(payload);
}

StoredJob read_whole(Connection& db, const JobRow& row) {
  StoredJob stored;
  row.read(stored);
  stored.job.payload = read_payload(db, row.id(), stored);
  return stored;
}

std::int64_t insert_job(Connection& db, const FailedJob& job, const Retention& retention,
                        const Writing& writing) {
  write_job(db,
            "INSERT INTO job (id, generation, version, id_hash, resource_hash, "
            "action_at, bytes, job_id, failed_at, recorded_at, attempts, job_type, "
            "resource_type, resource_id, resource_name, failure_status, error_code, "
            "fail_reason, labels, fields_crc, rule, purge_after, not_before, archive, "
            "rule_hold, hold_actor, hold_reason, hold_until, resolved_at, "
            "retention_crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
            "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, "
            "?28, ?29, ?30)",
            std::nullopt, job, retention, writing);
  const std::int64_t id = db.last_id();
  write_payload(db, id, job);
  return id;
}

void replace_job(Connection& db, std::int64_t id, const FailedJob& job, const Retention& retention,
                 const Writing& writing) {
  write_job(db,
            "UPDATE job SET generation = ?2, version = ?3, id_hash = ?4, resource_hash "
            "= ?5, action_at = ?6, bytes = ?7, job_id = ?8, failed_at = ?9, recorded_at "
            "= ?10, attempts = ?11, job_type = ?12, resource_type = ?13, resource_id = "
            "?14, resource_name = ?15, failure_status = ?16, error_code = ?17, "
            "fail_reason = ?18, labels = ?19, fields_crc = ?20, rule = ?21, purge_after "
            "= ?22, not_before = ?23, archive = ?24, rule_hold = ?25, hold_actor = ?26, "
            "hold_reason = ?27, hold_until = ?28, resolved_at = ?29, retention_crc = "
            "?30 WHERE id = ?1",
            id, job, retention, writing);
  Query(db, "DELETE FROM payload WHERE job = ?1", id).run();
  write_payload(db, id, job);
}

void move_job(Connection& db, std::int64_t id, std::int64_t generation) {
  Query(db, "UPDATE job SET generation = ?2 WHERE id = ?1", id, generation).run();
}

void restamp_job(Connection& db, const JobRow& row, Owner owner, const Retention& retention,
                 std::int64_t generation, Version version, Renumber renumber) {
  const std::uint32_t identity = codec::identity(owner.project, owner.group, row.job_id());
  const std::int32_t crc = checksum_of(identity, retention);
  const Stamp& stamp = retention.stamp;
  const std::int64_t id = row.id();
  Query(db,
        "UPDATE job SET generation = ?2, version = ?3, action_at = ?4, rule = ?5, purge_after = "
        "?6, not_before = ?7, archive = ?8, rule_hold = ?9, hold_actor = ?10, hold_reason = ?11, "
        "hold_until = ?12, resolved_at = ?13, retention_crc = ?14 WHERE id = ?1",
        id, generation, version, next_action_at(retention), stamp.rule, stamp.purge_after,
        stamp.not_before, stamp.archive, stamp.rule_hold, member_of(retention.hold, &Hold::actor),
        member_of(retention.hold, &Hold::reason),
        retention.hold ? retention.hold->until : std::nullopt, retention.resolved_at, crc)
      .run();
  if (renumber == Renumber::yes) {
    Query(db, "UPDATE job SET id = (SELECT max(id) + 1 FROM job) WHERE id = ?1", id).run();
  }
}

void erase_job(Connection& db, std::int64_t id) {
  Query(db, "DELETE FROM job WHERE id = ?1", id).run();
}

}  // namespace purgatory::file
