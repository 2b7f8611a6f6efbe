#include "core/retention/restamping.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/codec/bytes.hpp"
#include "core/repository/batch.hpp"
#include "core/retention/slices.hpp"
#include "purgatory/error.hpp"

namespace purgatory::retention {
namespace {

constexpr std::string_view kSetting = "purgatory.restamping";
constexpr std::uint32_t kSeed = 1;  // of this form

std::uint64_t bytes_of(const Restamp& change) {
  const Retention& retention = change.retention;
  return retention.stamp.rule_hold.size() + (retention.hold ? retention.hold->reason.size() : 0);
}

/// Until when a stamp keeps a job; absent: for ever.
std::optional<Time> end_of(const Stamp& stamp) noexcept {
  return stamp.rule_hold.empty() ? due_at(stamp) : std::nullopt;
}

/// A hold that ends is sooner whatever follows: caps may take the job then.
bool is_sooner(const Stamp& stamp, const Stamp& than) noexcept {
  const auto end = end_of(stamp);
  const auto other = end_of(than);
  const bool hold_ends = stamp.rule_hold.empty() && !than.rule_hold.empty();
  return hold_ends || (end && (!other || *end < *other));
}

}  // namespace

Retention restamped(const CompiledPolicy& policy, const StoredJob& stored) {
  Retention retention = stored.retention;
  retention.stamp = policy.stamp(stored);
  return retention;
}

bool goes_at_once(const CompiledPolicy& policy, const StoredJob& stored, const Stamp& stamp,
                  Time now) {
  if (stored.retention.hold || !stamp.rule_hold.empty()) return false;
  const Stamp& present = stored.retention.stamp;
  const auto kept_until = end_of(present);
  if (kept_until && *kept_until <= now) return false;  // it goes anyway
  if (!present.rule_hold.empty() && policy.bound(stored.job.project, stored.job.group)) return true;
  const auto end = end_of(stamp);
  return end && *end <= now;
}

bool has_run_out(const Retention& retention, Time now) noexcept {
  return retention.hold && retention.hold->until && *retention.hold->until <= now;
}

Retention released(Retention retention) {
  retention.hold.reset();
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

bool Restamping::done(const CompiledPolicy& policy, bool guard_overridden) {
  projects_ = {};
  stored_ = store_.repository.setting(store_.begin_call(), kSetting);
  read(policy);
  const bool waits = place_.phase == Phase::refused || place_.phase == Phase::lengthening;
  if (waits && guard_overridden) {
    move_to({.hash = place_.hash, .phase = Phase::shortening});
    read(policy);
  } else if (place_.excess && place_.phase == Phase::refused && !exceeds(guard_, *place_.excess)) {
    move_to({.hash = place_.hash});  // the guard was told to allow more
    read(policy);
  }
  return place_.phase == Phase::done || place_.phase == Phase::refused;
}

std::optional<Impact> Restamping::refused() const {
  return place_.phase == Phase::refused ? place_.excess : std::nullopt;
}

Slice Restamping::step(const CompiledPolicy& policy, std::size_t limit, RunResult& result) {
  constexpr int kMostPages = 50;  // projects may be empty
  std::size_t seen = 0;
  Place next = place_;
  if (next.project.empty()) enter_project_behind(next);
  for (int pages = 0; pages < kMostPages && seen < limit && !next.project.empty(); ++pages) {
    place_ = next;  // where an error is
    seen += restamp_page(policy, next, std::min(limit - seen, kMaxJobsPerCall), result);
  }
  move_to(next);
  read(policy);
  return {.seen = seen, .more = place_.phase <= Phase::shortening};
}

void Restamping::leave_project(const CompiledPolicy& policy) {
  Place next = place_;
  if (next.phase == Phase::lengthening) {
    judge_project(policy, next, UINT64_MAX);
    ++next.shortened;  // so that it is looked at again
  }
  enter_project_behind(next);
  move_to(next);
  read(policy);
}

std::size_t Restamping::restamp_page(const CompiledPolicy& policy, Place& place, std::size_t limit,
                                     RunResult& result) {
  const Call call = store_.begin_call();
  const auto page =
      store_.repository.list(call, {Scope::project(place.project), {}}, place.after, limit);
  std::vector<Restamp> changes;
  std::uint64_t shortened = 0;
  std::uint64_t due = 0;
  for (const StoredJob& stored : page.items) {
    Retention retention = restamped(policy, stored);
    if (place.phase == Phase::lengthening && is_sooner(retention.stamp, stored.retention.stamp)) {
      ++shortened;
      if (goes_at_once(policy, stored, retention.stamp, call.now)) ++due;
    } else if (retention != stored.retention) {
      changes.push_back({ref_of(stored), std::move(retention)});
    }
  }
  const RestampResult restamped = restamp(store_, place.project, changes);
  result.restamped += restamped.done;
  // Whoever changed a job meanwhile need not have stamped it anew: the page is looked at again.
  repeats_ = restamped.changed > 0 && !repeats_;
  if (repeats_) return page.items.size();
  place.shortened += shortened;
  place.due_in_project += due;
  place.after = page.next;
  if (!page.next) {
    if (place.phase == Phase::lengthening) judge_project(policy, place, place.due_in_project);
    enter_project_behind(place);
  }
  return page.items.size();
}

void Restamping::judge_project(const CompiledPolicy& policy, Place& place,
                               std::uint64_t due) const {
  const auto counted = store_.repository.partitions(store_.begin_call(), place.project);
  Impact impact = impact_of(policy, place.project, counted, due);
  place.due += impact.jobs;
  if (!place.excess && exceeds(guard_, impact)) place.excess = std::move(impact);
}

void Restamping::enter_project_behind(Place& place) {
  auto following = project_behind(place.project);
  place.after.reset();
  place.due_in_project = 0;
  place.project = std::move(following).value_or(std::string());
  if (place.project.empty()) end_phase(place);
}

void Restamping::end_phase(Place& place) const {
  Impact all{.project = {}, .jobs = place.due};
  if (place.phase == Phase::shortening) {
    place.phase = Phase::done;
  } else if (place.excess || exceeds(guard_, all)) {
    if (!place.excess) place.excess = std::move(all);
    place.phase = Phase::refused;
  } else {
    place.phase = place.shortened > 0 ? Phase::shortening : Phase::done;
  }
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
  writer.byte(static_cast<std::uint8_t>(place.phase));
  writer.text(place.project);
  writer.byte(place.after ? 1 : 0);
  if (place.after) {
    writer.time(place.after->failed_at);
    writer.text(place.after->job_id);
    writer.text(place.after->group);
  }
  for (const std::uint64_t number : {place.shortened, place.due, place.due_in_project}) {
    writer.varint(number);
  }
  writer.byte(place.excess ? 1 : 0);
  if (place.excess) {
    writer.text(place.excess->project);
    writer.varint(place.excess->jobs);
    writer.varint(place.excess->of);
  }
  writer.finish();
  return text;
}

/// Absent: `print` did not write this; then the walk begins anew, which costs time alone.
std::optional<Restamping::Place> Restamping::parse(std::string_view text) {
  try {
    codec::Reader reader(codec::verified_body(text, kSeed));
    Place place{.hash = std::string(reader.text())};
    place.phase = static_cast<Phase>(reader.byte());
    place.project = reader.text();
    if (reader.byte() != 0) {
      place.after.emplace();
      place.after->failed_at = reader.time();
      place.after->job_id = reader.text();
      place.after->group = reader.text();
    }
    place.shortened = reader.varint();
    place.due = reader.varint();
    place.due_in_project = reader.varint();
    if (reader.byte() != 0) {
      place.excess.emplace();
      place.excess->project = reader.text();
      place.excess->jobs = reader.varint();
      place.excess->of = reader.varint();
    }
    reader.finish();
    return place;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace purgatory::retention
