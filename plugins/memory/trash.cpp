// R8: piles, trash, seal, archived, expire, reclaim.

#include <algorithm>
#include <array>

#include "plugins/memory/fail.hpp"
#include "plugins/memory/repository.hpp"
#include "plugins/memory/slice.hpp"

namespace purgatory::memory {
namespace {

Purge& pile(Project* project, std::string_view purge_id, std::string_view operation) {
  Purge* purge = project == nullptr ? nullptr : project->purges().find_pile(purge_id);
  if (purge != nullptr) return *purge;
  fail(ErrorCode::not_found, "{}: purge '{}' has no trash: it is unknown, or was freed", operation,
       purge_id);
}

/// Runs action(purge) while no call is adding to a pile.
template <typename Action>
void with_pile(Project* project, std::string_view purge_id, std::string_view operation,
               Action action) {
  if (project == nullptr) pile(project, purge_id, operation);
  const std::scoped_lock closing(project->closing());
  const std::scoped_lock lock(project->mutex());
  action(pile(project, purge_id, operation));
}

/// What a reclaiming thread has taken out of a pile, to free it without the lock.
struct Victim {
  std::string purge_id;
  std::string group;
  std::unique_ptr<Generation> generation;
};

/// Takes a generation to free, by preference of the purge that the last one was of.
std::optional<Victim> take_victim(Project& project, Time now, std::string_view last) {
  const std::scoped_lock closing(project.closing());
  const std::scoped_lock lock(project.mutex());
  const Purges::Piles& piles = project.purges().piles();
  auto place = piles.find(last);
  for (place = place == piles.end() ? piles.begin() : place; place != piles.end();) {
    Purge& purge = *(place++)->second;
    if (!purge.reclaimable(now)) continue;
    purge.entry.state = PileState::gone;
    if (!purge.partitions.empty()) {
      auto taken = purge.partitions.extract(purge.partitions.begin());
      return Victim{purge.entry.purge_id, std::move(taken.key()), std::move(taken.mapped().open)};
    }
    if (purge.trash.jobs == 0) project.purges().drop_pile(purge);  // else another thread frees it
  }
  return std::nullopt;
}

bool may_be_freed(const Purge& purge, Time now) {
  const bool being_freed = purge.partitions.empty() && purge.trash.jobs > 0;
  return !being_freed && !purge.waiting() && !purge.restoring(now);
}

/// False if there is no window to be cut any more.
bool cut_undo_window(Project& project, std::string_view purge_id, Time now) {
  const std::scoped_lock lock(project.mutex());
  Purge* purge = project.purges().find_pile(purge_id);
  if (purge == nullptr || purge->entry.undo_until <= now || !may_be_freed(*purge, now)) {
    return false;
  }
  purge->entry.undo_until = now;
  return true;
}

void give_back(Project& project, Victim& victim, const Totals& freed) noexcept {
  const std::scoped_lock lock(project.mutex());
  Purge& purge = *project.purges().find(victim.purge_id);
  purge.trash -= freed;
  if (!victim.generation->empty()) {
    purge.partitions.try_emplace(std::move(victim.group)).first->second.open =
        std::move(victim.generation);
  } else if (purge.trash.jobs == 0) {
    project.purges().drop_pile(purge);
  }
}

}  // namespace

Page<Pile, std::string> MemoryRepository::piles(const Call& call, std::string_view project_name,
                                                const std::optional<std::string>& after) {
  Page<Pile, std::string> page;
  Project* found = project(project_name);
  if (found == nullptr) return page;
  const std::scoped_lock lock(found->mutex());
  const Purges::Piles& piles = found->purges().piles();
  for (auto place = after ? piles.upper_bound(*after) : piles.begin(); place != piles.end();
       ++place) {
    const Purge& purge = *place->second;
    if (purge.entry.state == PileState::gone) continue;
    if (page.items.size() == kPageItems) {
      page.next = page.items.back().purge_id;
      break;
    }
    page.items.push_back({.purge_id = purge.entry.purge_id,
                          .state = purge.state(call.now),
                          .jobs = purge.trash.jobs,
                          .bytes = purge.trash.bytes,
                          .undo_until = purge.entry.undo_until,
                          .waiting = purge.waiting()});
  }
  return page;
}

Page<StoredJob, PileCursor> MemoryRepository::trash(const Call& call, std::string_view project_name,
                                                    std::string_view purge_id,
                                                    const std::optional<PileCursor>& after) {
  Page<StoredJob, PileCursor> page;
  page.next = after;
  Project* found = project(project_name);
  if (found == nullptr) pile(found, purge_id, "trash");
  std::uint64_t bytes = 0;
  in_slices(*found, [&](Slice& slice) {
    const Purge& purge = pile(found, purge_id, "trash");
    auto place =
        page.next ? purge.partitions.lower_bound(page.next->group) : purge.partitions.begin();
    for (; place != purge.partitions.end(); ++place) {
      const auto& [group, partition] = *place;
      const TimeIndex& index = partition.open->by_time();
      auto end = index.end();
      if (page.next && page.next->group == group) {
        end =
            index.lower_bound(TimeKey{page.next->failed_at, page.next->job_id, page.next->version});
      }
      for (; end != index.begin(); --end) {
        const Record& record = *std::prev(end)->record;
        const bool full = page.items.size() == kPageItems ||
                          (!page.items.empty() && bytes + record.logical_bytes > kMaxBytesPerCall);
        const bool late = !page.items.empty() && std::chrono::steady_clock::now() >= call.deadline;
        if (full || late) return false;
        if (!slice.take()) return true;
        page.items.push_back(decode(record, found->name(), group, WithPayload::yes));
        bytes += record.logical_bytes;
        page.next = PileCursor{.group = group,
                               .failed_at = record.failed_at,
                               .job_id = std::string(record.job_id()),
                               .version = record.version};
      }
    }
    page.next.reset();
    return false;
  });
  return page;
}

void MemoryRepository::seal(const Call& /*call*/, std::string_view project_name,
                            std::string_view purge_id) {
  with_pile(project(project_name), purge_id, "seal",
            [](Purge& purge) { purge.entry.state = PileState::sealed; });
}

void MemoryRepository::mark_archived(const Call& /*call*/, std::string_view project_name,
                                     std::string_view purge_id) {
  with_pile(project(project_name), purge_id, "mark_archived", [](Purge& purge) {
    if (purge.entry.state == PileState::open) {
      fail(ErrorCode::conflict,
           "mark_archived: purge '{}' is open, so more may join it; seal it before it is archived",
           purge.entry.purge_id);
    }
    purge.archived = true;
  });
}

void MemoryRepository::expire(const Call& call, std::string_view project_name,
                              std::string_view purge_id) {
  with_pile(project(project_name), purge_id, "expire", [&](Purge& purge) {
    purge.entry.state = PileState::sealed;
    purge.entry.undo_until = std::min(purge.entry.undo_until, call.now);
  });
}

ReclaimResult MemoryRepository::reclaim(const Call& call, std::string_view project_name,
                                        const Budget& budget) {
  Project* found = project(project_name);
  return found == nullptr ? ReclaimResult{} : reclaim(*found, call, budget);
}

ReclaimResult MemoryRepository::reclaim(Project& project, const Call& call, const Budget& budget) {
  ReclaimResult result;
  const auto end = end_of(call, budget);
  const auto within_budget = [&] {
    const bool look_at_clock = result.jobs % Slice::kMost == 0;
    return result.jobs < budget.jobs && result.bytes < budget.bytes &&
           !(look_at_clock && std::chrono::steady_clock::now() >= end);
  };
  std::string last;
  while (within_budget()) {
    std::optional<Victim> victim = take_victim(project, call.now, last);
    if (!victim && last.empty()) return result;
    if (!victim) {
      last.clear();  // look at those before it, too
      continue;
    }
    last = victim->purge_id;
    Totals freed;
    do {
      const Totals job = victim->generation->free_one();
      freed += job;
      result.jobs += job.jobs;
      result.bytes += job.bytes;
    } while (!victim->generation->empty() && within_budget());
    give_back(project, *victim, freed);
  }
  result.more = true;
  return result;
}

bool MemoryRepository::free_oldest_trash(const Call& call) {
  const std::uint64_t used = space_.used();
  Project* project = nullptr;
  std::string purge_id;
  bool cut = false;  // a purge loses its undo window
  {
    const std::scoped_lock room(room_mutex_);
    if (space_.used() < used) return true;           // another thread made room meanwhile
    std::pair<bool, Time> first{true, Time::max()};  // what is over anyway, then the oldest
    for (Project* candidate : projects_after(std::nullopt, ~std::size_t{0})) {
      const std::scoped_lock lock(candidate->mutex());
      for (const auto& [id, purge] : candidate->purges().piles()) {
        const std::pair order{!purge->reclaimable(call.now), purge->entry.at};
        if (order >= first || !may_be_freed(*purge, call.now)) continue;
        first = order;
        project = candidate;
        purge_id = id;
      }
    }
    if (project == nullptr) return false;
    cut = cut_undo_window(*project, purge_id, call.now);
    (void)reclaim(*project, call, Budget{});
  }
  if (cut) log_cut_undo_window(project->name(), purge_id);
  return true;
}

void MemoryRepository::log_cut_undo_window(std::string_view project_name,
                                           std::string_view purge_id) const {
  const std::array fields{LogEvent::Field{"project", project_name},
                          LogEvent::Field{"purge_id", purge_id},
                          LogEvent::Field{"reason", "the store reached max_bytes"}};
  host_.log({.level = LogEvent::Level::warning, .event = "undo_window_cut", .fields = fields});
}

}  // namespace purgatory::memory
