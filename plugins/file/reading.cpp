// R3 and R16: find, locate, list, count, with_resource.

#include <algorithm>

#include "plugins/file/fail.hpp"
#include "plugins/file/generation.hpp"
#include "plugins/file/hash.hpp"
#include "plugins/file/repository.hpp"

namespace purgatory::file {
namespace {

/// A long walk begins a new snapshot after so many jobs: the log cannot begin anew under an old
/// one.
constexpr std::size_t kJobsPerSnapshot = 4096;
constexpr std::size_t kLooksPerDeadline = 64;

/// Where a job stands in the order of a list.
struct Place {
  std::int64_t id;
  Time failed_at;
  std::string job_id;
};

/// The jobs of one generation behind a cursor, newest first, fetched some at a time from the index.
class Source {
 public:
  Source(Connection& db, Generation generation, const std::optional<ListCursor>& after,
         std::int64_t chunk)
      : db_(&db), generation_(std::move(generation)), chunk_(chunk) {
    if (after) {
      fetch(after->failed_at, after->job_id, generation_.group < after->group);
    } else {
      fetch(Time::max(), "", false);
    }
  }

  [[nodiscard]] bool done() const noexcept { return next_ == places_.size(); }
  [[nodiscard]] const Place& place() const noexcept { return places_[next_]; }
  [[nodiscard]] const std::string& group() const noexcept { return generation_.group; }

  void advance() {
    if (++next_ < places_.size() || places_.size() < static_cast<std::size_t>(chunk_)) return;
    const Place last = std::move(places_.back());
    fetch(last.failed_at, last.job_id, false);
  }

  /// True if `a` is listed behind `b`.
  static bool behind(const Source& a, const Source& b) noexcept {
    const Place& left = a.place();
    const Place& right = b.place();
    if (left.failed_at != right.failed_at) return left.failed_at < right.failed_at;
    if (const int order = left.job_id.compare(right.job_id); order != 0) return order < 0;
    return a.group() < b.group();
  }

 private:
  void fetch(Time failed_at, std::string_view job_id, bool with_equal) {
    places_.clear();
    next_ = 0;
    Query rows(*db_,
               with_equal
                   ? "SELECT id, failed_at, job_id FROM job WHERE generation = ?1 AND (failed_at, "
                     "job_id) <= (?2, ?3) ORDER BY failed_at DESC, job_id DESC LIMIT ?4"
                   : "SELECT id, failed_at, job_id FROM job WHERE generation = ?1 AND (failed_at, "
                     "job_id) < (?2, ?3) ORDER BY failed_at DESC, job_id DESC LIMIT ?4",
               generation_.id, failed_at, job_id, chunk_);
    while (rows.step()) {
      places_.push_back(
          {.id = rows.integer(0), .failed_at = rows.time(1), .job_id = std::string(rows.text(2))});
    }
  }

  Connection* db_;
  Generation generation_;
  std::int64_t chunk_;
  std::vector<Place> places_;
  std::size_t next_ = 0;
};

/// Merges the generations of a scope descending by (failed_at, job_id, group), within a snapshot.
class Merge {
 public:
  Merge(Connection& db, std::string_view project, std::vector<Generation> generations,
        const std::optional<ListCursor>& after, std::int64_t wanted)
      : db_(db), project_(project) {
    constexpr std::int64_t kLeast = 2;
    const std::int64_t chunk =
        std::max(kLeast, wanted / std::max<std::int64_t>(1, std::ssize(generations)));
    for (Generation& generation : generations) {
      Source source(db, std::move(generation), after, chunk);
      if (!source.done()) sources_.push_back(std::move(source));
    }
    std::ranges::make_heap(sources_, Source::behind);
  }

  [[nodiscard]] bool done() const noexcept { return sources_.empty(); }
  [[nodiscard]] ListCursor cursor() const {
    const Source& source = sources_.front();
    return {.failed_at = source.place().failed_at,
            .job_id = source.place().job_id,
            .group = source.group()};
  }

  void read(StoredJob& stored) const {
    const Source& source = sources_.front();
    Query query = job_by_id(db_, source.place().id);
    query.step();
    JobRow(query, {project_, source.group()}).read(stored);
  }

  void next() {
    std::ranges::pop_heap(sources_, Source::behind);
    sources_.back().advance();
    if (sources_.back().done()) {
      sources_.pop_back();
    } else {
      std::ranges::push_heap(sources_, Source::behind);
    }
  }

 private:
  Connection& db_;
  std::string_view project_;
  std::vector<Source> sources_;
};

/// Walks a selection in snapshots of some jobs each.
class Walk {
 public:
  /// `wanted`: about how many jobs it will look at, unless a filter has it look at more.
  Walk(Connection& db, const Call& call, const Selection& selection, std::optional<ListCursor> at,
       std::size_t wanted)
      : db_(db), call_(call), selection_(selection), at_(std::move(at)) {
    if (selection.filter.empty()) wanted_ = static_cast<std::int64_t>(wanted);
    const std::optional<Time>& before = selection.filter.failed_before;
    if (before && (!at_ || at_->failed_at >= *before)) {
      at_ = ListCursor{.failed_at = *before, .job_id = {}, .group = {}};
    }
  }

  /// Calls visit(job) for each that matches until it returns false, or the deadline passes. Returns
  /// where it stopped; absent: at the end.
  template <typename Visit>
  std::optional<ListCursor> run(Visit visit) {
    try {
      while (step(visit)) continue;
    } catch (const SqliteError& error) {
      // SQLite saw first that the deadline has passed.
      if (!error.interrupted() || !moved_) throw;
    }
    return std::move(at_);
  }

 private:
  /// One snapshot. False: it is over.
  template <typename Visit>
  bool step(Visit& visit) {
    const Snapshot snapshot(db_);
    const std::string& project = selection_.scope.project();
    const auto found = find_project(db_, project);
    if (!found) return end();
    Merge merge(db_, project, live_generations(db_, found->id, selection_.scope), at_, wanted_);
    const std::optional<Time>& from = selection_.filter.failed_from;
    for (std::size_t looks = 0; looks < kJobsPerSnapshot; ++looks, merge.next()) {
      if (merge.done() || (from && merge.cursor().failed_at < *from)) return end();
      merge.read(stored_);
      const bool matching = matches(selection_.filter, stored_);
      at_ = merge.cursor();
      moved_ = true;
      if (matching && !visit(stored_)) return false;
      const bool look_at_clock = looks % kLooksPerDeadline == kLooksPerDeadline - 1;
      if (look_at_clock && std::chrono::steady_clock::now() >= call_.deadline) return false;
    }
    return true;
  }

  bool end() noexcept {
    at_.reset();
    return false;
  }

  Connection& db_;
  const Call& call_;
  const Selection& selection_;
  std::optional<ListCursor> at_;
  std::int64_t wanted_ = 256;
  bool moved_ = false;
  StoredJob stored_;
};

}  // namespace

std::optional<StoredJob> FileRepository::find(const Call& call, std::string_view project,
                                              std::string_view group, std::string_view job_id) {
  return read(call, [&](Connection& db) -> std::optional<StoredJob> {
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    if (!found) return std::nullopt;
    const Scope scope = Scope::group(std::string(project), std::string(group));
    for (const Generation& generation : live_generations(db, found->id, scope)) {
      Query query = job_by_identity(db, generation.id, job_id);
      if (query.step()) return read_whole(db, JobRow(query, {project, group}));
    }
    return std::nullopt;
  });
}

std::vector<std::string> FileRepository::locate(const Call& call, std::string_view project,
                                                std::string_view job_id) {
  return read(call, [&](Connection& db) {
    Query rows(
        db,
        "SELECT group_name FROM project JOIN generation ON generation.project = project.id "
        "WHERE project.name = ?1 AND purge IS NULL AND EXISTS (SELECT 1 FROM job WHERE "
        "job.generation = generation.id AND id_hash = ?2 AND job_id = ?3) ORDER BY group_name",
        project, hash_of(job_id), job_id);
    std::vector<std::string> groups;
    while (rows.step()) groups.emplace_back(rows.text(0));
    return groups;
  });
}

Page<StoredJob, ListCursor> FileRepository::list(const Call& call, const Selection& selection,
                                                 const std::optional<ListCursor>& after,
                                                 std::size_t limit) {
  return read(call, [&](Connection& db) {
    Page<StoredJob, ListCursor> page;
    page.next = Walk(db, call, selection, after, limit).run([&](StoredJob& stored) {
      page.items.push_back(std::move(stored));
      return page.items.size() < limit;
    });
    return page;
  });
}

std::uint64_t FileRepository::count(const Call& call, const Selection& selection,
                                    std::uint64_t at_most) {
  return read(call, [&](Connection& db) {
    std::uint64_t matching = 0;
    if (at_most == 0) return matching;
    if (selection.filter.empty()) {
      const Snapshot snapshot(db);
      const auto found = find_project(db, selection.scope.project());
      if (!found) return matching;
      for (const Generation& generation : live_generations(db, found->id, selection.scope)) {
        matching += generation.totals.jobs;
      }
      return std::min(matching, at_most);
    }
    const bool complete =
        !Walk(db, call, selection, std::nullopt, kJobsPerSnapshot).run([&](const StoredJob&) {
          return ++matching < at_most;
        });
    if (!complete && matching < at_most) check_deadline(call, "count");
    return matching;
  });
}

std::vector<StoredJob> FileRepository::with_resource(const Call& call, std::string_view project,
                                                     std::optional<std::string_view> group,
                                                     std::string_view resource_id,
                                                     std::size_t limit) {
  return read(call, [&](Connection& db) {
    std::vector<StoredJob> jobs;
    const Snapshot snapshot(db);
    const auto found = find_project(db, project);
    if (!found) return jobs;
    const Scope scope = group ? Scope::group(std::string(project), std::string(*group))
                              : Scope::project(std::string(project));
    for (const Generation& generation : live_generations(db, found->id, scope)) {
      Query ids(
          db,
          "SELECT id FROM job WHERE generation = ?1 AND resource_hash = ?2 AND resource_id = ?3 "
          "LIMIT ?4",
          generation.id, hash_of(resource_id), resource_id, limit - jobs.size());
      while (ids.step()) {
        Query query = job_by_id(db, ids.integer(0));
        query.step();
        JobRow(query, {project, generation.group}).read(jobs.emplace_back());
      }
    }
    return jobs;
  });
}

}  // namespace purgatory::file
