#include "core/retention/restamping.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/codec/bytes.hpp"
#include "core/repository/batch.hpp"
#include "purgatory/error.hpp"

namespace purgatory::retention {
namespace {

constexpr std::string_view kSetting = "purgatory.restamping";
constexpr std::uint32_t kSeed = 0;

std::uint64_t bytes_of(const Restamp& change) {
  const Retention& retention = change.retention;
  return retention.stamp.rule_hold.size() + (retention.hold ? retention.hold->reason.size() : 0);
}

}  // namespace

Retention retention_now(const CompiledPolicy& policy, const StoredJob& stored, Time now) {
  Retention retention = stored.retention;
  retention.stamp = policy.stamp(stored);
  if (retention.hold && retention.hold->until && *retention.hold->until <= now) {
    retention.hold.reset();
  }
  return retention;
}

RestampResult restamp(const Store& store, std::string_view project,
                      const std::vector<Restamp>& changes) {
  RestampResult sum;
  for (std::span<const Restamp> left = changes; !left.empty();) {
    const std::size_t size = size_of_batch(left, bytes_of);
    const RestampResult part =
        store.repository.restamp(store.begin_call(), project, left.first(size));
    sum.done += part.done;
    sum.changed += part.changed;
    sum.absent += part.absent;
    left = left.subspan(size);
  }
  return sum;
}

bool Restamping::done(const CompiledPolicy& policy) {
  projects_ = {};
  stored_ = store_.repository.setting(store_.begin_call(), kSetting);
  read(policy);
  return place_.done;
}

Slice Restamping::step(const CompiledPolicy& policy, std::size_t limit, RunResult& result) {
  constexpr int kMostPages = 50;  // projects may be empty
  std::size_t seen = 0;
  Place next = place_;
  if (next.project.empty()) enter_project_behind(next);
  for (int pages = 0; pages < kMostPages && seen < limit && !next.done; ++pages) {
    place_ = next;  // where an error is
    seen += restamp_page(policy, next, std::min(limit - seen, kMaxJobsPerCall), result);
  }
  move_to(next);
  read(policy);
  return {.seen = seen, .more = !place_.done};
}

void Restamping::leave_project() {
  Place next = place_;
  enter_project_behind(next);
  move_to(next);
}

std::size_t Restamping::restamp_page(const CompiledPolicy& policy, Place& place, std::size_t limit,
                                     RunResult& result) {
  const Call call = store_.begin_call();
  const auto page =
      store_.repository.list(call, {Scope::project(place.project), {}}, place.after, limit);
  std::vector<Restamp> changes;
  for (const StoredJob& stored : page.items) {
    Retention retention = retention_now(policy, stored, call.now);
    if (retention != stored.retention) changes.push_back({ref_of(stored), std::move(retention)});
  }
  const RestampResult restamped = restamp(store_, place.project, changes);
  result.restamped += restamped.done;
  // Whoever changed a job meanwhile need not have stamped it anew: the page is looked at again.
  repeats_ = restamped.changed > 0 && !repeats_;
  if (repeats_) return page.items.size();
  place.after = page.next;
  if (!page.next) enter_project_behind(place);
  return page.items.size();
}

void Restamping::enter_project_behind(Place& place) {
  const auto following = project_behind(place.project);
  place.done = !following;
  place.project = following.value_or(std::string());
  place.after.reset();
}

std::optional<std::string> Restamping::project_behind(const std::string& project) {
  const auto find = [&] {
    return std::ranges::upper_bound(projects_.items, project, {}, &ProjectInfo::project);
  };
  auto found = find();
  while (found == projects_.items.end()) {
    projects_ = store_.repository.projects(store_.begin_call(), project);
    found = find();
    if (found == projects_.items.end() && !projects_.next) return std::nullopt;
  }
  return found->project;
}

void Restamping::move_to(const Place& place) {
  stored_ = store_.repository.compare_and_set(store_.begin_call(), kSetting, stored_, print(place));
}

void Restamping::read(const CompiledPolicy& policy) {
  auto place = stored_ ? parse(*stored_) : std::nullopt;
  if (!place || place->hash != policy.hash()) place = Place{.hash = policy.hash()};
  place_ = *std::move(place);
}

std::string Restamping::print(const Place& place) {
  std::string text;
  codec::PartWriter writer(text, kSeed);
  writer.text(place.hash);
  writer.byte(place.done ? 1 : 0);
  writer.text(place.project);
  writer.byte(place.after ? 1 : 0);
  if (place.after) {
    writer.time(place.after->failed_at);
    writer.text(place.after->job_id);
    writer.text(place.after->group);
  }
  writer.finish();
  return text;
}

/// Absent: `print` did not write this; then the walk begins anew, which costs time alone.
std::optional<Restamping::Place> Restamping::parse(std::string_view text) {
  try {
    codec::Reader reader(codec::verified_body(text, kSeed));
    Place place{.hash = std::string(reader.text())};
    place.done = reader.byte() != 0;
    place.project = reader.text();
    if (reader.byte() != 0) {
      place.after.emplace();
      place.after->failed_at = reader.time();
      place.after->job_id = reader.text();
      place.after->group = reader.text();
    }
    reader.finish();
    return place;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace purgatory::retention
