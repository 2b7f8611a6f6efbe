#include "tests/contract/fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "tests/contract/backends.hpp"

namespace purgatory::contract {
namespace {

/// A walk that never ends is a defect to report, not a test to hang.
constexpr int kMaxSteps = 100'000;

/// Calls `page` with the cursor of the page before it until there is no next one.
template <typename Cursor, typename NextPage>
auto walk(NextPage next_page, std::optional<Cursor> after = {}) {
  decltype(next_page(after).items) all;
  for (int step = 0; step < kMaxSteps; ++step) {
    auto page = next_page(after);
    std::ranges::move(page.items, std::back_inserter(all));
    if (!page.next) return all;
    after = std::move(page.next);
  }
  throw std::logic_error("a walk does not end");
}

template <typename Item>
Item the_one(const std::vector<Item>& items, std::string_view name, std::string Item::*key) {
  const auto found = std::ranges::find(items, name, key);
  if (found == items.end()) throw std::logic_error("nothing is named '" + std::string(name) + "'");
  return *found;
}

}  // namespace

std::string four_digits(std::size_t number) {
  std::string digits = std::to_string(number);
  return std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

std::string numbered(std::string_view prefix, std::size_t number) {
  return std::string(prefix) + std::to_string(number);
}

std::string numbered(std::size_t thread, std::size_t number) {
  return numbered(std::to_string(thread) + "-", number);
}

std::vector<NewJob> numbered_jobs(std::size_t count, const std::string& group) {
  std::vector<NewJob> jobs;
  for (std::size_t i = 0; i < count; ++i) {
    jobs.push_back(
        a_job(four_digits(i)).group(group).failed_at(static_cast<std::int64_t>(i)).payload("x"));
  }
  return jobs;
}

Ids ids_of(const std::vector<StoredJob>& jobs) {
  Ids ids;
  for (const StoredJob& stored : jobs) ids.push_back(stored.job.job_id);
  return ids;
}

IdSet id_set(const std::vector<StoredJob>& jobs) {
  IdSet ids;
  for (const StoredJob& stored : jobs) ids.insert(stored.job.job_id);
  return ids;
}

std::vector<JobRef> refs_of(const std::vector<StoredJob>& jobs) {
  std::vector<JobRef> refs;
  for (const StoredJob& stored : jobs) refs.push_back(ref_of(stored));
  return refs;
}

std::uint64_t bytes_of(const std::vector<StoredJob>& jobs) {
  std::uint64_t bytes = 0;
  for (const StoredJob& stored : jobs) bytes += stored.bytes;
  return bytes;
}

Store::Store() {
  host_.clock = [this] {
    ++clock_reads_;
    return now();
  };
  repository_ = selected_backend().open(host_);
}

Store::Store(std::shared_ptr<FailedJobRepository> repository) : repository_(std::move(repository)) {
  host_.clock = [this] { return now(); };
}

PurgeNote Store::note(std::string purge_id) const {
  return {.purge_id = std::move(purge_id),
          .actor = "alice",
          .reason = "tidy up",
          .rule = "",
          .undo_until = now() + hours(1)};
}

RecordResult Store::record(const std::vector<NewJob>& jobs, const std::vector<Bound>& bounds,
                           const std::string& purge_id) const {
  std::vector<Recording> recordings;
  for (const NewJob& job : jobs) recordings.push_back({&job.fields, &job.stamp});
  const std::string_view project = jobs.empty() ? kProject : jobs.front().fields.project;
  return repository_->record(call(), project, recordings, bounds, note(purge_id));
}

RecordResult Store::record(const NewJob& job, const std::vector<Bound>& bounds,
                           const std::string& purge_id) const {
  return record(std::vector{job}, bounds, purge_id);
}

RecordResult Store::trim(const std::vector<Bound>& bounds, const std::string& purge_id) const {
  return record(std::vector<NewJob>{}, bounds, purge_id);
}

std::optional<StoredJob> Store::find(std::string_view id, std::string_view group) const {
  return repository_->find(call(), kProject, group, id);
}

StoredJob Store::get(std::string_view id, std::string_view group) const {
  auto found = find(id, group);
  if (!found) throw std::logic_error("there is no job '" + std::string(id) + "'");
  return *std::move(found);
}

bool Store::has(std::string_view id, std::string_view group) const {
  return find(id, group).has_value();
}

std::vector<StoredJob> Store::list(const Scope& scope, const Filter& filter, std::size_t limit,
                                   std::optional<ListCursor> after) const {
  return walk<ListCursor>(
      [&](const std::optional<ListCursor>& last) {
        return repository_->list(call(), {scope, filter}, last, limit);
      },
      std::move(after));
}

IdSet Store::live(const Scope& scope) const { return id_set(list(scope)); }

std::uint64_t Store::count(const Scope& scope, const Filter& filter, std::uint64_t at_most) const {
  return repository_->count(call(), {scope, filter}, at_most);
}

Forgotten Store::forget(std::string_view id, std::optional<Version> if_version) const {
  return repository_->forget(call(), kProject, {}, id, if_version);
}

Receipt Store::detach(const Scope& scope, const std::string& purge_id) const {
  return repository_->detach(call(), scope, note(purge_id));
}

RemoveResult Store::remove(const std::vector<StoredJob>& jobs, const std::string& purge_id) const {
  return repository_->remove(call(), kProject, refs_of(jobs), note(purge_id));
}

RestoreResult Store::restore(const std::string& purge_id, const std::vector<Bound>& bounds) const {
  RestoreResult sum;
  for (int step = 0; step < kMaxSteps; ++step) {
    auto slice =
        repository_->restore(call(), kProject, purge_id, now() + hours(1), bounds, {}, sum.next);
    sum.restored += slice.restored;
    sum.bytes += slice.bytes;
    sum.stale += slice.stale;
    sum.refused += slice.refused;
    sum.next = std::move(slice.next);
    if (!sum.next) return sum;
  }
  throw std::logic_error("a restore does not end");
}

RestoreResult Store::restore_one(const std::string& purge_id,
                                 const std::optional<PileCursor>& after) const {
  return repository_->restore(call(), kProject, purge_id, now() + hours(1), {}, kOneJob, after);
}

RestampResult Store::restamp(const StoredJob& job, const Retention& retention) const {
  const Restamp change{ref_of(job), retention};
  return repository_->restamp(call(), kProject, {&change, 1});
}

void Store::hold(std::string_view id, std::string_view group, std::optional<Time> until) const {
  const StoredJob job = get(id, group);
  Retention retention = job.retention;
  retention.hold = Hold{.actor = "alice", .reason = "evidence", .until = until};
  if (restamp(job, retention).done != 1) throw std::logic_error("hold did nothing");
}

void Store::release(std::string_view id, std::string_view group) const {
  const StoredJob job = get(id, group);
  Retention retention = job.retention;
  retention.hold.reset();
  if (restamp(job, retention).done != 1) throw std::logic_error("release did nothing");
}

void Store::resolve(std::string_view id, Time resolved_at) const {
  const StoredJob job = get(id);
  Retention retention = job.retention;
  retention.resolved_at = resolved_at;
  if (restamp(job, retention).done != 1) throw std::logic_error("resolve did nothing");
}

std::vector<Pile> Store::piles() const {
  return walk<std::string>([&](const std::optional<std::string>& after) {
    return repository_->piles(call(), kProject, after);
  });
}

Pile Store::pile(std::string_view purge_id) const {
  return the_one(piles(), purge_id, &Pile::purge_id);
}

std::vector<StoredJob> Store::trash(std::string_view purge_id) const {
  return walk<PileCursor>([&](const std::optional<PileCursor>& after) {
    return repository_->trash(call(), kProject, purge_id, after);
  });
}

void Store::seal(std::string_view purge_id) const { repository_->seal(call(), kProject, purge_id); }

void Store::mark_archived(std::string_view purge_id) const {
  repository_->mark_archived(call(), kProject, purge_id);
}

void Store::expire(std::string_view purge_id) const {
  repository_->expire(call(), kProject, purge_id);
}

ReclaimResult Store::reclaim(const Budget& budget) const {
  ReclaimResult sum;
  for (int step = 0; step < kMaxSteps; ++step) {
    const ReclaimResult slice = repository_->reclaim(call(), kProject, budget);
    sum.jobs += slice.jobs;
    sum.bytes += slice.bytes;
    if (!slice.more) return sum;
  }
  throw std::logic_error("reclaim does not end");
}

std::vector<JournalEntry> Store::journal() const {
  return walk<JournalCursor>([&](const std::optional<JournalCursor>& after) {
    return repository_->journal(call(), kProject, after);
  });
}

JournalEntry Store::entry(std::string_view purge_id) const {
  return the_one(journal(), purge_id, &JournalEntry::purge_id);
}

std::uint64_t Store::trim_journal(Time before) const {
  std::uint64_t entries = 0;
  for (int step = 0; step < kMaxSteps; ++step) {
    const TrimResult slice = repository_->trim_journal(call(), kProject, before);
    entries += slice.entries;
    if (!slice.more) return entries;
  }
  throw std::logic_error("trimming the journal does not end");
}

std::vector<StoredJob> Store::due(std::size_t limit) const {
  return repository_->due(call(), kProject, limit);
}

Version Store::watermark() const { return repository_->partitions(call(), kProject).watermark; }

std::vector<PartitionInfo> Store::partitions() const {
  return repository_->partitions(call(), kProject).partitions;
}

PartitionInfo Store::partition(std::string_view group) const {
  return the_one(partitions(), group, &PartitionInfo::group);
}

double Store::figure(std::string_view name) const {
  return the_one(repository_->stats(call()), name, &Figure::name).value;
}

}  // namespace purgatory::contract
