// R12: journal, trim_journal.

#include "plugins/file/generation.hpp"
#include "plugins/file/purge_row.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

std::vector<EvictionCount> evictions_of(Connection& db, std::int64_t purge) {
  Query rows(
      db, "SELECT rule, reason, jobs, bytes FROM eviction WHERE purge = ?1 ORDER BY rule, reason",
      purge);
  std::vector<EvictionCount> counts;
  while (rows.step()) {
    counts.push_back({.rule = std::string(rows.text(0)),
                      .reason = std::string(rows.text(1)),
                      .jobs = rows.number(2),
                      .bytes = rows.number(3)});
  }
  return counts;
}

}  // namespace

Page<JournalEntry, JournalCursor> FileRepository::journal(
    const Call& call, std::string_view project, const std::optional<JournalCursor>& after) {
  return read(call, [&](Connection& db) {
    Page<JournalEntry, JournalCursor> page;
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    if (!found) return page;
    Query rows = purges_before(db, found->id, after ? after->at : Time::max(),
                               after ? std::string_view(after->purge_id) : std::string_view());
    while (rows.step()) {
      if (std::ssize(page.items) == kPageItems) {
        const JournalEntry& last = page.items.back();
        page.next = JournalCursor{.at = last.at, .purge_id = last.purge_id};
        break;
      }
      const PurgeRow purge = read_purge(rows, project);
      JournalEntry& entry = page.items.emplace_back(purge.entry);
      entry.state = purge.state(call.now);
      if (purge.kind == PurgeRow::Kind::eviction) entry.evictions = evictions_of(db, purge.id);
    }
    return page;
  });
}

TrimResult FileRepository::trim_journal(const Call& call, std::string_view project, Time before) {
  return write(call, Grows::no, kPageItems, [&](Connection& db) {
    TrimResult result;
    const auto found = find_project(db, project);
    if (!found) return result;
    std::vector<std::int64_t> old;
    Query rows(db,
               "SELECT id FROM purge WHERE project = ?1 AND jobs > 0 AND at < ?2 AND has_pile = 0 "
               "ORDER BY at, purge_id LIMIT ?3",
               found->id, before, kPageItems + 1);
    while (rows.step()) old.push_back(rows.integer(0));
    result.more = std::ssize(old) > kPageItems;
    if (result.more) old.pop_back();
    for (const std::int64_t id : old) Query(db, "DELETE FROM purge WHERE id = ?1", id).run();
    result.entries = old.size();
    return result;
  });
}

}  // namespace purgatory::file
