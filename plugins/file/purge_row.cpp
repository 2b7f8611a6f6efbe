#include "plugins/file/purge_row.hpp"

#include "plugins/file/fail.hpp"

namespace purgatory::file {
namespace {

std::string select_purges(std::string_view condition) {
  return fmt::format(
      "SELECT id, purge_id, kind, at, actor, reason, rule, scope_level, scope_group, undo_until, "
      "state, has_pile, archived, restoring_until, jobs, bytes, held, restored FROM purge WHERE "
      "project = ?1 AND {}",
      condition);
}

/// Damage must not make an enumerator that there is not.
template <typename Enum>
Enum enumerator(std::int64_t value, Enum last) {
  if (value < 0 || value > static_cast<std::int64_t>(last)) {
    fail(ErrorCode::corrupt,
         "the journal has a state, kind or scope {} that there is not: run the store's check, or "
         "restore a backup",
         value);
  }
  return static_cast<Enum>(value);
}

// `gone` has the number 2 in the file: restoring is never stored.
constexpr std::int64_t kGone = 2;

PileState state_of(std::int64_t value) {
  return value == kGone ? PileState::gone : enumerator(value, PileState::sealed);
}

std::int64_t number_of(PileState state) {
  return state == PileState::gone ? kGone : static_cast<std::int64_t>(state);
}

Scope scope_of(std::int64_t level, std::string_view project, std::string_view group) {
  switch (enumerator(level, Scope::Level::project)) {
    case Scope::Level::project_level: return Scope::project_level(std::string(project));
    case Scope::Level::group: return Scope::group(std::string(project), std::string(group));
    case Scope::Level::project: break;
  }
  return Scope::project(std::string(project));
}

}  // namespace

Query purge_by_name(Connection& db, std::int64_t project, std::string_view purge_id) {
  static const std::string sql = select_purges("purge_id = ?2");
  return {db, sql.c_str(), project, purge_id};
}

Query purges_with_pile(Connection& db, std::int64_t project, std::string_view behind) {
  static const std::string sql = select_purges("has_pile = 1 AND purge_id > ?2 ORDER BY purge_id");
  return {db, sql.c_str(), project, behind};
}

Query purges_being_freed(Connection& db, std::int64_t project) {
  static const std::string sql = select_purges("has_pile = 1 AND state = 2");
  return {db, sql.c_str(), project};
}

Query purges_past_undo(Connection& db, std::int64_t project, Time now) {
  static const std::string sql =
      select_purges("has_pile = 1 AND undo_until <= ?2 ORDER BY undo_until");
  return {db, sql.c_str(), project, now};
}

Query purges_before(Connection& db, std::int64_t project, Time at, std::string_view purge_id) {
  static const std::string sql =
      select_purges("jobs > 0 AND (at, purge_id) < (?2, ?3) ORDER BY at DESC, purge_id DESC");
  return {db, sql.c_str(), project, at, purge_id};
}

Query purges_being_restored(Connection& db, std::int64_t project) {
  static const std::string sql = select_purges("restoring_until > 0");
  return {db, sql.c_str(), project};
}

bool PurgeRow::restoring(Time now) const noexcept {
  return entry.state != PileState::gone && now < restoring_until &&
         restoring_until <= now + kRestoringMark;
}

PileState PurgeRow::state(Time now) const noexcept {
  return entry.state == PileState::sealed && restoring(now) ? PileState::restoring : entry.state;
}

PurgeRow read_purge(const Query& row, std::string_view project) {
  return {.id = row.integer(0),
          .kind = enumerator(row.integer(2), PurgeRow::Kind::eviction),
          .entry = {.purge_id = std::string(row.text(1)),
                    .at = row.time(3),
                    .actor = std::string(row.text(4)),
                    .reason = std::string(row.text(5)),
                    .rule = std::string(row.text(6)),
                    .scope = scope_of(row.integer(7), project, row.text(8)),
                    .state = state_of(row.integer(10)),
                    .undo_until = row.time(9),
                    .jobs = row.number(14),
                    .bytes = row.number(15),
                    .restored = row.number(17),
                    .evictions = {}},
          .has_pile = row.flag(11),
          .archived = row.flag(12),
          .restoring_until = row.time(13),
          .held = row.number(16)};
}

std::optional<PurgeRow> find_purge(Connection& db, std::int64_t project,
                                   std::string_view project_name, std::string_view purge_id) {
  Query row = purge_by_name(db, project, purge_id);
  if (!row.step()) return std::nullopt;
  return read_purge(row, project_name);
}

PurgeRow find_pile(Connection& db, std::string_view project, std::string_view purge_id,
                   std::string_view operation) {
  const std::optional<ProjectRow> found = find_project(db, project);
  std::optional<PurgeRow> purge;
  if (found) purge = find_purge(db, found->id, project, purge_id);
  if (purge && purge->has_pile && purge->entry.state != PileState::gone) return *std::move(purge);
  fail(ErrorCode::not_found, "{}: purge '{}' has no trash: it is unknown, or was freed", operation,
       purge_id);
}

PurgeRow create_purge(Connection& db, std::int64_t project, PurgeRow::Kind kind, const Scope& scope,
                      const PurgeNote& note, Time now) {
  const bool detach = kind == PurgeRow::Kind::detach;
  PurgeRow purge{.kind = kind,
                 .entry = {.purge_id = note.purge_id,
                           .at = now,
                           .actor = note.actor,
                           .reason = note.reason,
                           .rule = note.rule,
                           .scope = scope,
                           .state = detach ? PileState::sealed : PileState::open,
                           .undo_until = kind == PurgeRow::Kind::eviction ? now : note.undo_until,
                           .evictions = {}}};
  Query(db,
        "INSERT INTO purge (project, purge_id, kind, at, actor, reason, rule, scope_level, "
        "scope_group, undo_until, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        project, note.purge_id, static_cast<int>(kind), now, note.actor, note.reason, note.rule,
        static_cast<int>(scope.level()), scope.group(), purge.entry.undo_until,
        number_of(purge.entry.state))
      .run();
  purge.id = db.last_id();
  return purge;
}

void update_purge(Connection& db, const PurgeRow& purge) {
  const JournalEntry& entry = purge.entry;
  Query(db,
        "UPDATE purge SET undo_until = ?2, state = ?3, has_pile = ?4, archived = ?5, "
        "restoring_until = ?6, jobs = ?7, bytes = ?8, held = ?9, restored = ?10 WHERE id = ?1",
        purge.id, entry.undo_until, number_of(entry.state), purge.has_pile, purge.archived,
        purge.restoring_until, entry.jobs, entry.bytes, purge.held, entry.restored)
      .run();
}

Totals pile_totals(Connection& db, std::int64_t purge) {
  Totals totals;
  for (const Generation& generation : trash_generations(db, purge, {}, kAllGenerations))
    totals += generation.totals;
  return totals;
}

}  // namespace purgatory::file
