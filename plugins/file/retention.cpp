// R9, R10 and R11: projects, due, partitions, restamp.

#include <algorithm>

#include "plugins/file/generation.hpp"
#include "plugins/file/purge_row.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

struct Action {
  std::int64_t id;
  Time at;
};

/// What is to be done about the jobs of a generation, longest overdue first.
void append_actions(Connection& db, const Generation& generation, Time now, std::size_t limit,
                    std::vector<Action>& actions) {
  Query rows(db,
             "SELECT id, action_at FROM job WHERE generation = ?1 AND action_at <= ?2 ORDER BY "
             "action_at LIMIT ?3",
             generation.id, now, limit);
  while (rows.step()) actions.push_back({.id = rows.integer(0), .at = rows.time(1)});
}

/// The ends of a generation's order by time.
Time end_of_generation(Connection& db, const char* sql, std::int64_t generation) {
  Query row(db, sql, generation);
  return row.step() ? row.time(0) : Time{};
}

PartitionInfo describe(Connection& db, const Generation& generation) {
  return {.group = generation.group,
          .jobs = generation.totals.jobs,
          .bytes = generation.totals.bytes,
          .held = generation.held ? generation.totals.jobs : 0,
          .held_bytes = generation.held ? generation.totals.bytes : 0,
          .oldest = end_of_generation(db, "SELECT min(failed_at) FROM job WHERE generation = ?1",
                                      generation.id),
          .newest = end_of_generation(db, "SELECT max(failed_at) FROM job WHERE generation = ?1",
                                      generation.id)};
}

void merge(PartitionInfo& info, const PartitionInfo& other) {
  info.jobs += other.jobs;
  info.bytes += other.bytes;
  info.held += other.held;
  info.held_bytes += other.held_bytes;
  info.oldest = std::min(info.oldest, other.oldest);
  info.newest = std::max(info.newest, other.newest);
}

/// Restamps the jobs of one call.
class Restamper {
 public:
  explicit Restamper(ProjectChange& project) : project_(project) {}

  void restamp(const Restamp& change) {
    const JobRef& ref = change.ref;
    const bool found =
        project_.with_job(ref.group, ref.job_id, [&](const JobRow& row, Generation& generation) {
          if (row.retention() == change.retention) {
            ++result_.done;
          } else if (row.version() != ref.version) {
            ++result_.changed;
          } else {
            write(row, generation, change.retention);
            ++result_.done;
          }
        });
    if (!found) ++result_.absent;
  }

  [[nodiscard]] const RestampResult& result() const noexcept { return result_; }

 private:
  void write(const JobRow& row, Generation& from, const Retention& retention) {
    const Totals before = totals_of(row);
    Totals after = before;
    after.archive_jobs = retention.stamp.archive.empty() ? 0 : 1;
    Generation& to = project_.live_or_new(from.group, held(retention));
    restamp_job(project_.db(), row, {project_.name(), from.group}, retention, to.id,
                project_.next_version(), Renumber::no);
    from.subtract(before);
    to.add(after);
  }

  ProjectChange& project_;
  RestampResult result_;
};

}  // namespace

Page<ProjectInfo, std::string> FileRepository::projects(const Call& call,
                                                        const std::optional<std::string>& after) {
  return read(call, [&](Connection& db) {
    Page<ProjectInfo, std::string> page;
    Query rows(db,
               "SELECT name, "
               "(SELECT min((SELECT min(action_at) FROM job WHERE job.generation = generation.id "
               "AND action_at IS NOT NULL)) FROM generation WHERE generation.project = project.id "
               "AND purge IS NULL), "
               "(SELECT min(CASE state WHEN 2 THEN 0 ELSE undo_until END) FROM purge WHERE "
               "purge.project = project.id AND has_pile = 1) "
               "FROM project WHERE name > ?1 ORDER BY name LIMIT ?2",
               after ? std::string_view(*after) : std::string_view(), kPageItems);
    while (rows.step()) {
      page.items.push_back({.project = std::string(rows.text(0)),
                            .next_due = rows.optional_time(1),
                            .next_reclaim = rows.optional_time(2)});
    }
    if (std::ssize(page.items) == kPageItems) page.next = page.items.back().project;
    return page;
  });
}

std::vector<StoredJob> FileRepository::due(const Call& call, std::string_view project,
                                           std::size_t limit) {
  return read(call, [&](Connection& db) {
    std::vector<StoredJob> jobs;
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    if (!found) return jobs;
    const auto generations = live_generations(db, found->id, Scope::project(std::string(project)));
    std::vector<Action> actions;
    for (auto next = generations.begin(); next != generations.end() && jobs.size() < limit;) {
      const std::string& group = next->group;
      actions.clear();
      for (; next != generations.end() && next->group == group; ++next) {
        append_actions(db, *next, call.now, limit - jobs.size(), actions);
      }
      std::ranges::stable_sort(actions, {}, &Action::at);  // those of two generations
      for (const Action& action : actions) {
        if (jobs.size() == limit) break;
        Query query = job_by_id(db, action.id);
        query.step();
        JobRow(query, {project, group}).read(jobs.emplace_back());
      }
    }
    return jobs;
  });
}

Partitions FileRepository::partitions(const Call& call, std::string_view project) {
  return read(call, [&](Connection& db) {
    Partitions result;
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    if (!found) return result;
    result.watermark = found->version;
    for (const Generation& generation :
         live_generations(db, found->id, Scope::project(std::string(project)))) {
      const PartitionInfo info = describe(db, generation);
      if (!result.partitions.empty() && result.partitions.back().group == info.group) {
        merge(result.partitions.back(), info);
      } else {
        result.partitions.push_back(info);
      }
    }
    return result;
  });
}

RestampResult FileRepository::restamp(const Call& call, std::string_view project_name,
                                      std::span<const Restamp> changes) {
  return write(call, Grows::yes, changes.size(), [&](Connection& db) {
    if (!find_project(db, project_name)) return RestampResult{.absent = changes.size()};
    ProjectChange project(db, project_name);
    Restamper restamper(project);
    for (const Restamp& change : changes) restamper.restamp(change);
    project.finish();
    return restamper.result();
  });
}

}  // namespace purgatory::file
