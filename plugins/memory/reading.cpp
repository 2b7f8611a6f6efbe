// R3 and R16: find, locate, list, count, with_resource.

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <iterator>

#include "plugins/memory/repository.hpp"
#include "plugins/memory/walk.hpp"

namespace purgatory::memory {
namespace {

/// Asks core whether a record matches, and reads no more of the record than the filter asks for.
class Matcher {
 public:
  Matcher(const Filter& filter, std::string_view project)
      : filter_(filter),
        project_(project),
        everything_(filter.empty()),
        status_hash_(hash_of(filter.failure_status.value_or(""))),
        resource_hash_(hash_of(filter.resource_id.value_or(""))),
        needs_retention_(filter.rule || filter.held || filter.resolved) {}

  bool operator()(std::string_view group, const Record& record) const {
    if (everything_) return true;
    if (filter_.failed_from && record.failed_at < *filter_.failed_from) return false;
    if (filter_.failed_before && record.failed_at >= *filter_.failed_before) return false;
    if (filter_.failure_status && record.status_hash != status_hash_) return false;
    if (filter_.resource_id && record.resource_hash != resource_hash_) return false;
    const std::uint32_t identity = codec::identity(project_, group, record.job_id());
    const codec::RetentionView retention = needs_retention_
                                               ? codec::read_retention(record.retention(), identity)
                                               : codec::RetentionView{};
    return matches(filter_,
                   codec::filter_view(codec::read_fields(record.fields(), identity), retention));
  }

 private:
  const Filter& filter_;
  std::string_view project_;
  bool everything_;
  std::uint32_t status_hash_;
  std::uint32_t resource_hash_;
  bool needs_retention_;
};

/// Merges the generations of a scope descending by (failed_at, job_id, group). Valid under the
/// lock.
class Merge {
 public:
  Merge(Project& project, const Scope& scope, const std::optional<ListCursor>& after) {
    project.for_each(scope, [&](const std::string& group, const Partition& partition) {
      partition.for_each([&](const Generation& generation) {
        const auto begin =
            after ? behind(generation.by_time(), group, *after) : generation.by_time().rbegin();
        if (begin != generation.by_time().rend()) {
          sources_.push_back({begin, generation.by_time().rend(), group});
        }
      });
    });
    std::ranges::make_heap(sources_, older);
  }

  [[nodiscard]] bool done() const noexcept { return sources_.empty(); }
  [[nodiscard]] const Record& record() const noexcept { return *sources_.front().at->record; }
  [[nodiscard]] std::string_view group() const noexcept { return sources_.front().group; }
  [[nodiscard]] std::size_t sources() const noexcept { return sources_.size(); }

  void next() {
    std::ranges::pop_heap(sources_, older);
    Source& source = sources_.back();
    if (++source.at == source.end) {
      sources_.pop_back();
      return;
    }
    if (const auto then = std::next(source.at); then != source.end) then->record->prefetch();
    std::ranges::push_heap(sources_, older);
  }

 private:
  using Position = TimeIndex::const_reverse_iterator;
  struct Source {
    Position at;
    Position end;
    std::string_view group;
  };

  static bool older(const Source& a, const Source& b) noexcept {
    if (a.at->failed_at != b.at->failed_at) return a.at->failed_at < b.at->failed_at;
    const Record& left = *a.at->record;
    const Record& right = *b.at->record;
    if (const int order = left.job_id().compare(right.job_id()); order != 0) return order < 0;
    return a.group < b.group;
  }

  /// The first record of a group that stands behind the cursor.
  static Position behind(const TimeIndex& index, std::string_view group, const ListCursor& cursor) {
    const bool with_equal = group < cursor.group;
    const Version version = with_equal ? ~Version{0} : 0;
    return Position(index.lower_bound(TimeKey{cursor.failed_at, cursor.job_id, version}));
  }

  boost::container::small_vector<Source, 4> sources_;
};

}  // namespace

std::optional<StoredJob> MemoryRepository::find(const Call& /*call*/, std::string_view project_name,
                                                std::string_view group, std::string_view job_id) {
  Project* found = project(project_name);
  if (found == nullptr) return std::nullopt;
  const std::scoped_lock lock(found->mutex());
  const Record* record = found->find(group, job_id, hash_of(job_id));
  if (record == nullptr) return std::nullopt;
  return decode(*record, project_name, group, WithPayload::yes);
}

std::vector<std::string> MemoryRepository::locate(const Call& /*call*/,
                                                  std::string_view project_name,
                                                  std::string_view job_id) {
  std::vector<std::string> groups;
  Project* found = project(project_name);
  if (found == nullptr) return groups;
  const std::uint32_t hash = hash_of(job_id);
  const std::scoped_lock lock(found->mutex());
  for (const auto& [group, partition] : found->partitions()) {
    if (partition.find(job_id, hash) != nullptr) groups.push_back(group);
  }
  return groups;
}

Page<StoredJob, ListCursor> MemoryRepository::list(const Call& call, const Selection& selection,
                                                   const std::optional<ListCursor>& after,
                                                   std::size_t limit) {
  Page<StoredJob, ListCursor> page;
  page.next = after;
  const Filter& filter = selection.filter;
  if (filter.failed_before && (!after || after->failed_at >= *filter.failed_before)) {
    page.next = ListCursor{.failed_at = *filter.failed_before, .job_id = {}, .group = {}};
  }
  Project* found = project(selection.scope.project());
  if (found == nullptr) {
    page.next.reset();
    return page;
  }
  const Matcher matches(filter, found->name());
  in_slices(*found, [&](Slice& slice) {
    Merge merge(*found, selection.scope, page.next);
    slice.began_at_the_cost_of(merge.sources());
    const Record* last = nullptr;
    std::string_view last_group;
    for (; !merge.done() && page.items.size() < limit && slice.take(); merge.next()) {
      last = &merge.record();
      last_group = merge.group();
      if (matches(last_group, *last)) {
        page.items.push_back(decode(*last, found->name(), last_group, WithPayload::no));
      }
    }
    const bool too_old =
        last != nullptr && filter.failed_from && last->failed_at < *filter.failed_from;
    if (merge.done() || too_old) {
      page.next.reset();
      return false;
    }
    page.next = ListCursor{.failed_at = last->failed_at,
                           .job_id = std::string(last->job_id()),
                           .group = std::string(last_group)};
    return page.items.size() < limit && std::chrono::steady_clock::now() < call.deadline;
  });
  return page;
}

std::uint64_t MemoryRepository::count(const Call& call, const Selection& selection,
                                      std::uint64_t at_most) {
  std::uint64_t matching = 0;
  Project* found = project(selection.scope.project());
  if (found == nullptr) return 0;
  if (selection.filter.empty()) {
    const std::scoped_lock lock(found->mutex());
    found->for_each(selection.scope, [&](std::string_view, const Partition& partition) {
      partition.for_each([&](const Generation& g) { matching += g.totals().jobs; });
    });
    return std::min(matching, at_most);
  }
  const Matcher matches(selection.filter, found->name());
  Walk walk(*found, selection.scope);
  in_slices(*found, [&](Slice& slice) {
    check_deadline(call, "count");
    const bool more =
        walk.step(slice, [&](std::string_view group, const Generation&, const Record& record) {
          if (matches(group, record)) ++matching;
        });
    return more && matching < at_most;
  });
  return std::min(matching, at_most);
}

std::vector<StoredJob> MemoryRepository::with_resource(const Call& /*call*/,
                                                       std::string_view project_name,
                                                       std::optional<std::string_view> group,
                                                       std::string_view resource_id,
                                                       std::size_t limit) {
  std::vector<StoredJob> jobs;
  Project* found = project(project_name);
  if (found == nullptr) return jobs;
  const std::uint32_t hash = hash_of(resource_id);
  const Scope scope =
      group ? Scope::group(found->name(), std::string(*group)) : Scope::project(found->name());
  const std::scoped_lock lock(found->mutex());
  found->for_each(scope, [&](std::string_view in_group, const Partition& partition) {
    partition.for_each([&](const Generation& generation) {
      generation.for_each_with_resource(hash, [&](const Record& record) {
        if (jobs.size() == limit) return false;
        StoredJob job = decode(record, found->name(), in_group, WithPayload::no);
        if (job.job.resource_id == resource_id) jobs.push_back(std::move(job));
        return true;
      });
    });
  });
  return jobs;
}

}  // namespace purgatory::memory
