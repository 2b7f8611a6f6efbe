#include "tests/crash/state.hpp"

#include <algorithm>
#include <tuple>

namespace purgatory::crash {
namespace {

Identity identity_of(const FailedJob& job) { return {job.project, job.group, job.job_id}; }

/// The place of a job in the walk through a pile: by group, then newest first.
auto place(const FailedJob& job) {
  return std::tuple(job.group, -job.failed_at.time_since_epoch());
}

auto place(const PileCursor& cursor) {
  return std::tuple(cursor.group, -cursor.failed_at.time_since_epoch());
}

void count(JournalEntry& entry, const FailedJob& job) {
  ++entry.jobs;
  entry.bytes += logical_bytes(job);
}

}  // namespace

bool Purge::waiting() const {
  return !archived && std::ranges::any_of(trash, [](const Copy& copy) {
    return !copy.retention.stamp.archive.empty();
  });
}

Purge& State::purge(Purge::Kind kind, Time now, const std::string& project, const PurgeNote& note) {
  const auto [found, made] = purges_.try_emplace(note.purge_id);
  Purge& purge = found->second;
  if (!made) return purge;
  purge.kind = kind;
  purge.project = project;
  purge.entry.purge_id = note.purge_id;
  purge.entry.at = now;
  purge.entry.actor = note.actor;
  purge.entry.reason = note.reason;
  purge.entry.rule = note.rule;
  purge.entry.undo_until = kind == Purge::Kind::caps ? now : note.undo_until;
  purge.expired = purge.entry.undo_until <= now;
  return purge;
}

std::vector<Identity> State::free_jobs(const Scope& scope) const {
  std::vector<Identity> jobs;
  for (const auto& [identity, copy] : live_) {
    if (identity.project == scope.project() && scope.covers(identity.group) &&
        !held(copy.retention)) {
      jobs.push_back(identity);
    }
  }
  return jobs;
}

void State::take(Purge& purge, const Identity& identity) {
  const auto found = live_.find(identity);
  count(purge.entry, found->second.job);
  const auto behind = std::ranges::upper_bound(purge.trash, place(found->second.job), {},
                                               [](const Copy& copy) { return place(copy.job); });
  purge.trash.insert(behind, std::move(found->second));
  live_.erase(found);
}

void State::evict(Purge& purge, const Identity& identity) {
  const Copy& copy = live_.at(identity);
  auto& evictions = purge.entry.evictions;
  const std::string& rule = copy.retention.stamp.rule;
  auto counted = std::ranges::find(evictions, rule, &EvictionCount::rule);
  if (counted == evictions.end()) {
    const auto behind = std::ranges::upper_bound(evictions, rule, {}, &EvictionCount::rule);
    counted = evictions.insert(behind, {.rule = rule, .reason = "count"});
  }
  ++counted->jobs;
  counted->bytes += logical_bytes(copy.job);
  if (!copy.retention.stamp.archive.empty()) return take(purge, identity);
  count(purge.entry, copy.job);
  live_.erase(identity);
}

void State::trim(Time now, const Scope& scope, std::uint64_t most, const PurgeNote& note,
                 RecordResult& result) {
  std::vector<Identity> jobs = free_jobs(scope);
  if (jobs.size() <= most) return;
  std::ranges::sort(jobs, {},
                    [&](const Identity& identity) { return live_.at(identity).job.failed_at; });
  jobs.resize(jobs.size() - most);
  Purge& caps = purge(Purge::Kind::caps, now, scope.project(), note);
  for (const Identity& identity : jobs) {
    const Copy& copy = live_.at(identity);
    add(result.evictions, {.rule = copy.retention.stamp.rule,
                           .reason = "count",
                           .jobs = 1,
                           .bytes = logical_bytes(copy.job)});
    evict(caps, identity);
  }
  result.evicted += jobs.size();
}

RecordResult State::record(Time now, const std::vector<Copy>& jobs, const std::vector<Cap>& caps,
                           const PurgeNote& note) {
  RecordResult result;
  const std::string project = jobs.front().job.project;
  std::vector<std::uint64_t> before;
  for (const Cap& cap : caps) before.push_back(free_jobs(Scope::group(project, cap.group)).size());
  for (Copy copy : jobs) {
    copy.recorded_at = now;
    const auto [stored, inserted] = live_.try_emplace(identity_of(copy.job), copy);
    if (inserted) {
      ++result.inserted;
    } else if (copy.job.failed_at < stored->second.job.failed_at) {
      ++result.stale;
    } else {
      copy.retention.hold = stored->second.retention.hold;
      stored->second = copy;
      ++result.replaced;
    }
  }
  for (std::size_t i = 0; i < caps.size(); ++i) {
    const std::uint64_t most = std::max(caps[i].jobs, before[i]);
    trim(now, Scope::group(project, caps[i].group), most, note, result);
  }
  return result;
}

Receipt State::detach(Time now, const Scope& scope, const PurgeNote& note) {
  if (purges_.contains(note.purge_id)) return purges_.at(note.purge_id).receipt;
  Purge& detached = purge(Purge::Kind::detach, now, scope.project(), note);
  for (const Identity& identity : free_jobs(scope)) take(detached, identity);
  detached.entry.state = PileState::sealed;
  detached.receipt = {
      .purge_id = note.purge_id, .jobs = detached.entry.jobs, .bytes = detached.entry.bytes};
  for (const auto& [identity, copy] : live_) {
    if (identity.project == scope.project() && scope.covers(identity.group)) {
      ++detached.receipt.held;
    }
  }
  return detached.receipt;
}

RemoveResult State::remove(Time now, const std::vector<Identity>& jobs, const PurgeNote& note) {
  RemoveResult result;
  for (const Identity& identity : jobs) {
    if (held(live_.at(identity).retention)) {
      ++result.held;
      continue;
    }
    take(purge(Purge::Kind::remove, now, identity.project, note), identity);
    ++result.removed;
  }
  return result;
}

std::uint64_t State::restore(const std::string& purge_id, Time not_before,
                             const std::optional<PileCursor>& after,
                             const std::optional<PileCursor>& last, std::uint64_t most) {
  Purge& restored = purges_.at(purge_id);
  restored.entry.state = PileState::sealed;
  const std::uint64_t restored_before = restored.entry.restored;
  std::erase_if(restored.trash, [&](const Copy& trashed) {
    if (after && place(trashed.job) <= place(*after)) return false;
    if (last && place(trashed.job) > place(*last)) return false;
    if (restored.entry.restored - restored_before >= most) return false;
    const auto twin = live_.find(identity_of(trashed.job));
    if (twin != live_.end() && twin->second.job.failed_at >= trashed.job.failed_at) return false;
    Copy copy = trashed;
    copy.retention.stamp.not_before = not_before;
    if (twin != live_.end()) copy.retention.hold = twin->second.retention.hold;
    live_[identity_of(copy.job)] = copy;
    ++restored.entry.restored;
    return true;
  });
  return restored.entry.restored - restored_before;
}

bool State::restamp(const Identity& identity, const Retention& retention) {
  live_.at(identity).retention = retention;
  return true;
}

void State::seal(const std::string& purge_id) {
  purges_.at(purge_id).entry.state = PileState::sealed;
}

void State::expire(Time now, const std::string& purge_id) {
  Purge& purge = purges_.at(purge_id);
  purge.entry.undo_until = std::min(purge.entry.undo_until, now);
  purge.entry.state = PileState::sealed;
  purge.expired = true;
}

Outcome State::outcome() const {
  Outcome outcome;
  for (const auto& [identity, copy] : live_) add_job(outcome.facts, copy);
  for (const auto& [name, value] : settings_) outcome.facts[{"setting", "", name}] = value;
  for (const auto& [purge_id, purge] : purges_) {
    if (purge.entry.jobs == 0) continue;
    add_journal(outcome.facts, purge.project, purge.entry);
    if (purge.freeable()) {
      outcome.freeable.push_back(purge_id);
      continue;
    }
    Pile pile{.purge_id = purge_id,
              .state = purge.entry.state,
              .undo_until = purge.entry.undo_until,
              .waiting = purge.waiting()};
    for (const Copy& copy : purge.trash) {
      ++pile.jobs;
      pile.bytes += logical_bytes(copy.job);
      add_trash(outcome.facts, purge_id, copy);
    }
    add_pile(outcome.facts, purge.project, pile);
  }
  return outcome;
}

}  // namespace purgatory::crash
