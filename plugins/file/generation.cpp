#include "plugins/file/generation.hpp"

#include <fmt/format.h>

namespace purgatory::file {
namespace {

std::string select_generations(std::string_view condition) {
  return fmt::format(
      "SELECT id, group_name, held, jobs, bytes, archive_jobs FROM generation WHERE {}", condition);
}

Generation read_generation(const Query& row) {
  return {.id = row.integer(0),
          .group = std::string(row.text(1)),
          .held = row.flag(2),
          .totals = {.jobs = row.number(3), .bytes = row.number(4), .archive_jobs = row.number(5)}};
}

std::vector<Generation> read_generations(Query rows) {
  std::vector<Generation> generations;
  while (rows.step()) generations.push_back(read_generation(rows));
  return generations;
}

Query generations_of_project(Connection& db, std::int64_t project) {
  static const std::string sql =
      select_generations("project = ?1 AND purge IS NULL ORDER BY group_name, held");
  return {db, sql.c_str(), project};
}

Query generations_of_group(Connection& db, std::int64_t project, std::string_view group) {
  static const std::string sql =
      select_generations("project = ?1 AND purge IS NULL AND group_name = ?2 ORDER BY held");
  return {db, sql.c_str(), project, group};
}

Query generations_of_pile(Connection& db, std::int64_t purge, std::string_view from,
                          std::int64_t limit) {
  static const std::string sql =
      select_generations("purge = ?1 AND group_name >= ?2 ORDER BY group_name LIMIT ?3");
  return {db, sql.c_str(), purge, from, limit};
}

}  // namespace

Totals& Totals::operator+=(const Totals& other) noexcept {
  jobs += other.jobs;
  bytes += other.bytes;
  archive_jobs += other.archive_jobs;
  return *this;
}

Totals& Totals::operator-=(const Totals& other) noexcept {
  jobs -= other.jobs;
  bytes -= other.bytes;
  archive_jobs -= other.archive_jobs;
  return *this;
}

Totals totals_of(const JobRow& row) {
  return {.jobs = 1, .bytes = row.bytes(), .archive_jobs = row.names_archive() ? 1U : 0U};
}

void Generation::add(const Totals& more) noexcept {
  totals += more;
  changed = true;
}

void Generation::subtract(const Totals& less) noexcept {
  totals -= less;
  changed = true;
}

std::optional<ProjectRow> find_project(Connection& db, std::string_view name) {
  Query row(db, "SELECT id, version FROM project WHERE name = ?1", name);
  if (!row.step()) return std::nullopt;
  return ProjectRow{.id = row.integer(0), .version = row.number(1)};
}

std::vector<Generation> live_generations(Connection& db, std::int64_t project, const Scope& scope) {
  if (scope.level() == Scope::Level::project) {
    return read_generations(generations_of_project(db, project));
  }
  return read_generations(generations_of_group(db, project, scope.group()));
}

std::vector<Generation> trash_generations(Connection& db, std::int64_t purge, std::string_view from,
                                          std::int64_t limit) {
  return read_generations(generations_of_pile(db, purge, from, limit));
}

ProjectChange::ProjectChange(Connection& db, std::string_view name) : db_(db), name_(name) {
  std::optional<ProjectRow> found = find_project(db, name);
  if (!found) {
    Query(db, "INSERT INTO project (name) VALUES (?1)", name).run();
    found = ProjectRow{.id = db.last_id()};
  }
  project_ = *found;
  version_before_ = project_.version;
}

Generation& ProjectChange::look_up(std::int64_t purge, std::string_view group, bool held) {
  Key key{purge, held, std::string(group)};
  if (const auto found = generations_.find(key); found != generations_.end()) return found->second;
  // Who asks for the open generation of a partition asks for the held one next.
  for (const bool in_held : {false, true}) {
    generations_[{purge, in_held, std::string(group)}] = {.group = std::string(group),
                                                          .held = in_held};
  }
  Query rows = purge == 0 ? generations_of_group(db_, project_.id, group)
                          : generations_of_pile(db_, purge, group, 1);
  while (rows.step()) {
    Generation generation = read_generation(rows);
    if (generation.group == group)
      generations_[{purge, generation.held, generation.group}] = generation;
  }
  return generations_[std::move(key)];
}

Generation& ProjectChange::create_if_absent(Generation& generation, std::int64_t purge) {
  if (generation.id != 0) return generation;
  Query(db_,
        "INSERT INTO generation (project, group_name, held, purge, jobs, bytes, archive_jobs, "
        "changes) VALUES (?1, ?2, ?3, nullif(?4, 0), 0, 0, 0, 0)",
        project_.id, generation.group, generation.held, purge)
      .run();
  generation.id = db_.last_id();
  generation.changed = true;
  return generation;
}

Generation* ProjectChange::live(std::string_view group, bool held) {
  Generation& generation = look_up(0, group, held);
  return generation.id == 0 ? nullptr : &generation;
}

Generation& ProjectChange::live_or_new(std::string_view group, bool held) {
  return create_if_absent(look_up(0, group, held), 0);
}

Generation& ProjectChange::trash_or_new(std::int64_t purge, std::string_view group) {
  return create_if_absent(look_up(purge, group, false), purge);
}

void ProjectChange::finish() {
  for (const auto& [key, generation] : generations_) {
    if (!generation.changed) continue;
    if (generation.totals.jobs == 0) {
      Query(db_, "DELETE FROM generation WHERE id = ?1", generation.id).run();
      continue;
    }
    Query(db_,
          "UPDATE generation SET jobs = ?2, bytes = ?3, archive_jobs = ?4, changes = changes + 1 "
          "WHERE id = ?1",
          generation.id, generation.totals.jobs, generation.totals.bytes,
          generation.totals.archive_jobs)
        .run();
  }
  if (project_.version == version_before_) return;
  Query(db_, "UPDATE project SET version = ?2 WHERE id = ?1", project_.id, project_.version).run();
}

}  // namespace purgatory::file
