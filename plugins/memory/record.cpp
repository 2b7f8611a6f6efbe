#include "plugins/memory/record.hpp"

#include "plugins/memory/fail.hpp"

#include <algorithm>
#include <functional>
#include <new>

namespace purgatory::memory {
namespace {

constexpr std::uint64_t footprint_of(std::size_t block_bytes) noexcept {
  constexpr std::uint64_t kMallocUnit = 16;
  constexpr std::uint64_t kMallocHeader = 8;
  constexpr std::uint64_t kIndexEntries =
      80;  // two of 16 bytes in B-trees, two of 12 in hash pages
  return (block_bytes + kMallocHeader + kMallocUnit - 1) / kMallocUnit * kMallocUnit +
         kIndexEntries;
}

}  // namespace

std::uint32_t hash_of(std::string_view bytes) noexcept {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(bytes));
}

std::uint64_t Record::footprint() const noexcept {
  return footprint_of(sizeof(Record) + id_size_ + fields_size_ + retention_size_ + payload_size_);
}

void RecordDeleter::operator()(Record* record) const noexcept {
  space->release(record->footprint());
  record->~Record();
  ::operator delete(record);
}

RecordPtr RecordBuilder::allocate(const Parts& parts) const {
  const std::size_t size = sizeof(Record) + parts.job_id.size() + parts.fields.size() +
                           parts.retention.size() + parts.payload.size();
  auto* record = new (::operator new(size)) Record;
  record->id_size_ = static_cast<std::uint8_t>(parts.job_id.size());
  record->fields_size_ = static_cast<std::uint32_t>(parts.fields.size());
  record->retention_size_ = static_cast<std::uint32_t>(parts.retention.size());
  record->payload_size_ = static_cast<std::uint32_t>(parts.payload.size());
  char* out = reinterpret_cast<char*>(record) + sizeof(Record);
  for (const std::string_view part : {parts.job_id, parts.fields, parts.retention, parts.payload}) {
    out = std::ranges::copy(part, out).out;
  }
  return {record, RecordDeleter{&space_}};
}

void RecordBuilder::note_retention(Record& record, const Retention& retention) noexcept {
  record.action_at = next_action_at(retention).value_or(Record::kNever);
  record.held = purgatory::held(retention);
  record.names_archive = !retention.stamp.archive.empty();
}

RecordPtr RecordBuilder::make(const FailedJob& job, const Stamp& stamp, Time recorded_at) {
  const std::uint32_t identity = codec::identity(job.project, job.group, job.job_id);
  Retention retention{.stamp = stamp, .hold = {}, .resolved_at = {}};
  retention.stamp.not_before.reset();
  buffer_.clear();
  codec::append_fields(buffer_, identity, job, recorded_at);
  const std::size_t fields_end = buffer_.size();
  codec::append_retention(buffer_, identity, retention);
  const std::size_t retention_end = buffer_.size();
  codec::append_payload(buffer_, identity, job.payload);

  const std::string_view all = buffer_;
  const auto bytes = footprint_of(sizeof(Record) + job.job_id.size() + all.size());
  if (bytes > space_.max_bytes()) {
    fail(ErrorCode::exhausted, "record: a job takes {} bytes, more than max_bytes ({}); raise it",
         bytes, space_.max_bytes());
  }
  if (!space_.try_charge(bytes)) return {nullptr, RecordDeleter{&space_}};
  RecordPtr record = allocate({.job_id = job.job_id,
                               .fields = all.substr(0, fields_end),
                               .retention = all.substr(fields_end, retention_end - fields_end),
                               .payload = all.substr(retention_end)});
  record->failed_at = job.failed_at;
  record->id_hash = hash_of(job.job_id);
  record->has_resource = !job.resource_id.empty();
  record->resource_hash = hash_of(job.resource_id);
  record->status_hash = hash_of(job.failure_status);
  record->logical_bytes = static_cast<std::uint32_t>(purgatory::logical_bytes(job));
  note_retention(*record, retention);
  return record;
}

RecordPtr RecordBuilder::with_retention(const Record& record, std::string_view project,
                                        std::string_view group, const Retention& retention) {
  buffer_.clear();
  codec::append_retention(buffer_, codec::identity(project, group, record.job_id()), retention);
  RecordPtr copy = allocate({.job_id = record.job_id(),
                             .fields = record.fields(),
                             .retention = buffer_,
                             .payload = record.payload()});
  space_.charge(copy->footprint());
  copy->version = record.version;
  copy->failed_at = record.failed_at;
  copy->id_hash = record.id_hash;
  copy->has_resource = record.has_resource;
  copy->resource_hash = record.resource_hash;
  copy->status_hash = record.status_hash;
  copy->logical_bytes = record.logical_bytes;
  note_retention(*copy, retention);
  return copy;
}

Retention retention_of(const Record& record, std::string_view project, std::string_view group) {
  const std::uint32_t identity = codec::identity(project, group, record.job_id());
  return codec::copy(codec::read_retention(record.retention(), identity));
}

StoredJob decode(const Record& record, std::string_view project, std::string_view group,
                 WithPayload with_payload) try {
  const std::uint32_t identity = codec::identity(project, group, record.job_id());
  const codec::FieldsView fields = codec::read_fields(record.fields(), identity);
  StoredJob stored;
  stored.job.project = project;
  stored.job.group = group;
  stored.job.job_id = record.job_id();
  codec::copy(fields, stored.job);
  stored.retention = codec::copy(codec::read_retention(record.retention(), identity));
  stored.recorded_at = fields.recorded_at;
  stored.version = record.version;
  stored.bytes = record.logical_bytes;
  stored.payload_bytes = codec::payload_bytes(record.payload());
  if (with_payload == WithPayload::yes) {
    stored.job.payload = codec::read_payload(record.payload(), identity);
  }
  return stored;
} catch (const Error& error) {
  fail(error.code(), "project '{}', group '{}', job '{}': {}", project, group, record.job_id(),
       error.what());
}

}  // namespace purgatory::memory
