#include "plugins/memory/generation.hpp"

#include <iterator>

namespace purgatory::memory {
namespace {

constexpr std::uint64_t kFootprint = sizeof(Generation);

/// Takes the last entry away: the cheapest way to take a B-tree down bit by bit.
template <typename Index>
void pop_back(Index& index) noexcept {
  if (!index.empty()) index.erase(std::prev(index.end()));
}

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
  by_time_.insert(by_time_.end(), {record.failed_at, &record});  // mostly the newest
  by_id_.insert({record.id_hash, &record});
  if (role_ == Role::live) {
    if (record.action_at != Record::kNever) by_action_.insert({record.action_at, &record});
    if (record.has_resource) by_resource_.insert({record.resource_hash, &record});
  }
  totals_ += totals_of(record);
  ++changes_;
  (void)owned.release();
}

RecordPtr Generation::take(Record& record) {
  by_time_.erase(TimeEntry{record.failed_at, &record});
  by_id_.erase({record.id_hash, &record});
  if (role_ == Role::live) {
    if (record.action_at != Record::kNever) by_action_.erase({record.action_at, &record});
    if (record.has_resource) by_resource_.erase({record.resource_hash, &record});
  }
  totals_ -= totals_of(record);
  ++changes_;
  return {&record, RecordDeleter{&space_}};
}

Record* Generation::find(std::string_view job_id, std::uint32_t id_hash) const noexcept {
  Record* found = nullptr;
  for_each(by_id_, id_hash, [&](Record& record) {
    if (record.job_id() == job_id) found = &record;
    return found == nullptr;
  });
  return found;
}

Record* Generation::find(std::string_view job_id, std::uint32_t id_hash,
                         Version version) const noexcept {
  Record* found = nullptr;
  for_each(by_id_, id_hash, [&](Record& record) {
    if (record.version == version && record.job_id() == job_id) found = &record;
    return found == nullptr;
  });
  return found;
}

Totals Generation::free_one() noexcept {
  const RecordPtr record(by_time_.rbegin()->record, RecordDeleter{&space_});
  const Totals freed = totals_of(*record);
  totals_ -= freed;
  pop_back(by_time_);
  pop_back(by_id_);
  pop_back(by_action_);
  pop_back(by_resource_);
  return freed;
}

}  // namespace purgatory::memory
