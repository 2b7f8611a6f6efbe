#include "core/config/retention.hpp"

#include <fmt/format.h>

#include <array>

#include "core/config/archives.hpp"
#include "core/config/policy.hpp"
#include "core/config/schema.hpp"
#include "core/options/table.hpp"
#include "core/retention/canonical.hpp"
#include "core/retention/review.hpp"

namespace purgatory::config {
namespace {

using Guard = Config::Retention::Guard;

Guard read_guard(const Node& section, SectionReader& sections) {
  const Options values = sections.read(section, std::string(kGuardKey), kGuardTable);
  if (section.kind != Node::Kind::map) return {};
  return {.max_fraction = values.integer("max_fraction"),
          .min_jobs = values.bytes("min_jobs"),
          .max_jobs = values.bytes("max_jobs"),
          .clock_jump = values.duration("clock_jump")};
}

Options values_of(const Guard& guard) {
  return Options()
      .set("max_fraction", guard.max_fraction)
      .set("min_jobs", guard.min_jobs)
      .set("max_jobs", guard.max_jobs)
      .set("clock_jump", guard.clock_jump);
}

Options journal_of(const Config::Retention& retention) {
  return Options().set("keep_for", retention.journal_keep_for);
}

}  // namespace

Config::Retention read_retention(const Node& section, const Limits& limits, SectionReader& sections,
                                 Mistakes& mistakes, Mistakes& warnings) {
  static const std::array<std::string, 6> children{"rules",    "caps",  "resolved",
                                                   "archives", "guard", "journal"};
  const Options values = sections.read(section, section.key, kRetentionTable, children);
  Config::Retention retention;
  if (section.kind != Node::Kind::map) return retention;
  retention.undo_window = values.duration("undo_window");
  retention.policy.min_age = values.duration("min_age");
  if (const Node* guard = section.find("guard")) retention.guard = read_guard(*guard, sections);
  if (const Node* journal = section.find("journal")) {
    const Options of_journal = sections.read(*journal, std::string(kJournalKey), kJournalTable);
    if (of_journal.has("keep_for")) retention.journal_keep_for = of_journal.duration("keep_for");
  }
  const Node* archives = section.find("archives");
  if (archives != nullptr) retention.archives = read_archives(*archives, sections, mistakes);
  read_policy(section, limits, retention, sections, mistakes, warnings);
  if (archives != nullptr && mistakes.empty()) {
    warn_of_unnamed(*archives, retention.policy, warnings);
  }
  return retention;
}

void check(const Config::Retention& retention, const Limits& limits) {
  (void)options::complete(
      Options().set("undo_window", retention.undo_window).set("min_age", retention.policy.min_age),
      kRetentionTable, kRetentionKey);
  (void)options::complete(values_of(retention.guard), kGuardTable, kGuardKey);
  (void)options::complete(journal_of(retention), kJournalTable, kJournalKey);
  check(retention.archives);
  retention::check(retention.policy, kRetentionKey, limits);
  check_archives(retention.policy, retention.archives, kRetentionKey);
}

std::string to_yaml(const Config::Retention& retention) {
  return fmt::format(
      "retention:\n  undo_window: {}\n{}{}  guard:\n{}  journal:\n{}",
      options::print(*options::find(kRetentionTable, "undo_window"), retention.undo_window),
      retention::canonical_yaml(retention.policy), to_yaml(retention.archives),
      options::print(kGuardTable, values_of(retention.guard), 2),
      options::print(kJournalTable, journal_of(retention), 2));
}

}  // namespace purgatory::config
