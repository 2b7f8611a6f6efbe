#include "core/archive/archiver.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "purgatory/error.hpp"

namespace purgatory::archive {
namespace {

/// Purges of an hour share a pile: it is complete when the hour is. A pile does not say which hour
/// that was, but its window never ends before: it begins when the hour ends, or (what caps took,
/// and windows of nothing) ends when the pile is made, within the hour. So the hour is over once
/// that has ended in which the window does, or with which. A window of no whole hours is rounded
/// up, and a pile that is made as the hour begins is taken at once: what comes later has another.
bool may_grow(const Pile& pile, Time now) {
  return pile.state == PileState::open &&
         now < std::chrono::ceil<std::chrono::hours>(pile.undo_until);
}

/// Whether other piles would fail, too: an archive cannot be written, or the store is down.
bool is_of_all(const Error& error) {
  switch (error.code()) {
    case ErrorCode::exhausted:
    case ErrorCode::permission:
    case ErrorCode::unavailable: return true;
    default: return is_down(error);
  }
}

}  // namespace

Archiver::Archiver(const Store& store, Archives archives, const RangeLimits& limits)
    : store_(store), archives_(std::move(archives)), limits_(limits) {}

Archiver::Step Archiver::step(std::string_view project) {
  const std::optional<Pile> pile = choose(project, look(project));
  if (!pile) return {};
  try {
    return {.archived = advance(project, *pile), .more = true};
  } catch (const Error& error) {
    note_failure(project, pile->purge_id, error);
    if (is_of_all(error)) throw;
  }
  return {.more = true};
}

std::uint64_t Archiver::pending_jobs() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [name, project] : projects_) sum += project.pending_jobs;
  return sum;
}

void Archiver::forget() {
  const std::lock_guard lock(mutex_);
  projects_.clear();
}

std::vector<Pile> Archiver::look(std::string_view name) {
  const Time now = store_.begin_call().now;
  std::vector<Pile> piles = waiting_piles(name);
  std::erase_if(piles, [&](const Pile& pile) {
    return pile.undo_until > now || pile.state == PileState::restoring;
  });
  Project project;
  const std::lock_guard lock(mutex_);
  const auto known = projects_.find(name);
  for (const Pile& pile : piles) {
    project.pending_jobs += pile.jobs;
    if (known == projects_.end()) continue;
    if (known->second.failed.contains(pile.purge_id)) project.failed.insert(pile.purge_id);
    if (auto position = known->second.positions.extract(pile.purge_id)) {
      project.positions.insert(std::move(position));
    }
  }
  if (!project.failed.empty()) project.failure = known->second.failure;
  if (!piles.empty()) {
    projects_.insert_or_assign(std::string(name), std::move(project));
  } else if (known != projects_.end()) {
    projects_.erase(known);
  }
  std::erase_if(piles, [&](const Pile& pile) { return may_grow(pile, now); });
  return piles;
}

std::optional<Pile> Archiver::choose(std::string_view project, const std::vector<Pile>& piles) {
  const std::lock_guard lock(mutex_);
  if (const auto found = projects_.find(project); found != projects_.end()) {
    auto& [pending_jobs, positions, failed, failure] = found->second;
    for (const Pile& pile : piles) {
      if (!failed.contains(pile.purge_id)) return pile;
    }
    failed.clear();
    if (failure) throw Error(*std::exchange(failure, std::nullopt));
  }
  if (piles.empty()) return std::nullopt;
  return piles.front();
}

void Archiver::note_failure(std::string_view project, const std::string& purge_id,
                            const Error& error) {
  const std::lock_guard lock(mutex_);
  const auto found = projects_.find(project);
  if (found == projects_.end()) return;
  found->second.failed.insert(purge_id);
  if (!found->second.failure && !is_of_all(error)) found->second.failure = error;
}

std::vector<Pile> Archiver::waiting_piles(std::string_view project) const {
  std::vector<Pile> piles;
  std::optional<std::string> after;
  do {
    auto page = store_.repository.piles(store_.begin_call(), project, after);
    std::ranges::copy_if(std::make_move_iterator(page.items.begin()),
                         std::make_move_iterator(page.items.end()), std::back_inserter(piles),
                         [](const Pile& pile) { return pile.waiting; });
    after = std::move(page.next);
  } while (after);
  return piles;
}

std::uint64_t Archiver::advance(std::string_view project, const Pile& pile) {
  try {
    if (pile.state == PileState::open) {
      store_.repository.seal(store_.begin_call(), project, pile.purge_id);
    }
    return write_range(project, pile.purge_id);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found && error.code() != ErrorCode::conflict) throw;
    const auto waiting = waiting_piles(project);
    if (std::ranges::find(waiting, pile.purge_id, &Pile::purge_id) != waiting.end()) throw;
    return 0;  // another process has archived it
  }
}

std::uint64_t Archiver::write_range(std::string_view project, const std::string& purge_id) {
  Segments segments(archives_, project, purge_id, store_.host);
  const auto known = position(project, purge_id);
  Position at = known ? *known : segments.position();
  Range range = read_range(store_, archives_, limits_, project, purge_id, at.begin);
  if (segments.taken(at.number, range)) {
    at = segments.new_position();
    range = read_range(store_, archives_, limits_, project, purge_id, at.begin);
  }
  segments.write(at.number, range);
  const std::uint64_t jobs = range.jobs();
  if (range.last) {
    segments.tidy();
    store_.repository.mark_archived(store_.begin_call(), project, purge_id);
  } else {
    set_position(project, purge_id,
                 {.number = at.number + (jobs > 0 ? 1 : 0), .begin = std::move(range.end)});
  }
  return jobs;
}

std::optional<Position> Archiver::position(std::string_view project,
                                           std::string_view purge_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = projects_.find(project);
  if (found == projects_.end()) return std::nullopt;
  const auto known = found->second.positions.find(purge_id);
  if (known == found->second.positions.end()) return std::nullopt;
  return known->second;
}

void Archiver::set_position(std::string_view project, const std::string& purge_id,
                            Position position) {
  const std::lock_guard lock(mutex_);
  const auto found = projects_.find(project);
  if (found == projects_.end()) return;
  found->second.positions.insert_or_assign(purge_id, std::move(position));
}

}  // namespace purgatory::archive
