// All that can be seen of a project after a step.

#include <algorithm>

#include "comparison.hpp"

namespace purgatory::model {
namespace {

std::string text(const Pile& pile) {
  return in_quotes(pile.purge_id) + " state " + std::to_string(static_cast<int>(pile.state)) +
         ", jobs " + std::to_string(pile.jobs) + ", bytes " + std::to_string(pile.bytes) +
         ", undo_until " + model::text(pile.undo_until) + (pile.waiting ? ", waiting" : "");
}

std::string text(const JournalEntry& entry) {
  std::string out =
      in_quotes(entry.purge_id) + " at " + model::text(entry.at) + " by " + entry.actor + ", " +
      entry.reason + ", rule " + entry.rule + ", scope " +
      std::to_string(static_cast<int>(entry.scope.level())) + in_quotes(entry.scope.group()) +
      ", state " + std::to_string(static_cast<int>(entry.state)) + ", undo_until " +
      model::text(entry.undo_until) + ", jobs " + std::to_string(entry.jobs) + ", bytes " +
      std::to_string(entry.bytes) + ", restored " + std::to_string(entry.restored);
  for (const EvictionCount& count : entry.evictions) {
    out += "; rule " + in_quotes(count.rule) + " " + count.reason + " jobs " +
           std::to_string(count.jobs) + " bytes " + std::to_string(count.bytes);
  }
  return out;
}

template <typename Item>
void same_items(const std::string& what, const std::vector<Item>& reference,
                const std::vector<Item>& real) {
  for (std::size_t i = 0; i < std::min(reference.size(), real.size()); ++i) {
    if (reference[i] != real[i]) disagree(what, text(reference[i]), text(real[i]));
  }
  agree(what + ", number", reference.size(), real.size());
}

template <typename Item, typename Cursor, typename Ask>
std::vector<Item> whole(std::optional<Cursor> after, const Ask& ask) {
  std::vector<Item> items;
  do {
    auto page = ask(after);
    items.insert(items.end(), page.items.begin(), page.items.end());
    if (page.next && page.next == after) disagree("a cursor does not move", "", "");
    after = page.next;
  } while (after);
  return items;
}

/// A bound that must not come later than what it bounds.
void not_later(const std::string& what, std::optional<Time> expected, std::optional<Time> real) {
  if (!expected || (real && *real <= *expected)) return;
  disagree(what, "not later than " + model::text(*expected), real ? model::text(*real) : "never");
}

}  // namespace

void Comparison::see_project() {
  see_jobs();
  see_partitions();
  see_piles();
  see_journal();
  due(kMaxJobsPerCall);
}

void Comparison::see_jobs() {
  const auto see = [&](const std::string& what, const Selection& selection) {
    const auto expected = walk(Side::reference, selection, {}, kMaxJobsPerCall);
    same_jobs("list of " + what, expected, walk(Side::real, selection, {}, kMaxJobsPerCall));
    agree("count of " + what, expected.size(), real_.count(call_, selection, kMaxJobsPerCall));
  };
  see("the project", select({}, {}));
  for (const std::string& group : groups()) see("group " + in_quotes(group), select(group, {}));

  for (const std::string& job_id : job_ids()) {
    if (reference_->locate(call_, project_, job_id) != real_.locate(call_, project_, job_id)) {
      disagree("locate " + in_quotes(job_id), "other groups", "");
    }
    for (const std::string& group : groups()) {
      const auto expected = reference_->find(call_, project_, group, job_id);
      const auto found = real_.find(call_, project_, group, job_id);
      const std::string what = "find " + in_quotes(group) + "/" + in_quotes(job_id);
      agree(what + ", found", expected.has_value(), found.has_value());
      if (found) same_job(what, *expected, *found);
    }
  }
  for (const std::string& resource_id : resource_ids()) {
    if (resource_id.empty()) continue;
    with_resource({}, resource_id, kMaxJobsPerCall);
    for (const std::string& group : groups()) with_resource(group, resource_id, kMaxJobsPerCall);
  }
}

void Comparison::see_partitions() {
  const Partitions expected = reference_->partitions(call_, project_);
  const Partitions found = real_.partitions(call_, project_);
  if (expected.watermark != 0 || found.watermark != 0) {
    versions_.same(project_, expected.watermark, found.watermark);
  }
  agree("partitions, number", expected.partitions.size(), found.partitions.size());
  for (std::size_t i = 0; i < expected.partitions.size(); ++i) {
    const PartitionInfo& reference = expected.partitions[i];
    const PartitionInfo& real = found.partitions[i];
    const std::string what = "partition " + in_quotes(reference.group);
    if (reference.group != real.group)
      disagree(what, in_quotes(reference.group), in_quotes(real.group));
    agree(what + ", jobs", reference.jobs, real.jobs);
    agree(what + ", bytes", reference.bytes, real.bytes);
    agree(what + ", held", reference.held, real.held);
    agree(what + ", held bytes", reference.held_bytes, real.held_bytes);
    if (reference.oldest != real.oldest || reference.newest != real.newest) {
      disagree(what + ", oldest and newest",
               model::text(reference.oldest) + " " + model::text(reference.newest),
               model::text(real.oldest) + " " + model::text(real.newest));
    }
  }
}

void Comparison::see_piles() {
  const auto ask = [&](Side side, std::optional<std::string> after) {
    return whole<Pile, std::string>(std::move(after), [&](const auto& cursor) {
      return repository(side).piles(call_, project_, cursor);
    });
  };
  const auto expected = ask(Side::reference, {});
  same_items("piles", expected, ask(Side::real, {}));
  if (expected.size() > 1) {
    const std::string middle = expected[expected.size() / 2].purge_id;
    same_items("piles after " + in_quotes(middle), ask(Side::reference, middle),
               ask(Side::real, middle));
  }
  for (const std::string& purge_id : purge_ids()) see_trash(purge_id);
}

void Comparison::see_trash(const std::string& purge_id) {
  const std::string what = "trash of " + in_quotes(purge_id);
  const auto ask = [&](Side side, std::optional<PileCursor> after) {
    if (after && side == Side::real) after->version = versions_.real(project_, after->version);
    return whole<StoredJob, PileCursor>(std::move(after), [&](const auto& cursor) {
      return repository(side).trash(call_, project_, purge_id, cursor);
    });
  };
  const auto results = both(what.c_str(), [&](Side side) { return ask(side, {}); });
  if (!results) return;
  same_jobs(what, results->first, results->second);
  if (results->first.empty()) return;
  const PileCursor middle = place_in_pile(results->first[results->first.size() / 2]);
  same_jobs(what + " from the middle", ask(Side::reference, middle), ask(Side::real, middle));
}

void Comparison::see_journal() {
  const auto ask = [&](Side side, std::optional<JournalCursor> after) {
    return whole<JournalEntry, JournalCursor>(std::move(after), [&](const auto& cursor) {
      return repository(side).journal(call_, project_, cursor);
    });
  };
  const auto expected = ask(Side::reference, {});
  same_items("journal", expected, ask(Side::real, {}));
  if (expected.empty()) return;
  const JournalEntry& entry = expected[expected.size() / 2];
  const JournalCursor middle{entry.at, entry.purge_id};
  same_items("journal from the middle", ask(Side::reference, middle), ask(Side::real, middle));
}

void Comparison::see_projects() {
  const auto real = whole<ProjectInfo, std::string>(
      std::nullopt, [&](const auto& after) { return real_.projects(call_, after); });
  if (!std::is_sorted(real.begin(), real.end(), [](const auto& left, const auto& right) {
        return left.project < right.project;
      })) {
    disagree("projects", "ascending", "not");
  }
  for (const ProjectInfo& expected : reference_->projects(call_, {}).items) {
    const auto found = std::find_if(real.begin(), real.end(), [&](const ProjectInfo& info) {
      return info.project == expected.project;
    });
    const std::string what = "project " + in_quotes(expected.project);
    if (found == real.end()) disagree(what, "listed", "not listed");
    not_later(what + ", next_due", expected.next_due, found->next_due);
    not_later(what + ", next_reclaim", expected.next_reclaim, found->next_reclaim);
  }
}

void Comparison::see_stats() {
  const std::vector<Figure> figures = real_.stats(call_);
  const auto unfreed = reference_->unfreed();
  for (const Figure& expected : reference_->stats(call_)) {
    const auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) {
      return figure.name == expected.name;
    });
    if (found == figures.end()) disagree("stats, " + expected.name, "is there", "is not");
    // Trash that is being freed may be counted to its end.
    double most = expected.value;
    if (expected.name == "trash_jobs") most += static_cast<double>(unfreed.first);
    if (expected.name == "trash_bytes") most += static_cast<double>(unfreed.second);
    if (found->value < expected.value || found->value > most) {
      disagree("stats, " + expected.name, std::to_string(expected.value),
               std::to_string(found->value));
    }
  }
}

void Comparison::see_check() {
  std::optional<std::string> after;
  do {
    const CheckResult result = real_.check(call_, after, Budget{});
    for (const Finding& finding : result.findings) {
      disagree("check", "no findings", in_quotes(finding.where) + ": " + in_quotes(finding.what));
    }
    after = result.next;
  } while (after);
}

}  // namespace purgatory::model
