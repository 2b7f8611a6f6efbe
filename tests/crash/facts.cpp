#include "tests/crash/facts.hpp"

#include <algorithm>

#include "tests/processes/wire.hpp"

namespace purgatory::crash {
namespace {

std::string bytes_of(const Copy& copy) {
  return processes::encoded(copy.job, copy.retention, copy.recorded_at);
}

std::string show(const Fact& fact) {
  return fact.kind + " " + fact.project + " '" + fact.name + "' '" + fact.detail + "'";
}

const std::string* find(const Facts& facts, const Fact& fact) {
  const auto found = facts.find(fact);
  return found == facts.end() ? nullptr : &found->second;
}

bool equal(const std::string* one, const std::string* other) {
  return one == other || (one != nullptr && other != nullptr && *one == *other);
}

bool ignored(const Outcome& outcome, const Fact& fact) {
  return (fact.kind == "pile" || fact.kind == "trash") &&
         std::ranges::binary_search(outcome.freeable, fact.name);
}

/// Adds what is in `facts` and is not the same in `others`.
void add_different(std::vector<Fact>& different, const Outcome& outcome, const Facts& facts,
                   const Facts& others) {
  for (const auto& [fact, value] : facts) {
    if (!ignored(outcome, fact) && !equal(&value, find(others, fact))) different.push_back(fact);
  }
}

std::vector<Fact> different_facts(const Outcome& outcome, const Facts& seen) {
  std::vector<Fact> different;
  add_different(different, outcome, outcome.facts, seen);
  add_different(different, outcome, seen, outcome.facts);
  std::ranges::sort(different);
  const auto repeated = std::ranges::unique(different);
  different.erase(repeated.begin(), repeated.end());
  return different;
}

/// Whether the call that was in flight writes this: then it was done by half.
bool in_flight(const std::vector<Outcome>& outcomes, const Fact& fact) {
  const std::string* const before = find(outcomes.front().facts, fact);
  return std::ranges::any_of(
      outcomes, [&](const Outcome& outcome) { return !equal(before, find(outcome.facts, fact)); });
}

}  // namespace

void add_job(Facts& facts, const Copy& copy) {
  facts[{"job", copy.job.project, copy.job.group, copy.job.job_id}] = bytes_of(copy);
}

void add_trash(Facts& facts, const std::string& purge_id, const Copy& copy) {
  const auto second = std::to_string(copy.job.failed_at.time_since_epoch().count());
  facts[{"trash", copy.job.project, purge_id,
         copy.job.group + "/" + copy.job.job_id + "@" + second}] = bytes_of(copy);
}

void add_pile(Facts& facts, const std::string& project, const Pile& pile) {
  facts[{"pile", project, pile.purge_id}] = processes::encoded(
      pile.jobs, pile.bytes, pile.undo_until, pile.waiting, pile.state == PileState::open);
}

void add_journal(Facts& facts, const std::string& project, const JournalEntry& entry) {
  facts[{"journal", project, entry.purge_id}] =
      processes::encoded(entry.at, entry.actor, entry.reason, entry.rule, entry.jobs, entry.bytes,
                         entry.restored, entry.evictions);
}

Difference& Difference::operator+=(const Difference& other) {
  lost += other.lost;
  resurrected += other.resurrected;
  torn += other.torn;
  lines.insert(lines.end(), other.lines.begin(), other.lines.end());
  return *this;
}

Verdict judge(const std::vector<Outcome>& outcomes, const Facts& seen) {
  Verdict verdict;
  std::vector<Fact> nearest = different_facts(outcomes.front(), seen);
  for (std::size_t i = 1; i < outcomes.size() && !nearest.empty(); ++i) {
    std::vector<Fact> different = different_facts(outcomes[i], seen);
    if (different.size() >= nearest.size()) continue;
    nearest = std::move(different);
    verdict.outcome = i;
  }
  for (const Fact& fact : nearest) {
    Difference& difference = verdict.difference;
    const bool expected = outcomes[verdict.outcome].facts.contains(fact);
    if (in_flight(outcomes, fact) || (expected && seen.contains(fact))) {
      ++difference.torn;
      difference.lines.push_back("torn: " + show(fact));
    } else if (expected) {
      ++difference.lost;
      difference.lines.push_back("lost: " + show(fact));
    } else {
      ++difference.resurrected;
      difference.lines.push_back("resurrected: " + show(fact));
    }
  }
  return verdict;
}

}  // namespace purgatory::crash
