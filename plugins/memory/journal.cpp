// R12: journal, trim_journal.

#include "plugins/memory/repository.hpp"

namespace purgatory::memory {
Page<JournalEntry, JournalCursor> MemoryRepository::journal(
    const Call& call, std::string_view project_name, const std::optional<JournalCursor>& after) {
  Page<JournalEntry, JournalCursor> page;
  Project* found = project(project_name);
  if (found == nullptr) return page;
  const std::scoped_lock lock(found->mutex());
  const Purges::Journal& journal = found->purges().journal();
  auto end = after ? journal.lower_bound({after->at, after->purge_id}) : journal.end();
  while (end != journal.begin()) {
    const Purge& purge = *(--end)->second;
    if (page.items.size() == kPageItems) {
      page.next = JournalCursor{.at = page.items.back().at, .purge_id = page.items.back().purge_id};
      break;
    }
    page.items.push_back(purge.entry);
    page.items.back().state = purge.state(call.now);
  }
  return page;
}

TrimResult MemoryRepository::trim_journal(const Call& /*call*/, std::string_view project_name,
                                          Time before) {
  TrimResult result;
  Project* found = project(project_name);
  if (found == nullptr) return result;
  const std::scoped_lock lock(found->mutex());
  Purges& purges = found->purges();
  auto place = purges.journal().begin();
  while (place != purges.journal().end() && place->first.first < before) {
    const Purge& purge = *(place++)->second;
    if (purges.has_pile(purge)) continue;
    if (result.entries == kPageItems) {
      result.more = true;
      break;
    }
    purges.erase(purge);
    ++result.entries;
  }
  return result;
}

}  // namespace purgatory::memory
