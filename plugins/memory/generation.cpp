#include "plugins/memory/generation.hpp"

namespace purgatory::memory {
namespace {

/// The object, and the first chunk and map that each hash index allocates.
constexpr std::uint64_t kFootprint = sizeof(Generation) + std::uint64_t{2} * (512 + 64);

}  // namespace

Totals& Totals::operator+=(const Totals& other) noexcept {
  jobs += other.jobs;
  bytes += other.bytes;
  archive_jobs += other.archive_jobs;
  return *this;
}

Totals& Totals::operator-=(const Totals& other) noexcept {
  jobs -= other.jobs;
  bytes -= other.bytes;
  archive_jobs -= other.archive_jobs;
  return *this;
}

Totals totals_of(const Record& record) noexcept {
  return {.jobs = 1,
          .bytes = record.logical_bytes,
          .archive_jobs = record.names_archive ? std::uint64_t{1} : 0};
}

Generation::Generation(Role role, Space& space) noexcept : role_(role), space_(space) {
  space_.charge(kFootprint);
}

Generation::~Generation() {
  while (!empty()) (void)free_one();
  space_.release(kFootprint);
}

void Generation::insert(RecordPtr owned) {
  Record& record = *owned;
  by_id_.insert(record);
  by_time_.insert(by_time_.end(), record);  // mostly the newest: the hint makes that O(1)
  if (role_ == Role::live) {
    if (record.action_at != Record::kNever) by_action_.insert(by_action_.end(), record);
    if (record.has_resource) by_resource_.insert(record);
  }
  totals_ += totals_of(record);
  ++changes_;
  (void)owned.release();
}

RecordPtr Generation::take(Record& record) noexcept {
  by_id_.erase(record);
  by_time_.erase(by_time_.iterator_to(record));
  if (role_ == Role::live) {
    if (record.action_at != Record::kNever) by_action_.erase(by_action_.iterator_to(record));
    if (record.has_resource) by_resource_.erase(record);
  }
  totals_ -= totals_of(record);
  ++changes_;
  return {&record, RecordDeleter{&space_}};
}

Record* Generation::find(std::string_view job_id, std::uint32_t id_hash) const noexcept {
  Record* found = nullptr;
  by_id_.for_each(id_hash, [&](Record& record) {
    if (record.job_id() == job_id) found = &record;
    return found == nullptr;
  });
  return found;
}

Record* Generation::find(std::string_view job_id, std::uint32_t id_hash,
                         Version version) const noexcept {
  Record* found = nullptr;
  by_id_.for_each(id_hash, [&](Record& record) {
    if (record.version == version && record.job_id() == job_id) found = &record;
    return found == nullptr;
  });
  return found;
}

Totals Generation::free_one() noexcept {
  const RecordPtr record(by_time_.unlink_leftmost_without_rebalance(), RecordDeleter{&space_});
  const Totals freed = totals_of(*record);
  totals_ -= freed;
  return freed;
}

}  // namespace purgatory::memory
