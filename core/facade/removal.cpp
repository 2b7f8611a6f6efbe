#include "core/facade/removal.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "core/facade/steps.hpp"
#include "core/repository/batch.hpp"
#include "core/retention/stamping.hpp"

namespace purgatory {
namespace {

void add_entry(Receipt& receipt, const std::optional<JournalEntry>& entry) {
  if (!entry) return;
  receipt.jobs += entry->jobs;
  receipt.bytes += entry->bytes;
}

}  // namespace

Removal::Removal(const FailedJobs& jobs, const Store& store, std::string_view project,
                 PurgeNote note, Time now, const PurgeOptions& options)
    : jobs_(jobs),
      store_(store),
      project_(project),
      note_(std::move(note)),
      undo_window_(note_.undo_until - now),
      progress_(options.progress),
      repeated_(!options.purge_id.empty()) {
  receipt_.purge_id = note_.purge_id;
}

bool Removal::remove(std::span<const retention::Judged> page) {
  using Kind = retention::Verdict::Kind;
  std::map<retention::Cause, std::vector<JobRef>> causes;
  std::vector<const retention::Judged*> stamped_otherwise;
  for (const retention::Judged& judged : page) {
    const auto& [stored, verdict] = judged;
    if (verdict.kind == Kind::held) ++receipt_.held;
    if (verdict.kind != Kind::goes) continue;
    if (verdict.stamp.archive == stored.retention.stamp.archive) {
      causes[verdict.cause].push_back(ref_of(stored));
    } else {
      stamped_otherwise.push_back(&judged);
    }
  }
  stamp(stamped_otherwise);
  for (const retention::Judged* judged : stamped_otherwise) {
    JobRef ref = ref_of(judged->stored);
    if (read_version(*judged, ref.version)) causes[judged->verdict.cause].push_back(ref);
  }
  if (causes.empty()) return goes_on(progress_, before_ + removed_);
  return std::ranges::all_of(
      causes, [&](const auto& of_cause) { return remove(of_cause.second, of_cause.first); });
}

void Removal::stamp(const std::vector<const retention::Judged*>& jobs) const {
  std::vector<Restamp> changes;
  changes.reserve(jobs.size());
  for (const retention::Judged* judged : jobs) {
    Retention retention = judged->stored.retention;
    retention.stamp = judged->verdict.stamp;
    changes.push_back({ref_of(judged->stored), std::move(retention)});
  }
  (void)retention::restamp(store_, project_, changes);
}

bool Removal::read_version(const retention::Judged& judged, Version& version) const {
  const StoredJob& stored = judged.stored;
  const auto now = jobs_.find(project_, stored.job.group, stored.job.job_id);
  if (!now || now->recorded_at != stored.recorded_at ||
      now->retention.stamp != judged.verdict.stamp) {
    return false;
  }
  version = now->version;
  return true;
}

bool Removal::remove(std::span<const JobRef> refs, const retention::Cause& cause) {
  do {
    const std::size_t size = size_of_batch(refs, [](const JobRef& ref) { return ref.bytes; });
    if (size > 0) remove_batch(refs.first(size), cause);
    refs = refs.subspan(size);
    if (!goes_on(progress_, before_ + removed_)) return false;
  } while (!refs.empty());
  return true;
}

Receipt Removal::receipt() const {
  Receipt receipt = receipt_;
  if (removed_ > 0 || repeated_) add_entry(receipt, find_entry());
  return receipt;
}

void Removal::remove_batch(std::span<const JobRef> refs, const retention::Cause& cause) {
  const auto remove = [&] {
    return jobs_.repository().remove(jobs_.begin_call(), project_, refs, note_);
  };
  RemoveResult result;
  try {
    result = remove();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict || !begin_another()) throw;
    result = remove();
  }
  observe_purge(store_.host, result.removed, cause);
  removed_ += result.removed;
  receipt_.held += result.held;
}

bool Removal::begin_another() {
  if (removed_ == 0) return false;
  const auto entry = find_entry();
  if (!entry || entry->state != PileState::gone) return false;
  add_entry(receipt_, entry);
  before_ += std::exchange(removed_, 0);
  const Time now = jobs_.begin_call().now;
  note_.purge_id = new_purge_id(store_.host, now);
  note_.undo_until = now + undo_window_;
  return true;
}

std::optional<JournalEntry> Removal::find_entry() const {
  std::optional<JournalEntry> found;
  walk<JournalCursor>([&](const auto& after) { return jobs_.journal(project_, after); },
                      [&](JournalEntry& entry) {
                        if (entry.purge_id == note_.purge_id) found = std::move(entry);
                        return !found;
                      });
  return found;
}

}  // namespace purgatory
