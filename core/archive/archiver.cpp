#include "core/archive/archiver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "purgatory/error.hpp"

namespace purgatory::archive {
namespace {

/// Purges of an hour share a pile: it is complete when the hour is.
bool may_grow(const Pile& pile, Time now) {
  using std::chrono::hours;
  return pile.state == PileState::open &&
         now < std::chrono::floor<hours>(pile.undo_until) + hours(1);
}

/// By their names alone they could not be told apart in it.
void refuse_shared_directories(const Archives& archives) {
  std::map<std::filesystem::path, std::string_view> names;
  for (const auto& [name, archive] : archives) {
    std::error_code error;
    auto directory = std::filesystem::weakly_canonical(archive.directory, error);
    if (error) directory = archive.directory;
    if (!directory.has_filename()) directory = directory.parent_path();
    const auto [other, fresh] = names.emplace(std::move(directory), name);
    if (fresh) continue;
    throw Error(ErrorCode::config,
                fmt::format("retention.archives: '{}' and '{}' have the same directory, '{}'; give "
                            "each its own",
                            other->second, name, archive.directory));
  }
}

}  // namespace

Archiver::Archiver(const Store& store, Archives archives, const RangeLimits& limits)
    : store_(store), archives_(std::move(archives)), limits_(limits) {
  refuse_shared_directories(archives_);
}

Archiver::Step Archiver::step(std::string_view project) {
  std::optional<Error> failure;
  for (const Pile& pile : look(project)) {
    try {
      return {.archived = advance(project, pile), .more = true};
    } catch (const Error& error) {
      if (is_down(error)) throw;
      if (!failure) failure = error;
    }
  }
  if (failure) throw Error(*failure);
  return {};
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
    if (auto position = known->second.positions.extract(pile.purge_id)) {
      project.positions.insert(std::move(position));
    }
  }
  if (!piles.empty()) {
    projects_.insert_or_assign(std::string(name), std::move(project));
  } else if (known != projects_.end()) {
    projects_.erase(known);
  }
  std::erase_if(piles, [&](const Pile& pile) { return may_grow(pile, now); });
  return piles;
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
  const Segments segments(archives_, project, purge_id, store_.host);
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
