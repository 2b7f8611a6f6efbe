// The operations that change something, done on both sides.

#include <algorithm>

#include "comparison.hpp"

namespace purgatory::model {
namespace {

// Budgets of time are left out: what they cut is no one's promise.
constexpr auto kLongEnough = std::chrono::minutes(1);

std::vector<Bound> borrowed(const std::vector<BoundSpec>& specs) {
  std::vector<Bound> bounds;
  for (const BoundSpec& spec : specs) bounds.push_back({spec.group, spec.jobs, spec.bytes});
  return bounds;
}

}  // namespace

void Comparison::run(const Record& op) {
  std::vector<JobSpec> jobs = op.jobs;
  for (JobSpec& spec : jobs) spec.job.project = project_;
  std::vector<Recording> recordings;
  for (const JobSpec& spec : jobs) recordings.push_back({&spec.job, &spec.stamp});
  const auto bounds = borrowed(op.bounds);
  const auto results = both("record", [&](Side side) {
    return repository(side).record(call_, project_, recordings, bounds, note(op.note));
  });
  if (!results) return;
  const auto& [reference, real] = *results;
  agree("record, inserted", reference.inserted, real.inserted);
  agree("record, replaced", reference.replaced, real.replaced);
  agree("record, stale", reference.stale, real.stale);
  agree("record, evicted", reference.evicted, real.evicted);
  if (reference.evictions != real.evictions) disagree("record, evictions", "those", "others");
}

void Comparison::run(const Forget& op) {
  std::optional<Version> if_reference;
  std::optional<Version> if_real;
  if (op.if_version) {
    const RefSpec ref{op.group, op.job_id, *op.if_version};
    if_reference = version(ref, Side::reference);
    if_real = version(ref, Side::real);
  }
  const auto results = both("forget", [&](Side side) {
    return repository(side).forget(call_, project_, op.group, op.job_id,
                                   side == Side::real ? if_real : if_reference);
  });
  if (!results) return;
  agree("forget (0 forgotten, 1 absent, 2 changed)", static_cast<std::uint64_t>(results->first),
        static_cast<std::uint64_t>(results->second));
}

void Comparison::run(const Detach& op) {
  const auto results = both("detach", [&](Side side) {
    return repository(side).detach(call_, select(op.group, {}).scope, note(op.note));
  });
  if (!results) return;
  const auto& [reference, real] = *results;
  if (reference.purge_id != real.purge_id) {
    disagree("detach, purge_id", in_quotes(reference.purge_id), in_quotes(real.purge_id));
  }
  agree("detach, jobs", reference.jobs, real.jobs);
  agree("detach, bytes", reference.bytes, real.bytes);
  agree("detach, held", reference.held, real.held);
}

void Comparison::run(const Remove& op) {
  const std::vector<JobRef> reference_refs = refs(op.refs, Side::reference);
  const std::vector<JobRef> real_refs = refs(op.refs, Side::real);
  const auto results = both("remove", [&](Side side) {
    return repository(side).remove(call_, project_, side == Side::real ? real_refs : reference_refs,
                                   note(op.note));
  });
  if (!results) return;
  const auto& [reference, real] = *results;
  agree("remove, removed", reference.removed, real.removed);
  agree("remove, changed", reference.changed, real.changed);
  agree("remove, held", reference.held, real.held);
  agree("remove, absent", reference.absent, real.absent);
}

std::string Comparison::restorable_from(const std::string& purge_id) {
  const std::set<std::string> piles = pile_ids(Side::reference);
  for (auto id = piles.lower_bound(purge_id); id != piles.end(); ++id) {
    if (reference_->can_restore(call_, project_, *id)) return *id;
  }
  return purge_id;
}

void Comparison::run(const Restore& op) {
  const std::string purge_id = op.restorable ? restorable_from(op.purge_id) : op.purge_id;
  const Budget budget{op.budget_jobs, op.budget_bytes, kLongEnough};
  const auto bounds = borrowed(op.bounds);
  std::optional<PileCursor> after;
  const std::pair place{project_, purge_id};
  if (op.resume && stopped_.contains(place)) after = stopped_[place];
  const auto to_reference = [&](std::optional<PileCursor> cursor) {
    if (cursor) cursor->version = versions_.reference(project_, cursor->version);
    return cursor;
  };
  // The contract leaves it open how far a budget reaches, so the reference follows the repository.
  std::optional<PileCursor> last;
  const auto in_repository = [&] {
    auto result = real_.restore(call_, project_, purge_id, op.not_before, bounds, budget, after);
    last = to_reference(result.next);
    return result;
  };
  std::optional<RestoreResult> real;
  std::string refused = "success";
  try {
    real = in_repository();
  } catch (const Error& error) {
    refused = to_string(error.code());
  }
  std::optional<RestoreResult> reference;
  std::string expected = "success";
  try {
    reference = reference_->restore_until(call_, project_, purge_id, op.not_before, bounds,
                                          to_reference(after), last);
  } catch (const Error& error) {
    expected = to_string(error.code());
  }
  if (refused != expected) disagree("restore", expected, refused);
  if (!real) return;
  agree("restore, restored", reference->restored, real->restored);
  agree("restore, bytes", reference->bytes, real->bytes);
  agree("restore, stale", reference->stale, real->stale);
  agree("restore, refused", reference->refused, real->refused);
  if (real->restored > budget.jobs) disagree("restore: over its budget of jobs", "", "");
  if (real->next && real->next == after) disagree("restore: the walk does not move", "", "");
  stopped_.erase(place);
  if (real->next) stopped_[place] = *real->next;
}

void Comparison::run(const RestampJobs& op) {
  const auto changes = [&](Side side) {
    std::vector<Restamp> restamps;
    for (const ChangeSpec& spec : op.changes) {
      Restamp change{{spec.ref.group, spec.ref.job_id, version(spec.ref, side), 0}, {}};
      const auto stored = reference_->find(call_, project_, spec.ref.group, spec.ref.job_id);
      if (stored) change.retention = stored->retention;
      if (spec.retention) change.retention = *spec.retention;
      restamps.push_back(std::move(change));
    }
    return restamps;
  };
  const auto reference_changes = changes(Side::reference);
  const auto real_changes = changes(Side::real);
  const auto results = both("restamp", [&](Side side) {
    return repository(side).restamp(call_, project_,
                                    side == Side::real ? real_changes : reference_changes);
  });
  if (!results) return;
  agree("restamp, done", results->first.done, results->second.done);
  agree("restamp, changed", results->first.changed, results->second.changed);
  agree("restamp, absent", results->first.absent, results->second.absent);
}

void Comparison::run(const Seal& op) {
  (void)both("seal", [&](Side side) { repository(side).seal(call_, project_, op.purge_id); });
}

void Comparison::run(const Archived& op) {
  (void)both("archived",
             [&](Side side) { repository(side).mark_archived(call_, project_, op.purge_id); });
}

void Comparison::run(const Expire& op) {
  (void)both("expire", [&](Side side) { repository(side).expire(call_, project_, op.purge_id); });
}

void Comparison::run(const Reclaim& op) {
  const Budget budget{op.budget_jobs, op.budget_bytes, kLongEnough};
  std::set<std::string> gone = pile_ids(Side::reference);
  const ReclaimResult freed = real_.reclaim(call_, project_, budget);
  for (const std::string& id : pile_ids(Side::real)) gone.erase(id);
  if (freed.jobs > budget.jobs) {
    disagree("reclaim: over its budget of jobs", "at most " + std::to_string(budget.jobs),
             std::to_string(freed.jobs));
  }
  try {
    reference_->reclaim_slice(call_, project_, gone, freed);
  } catch (const std::logic_error& error) {
    throw Disagreement(error.what());
  }
}

void Comparison::run(const TrimJournal& op) {
  const Time before = call_.now - op.age;
  std::set<std::string> dropped = journal_ids();
  std::uint64_t entries = 0;
  TrimResult result;
  do {
    result = real_.trim_journal(call_, project_, before);
    entries += result.entries;
  } while (result.more);
  for (const std::string& id : journal_ids()) dropped.erase(id);
  agree("trim_journal, entries", dropped.size(), entries);
  try {
    reference_->drop_entries(project_, before, dropped);
  } catch (const std::logic_error& error) {
    throw Disagreement(error.what());
  }
}

void Comparison::run(const TakeLease& op) {
  const auto results = both(
      "lease", [&](Side side) { return repository(side).lease(call_, op.name, op.owner, op.ttl); });
  if (results) agree("lease, held", results->first, results->second);
}

void Comparison::run(const CompareAndSet& op) {
  const auto compare = [&](const char* what, const auto& results) {
    if (results && results->first != results->second) {
      disagree(what, results->first ? in_quotes(*results->first) : "nothing",
               results->second ? in_quotes(*results->second) : "nothing");
    }
  };
  compare("compare_and_set", both("compare_and_set", [&](Side side) {
            return repository(side).compare_and_set(call_, op.name, op.expected, op.desired);
          }));
  compare("setting",
          both("setting", [&](Side side) { return repository(side).setting(call_, op.name); }));
}

}  // namespace purgatory::model
