#include "core/retention/restamping.hpp"

#include <algorithm>
#include <utility>

#include "core/codec/bytes.hpp"
#include "core/retention/stamping.hpp"
#include "purgatory/error.hpp"

namespace purgatory::retention {
namespace {

constexpr std::string_view kSetting = "purgatory.restamping";
constexpr std::uint32_t kSeed = 1;  // of this form

}  // namespace

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

bool Restamping::finished(const Store& store, const CompiledPolicy& policy) {
  const auto stored = store.repository.setting(store.begin_call(), kSetting);
  const auto place = stored ? parse(*stored) : std::nullopt;
  return place && place->hash == policy.hash() && place->phase == Phase::done;
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
    try {
      judge_project(policy, next, {.due = UINT64_MAX});
    } catch (const Error& error) {
      if (is_down(error)) throw;
      if (!next.excess) next.excess = Impact{.project = next.project, .counted = false};
    }
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
  AtOnce at_once;
  for (const StoredJob& stored : page.items) {
    Retention retention = restamped(policy, stored);
    if (place.phase == Phase::lengthening && is_sooner(retention.stamp, stored.retention.stamp)) {
      ++shortened;
      at_once.add(change_of(stored, retention.stamp, call.now));
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
  place.in_project.due += at_once.due;
  place.in_project.losing_hold += at_once.losing_hold;
  place.after = page.next;
  if (!page.next) {
    if (place.phase == Phase::lengthening) judge_project(policy, place, place.in_project);
    enter_project_behind(place);
  }
  return page.items.size();
}

void Restamping::judge_project(const CompiledPolicy& policy, Place& place,
                               const AtOnce& at_once) const {
  const auto counted = store_.repository.partitions(store_.begin_call(), place.project);
  Impact impact = impact_of(policy, place.project, counted, at_once);
  place.due += impact.jobs;
  if (!place.excess && exceeds(guard_, impact)) place.excess = std::move(impact);
}

void Restamping::enter_project_behind(Place& place) {
  auto following = project_behind(place.project);
  place.after.reset();
  place.in_project = {};
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
  for (const std::uint64_t number :
       {place.shortened, place.due, place.in_project.due, place.in_project.losing_hold}) {
    writer.varint(number);
  }
  writer.byte(place.excess ? 1 : 0);
  if (place.excess) {
    writer.text(place.excess->project);
    writer.varint(place.excess->jobs);
    writer.varint(place.excess->of);
    writer.byte(place.excess->counted ? 1 : 0);
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
    place.in_project.due = reader.varint();
    place.in_project.losing_hold = reader.varint();
    if (reader.byte() != 0) {
      place.excess.emplace();
      place.excess->project = reader.text();
      place.excess->jobs = reader.varint();
      place.excess->of = reader.varint();
      place.excess->counted = reader.byte() != 0;
    }
    reader.finish();
    return place;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace purgatory::retention
