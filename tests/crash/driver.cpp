#include "tests/crash/driver.hpp"

#include <algorithm>
#include <array>

#include "tests/crash/names.hpp"

namespace purgatory::crash {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::uint64_t kIds = 40;        ///< Of a group: most records replace a job.
constexpr std::uint64_t kManyJobs = 600;  ///< A pile that takes several slices.
constexpr std::string_view kCapped = "capped";
constexpr std::uint64_t kCap = 10;

}  // namespace

Driver::Driver(std::size_t number, std::uint64_t seed, Clock& clock,
               const std::atomic<bool>* power_off)
    : number_(number), power_off_(power_off), random_(seed), clock_(clock) {}

void Driver::run(FailedJobRepository& repository) {
  repository_ = &repository;
  // Often what is quick, seldom what is large.
  static constexpr std::array kSteps{
      &Driver::record,  &Driver::record,  &Driver::record,  &Driver::record,       &Driver::record,
      &Driver::record,  &Driver::find,    &Driver::find,    &Driver::forget,       &Driver::remove,
      &Driver::remove,  &Driver::detach,  &Driver::restore, &Driver::restore,      &Driver::restore,
      &Driver::restore, &Driver::expire,  &Driver::reclaim, &Driver::restamp,      &Driver::restamp,
      &Driver::set,     &Driver::archive, &Driver::reclaim, &Driver::repeat_detach};
  try {
    for (;;) {
      const Step step = below(50) == 0 ? &Driver::record_many : kSteps[below(kSteps.size())];
      (this->*step)();
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::outcome_unknown && power_off_ == nullptr) {
      throw WrongAnswer(std::string(to_string(error.code())) + ": " + error.what());
    }
  }
}

std::vector<Outcome> Driver::outcomes() const {
  std::vector<Outcome> outcomes{state_.outcome()};
  if (!in_flight_) return outcomes;
  for (const State& state : in_flight_(state_)) outcomes.push_back(state.outcome());
  return outcomes;
}

void Driver::adopt(std::size_t outcome) {
  if (outcome > 0) state_ = in_flight_(state_).at(outcome - 1);
  in_flight_ = nullptr;
  walk_.reset();
}

bool Driver::refused(const Error& error) const {
  if (error.code() == ErrorCode::conflict) return true;
  return power_off_ == nullptr &&
         (error.code() == ErrorCode::unavailable || error.code() == ErrorCode::timeout);
}

template <typename Real>
std::optional<std::invoke_result_t<Real>> Driver::ask(Outcomes outcomes, const Real& real) {
  in_flight_ = std::move(outcomes);
  try {
    auto answer = real();
    // The kernel answers a sync that the cut overtook as it likes; a real one answers no more.
    if (power_off_ != nullptr && *power_off_) {
      throw Error(ErrorCode::outcome_unknown, "the answer came after the power was cut");
    }
    in_flight_ = nullptr;
    ++acked_;
    return answer;
  } catch (const Error& error) {
    if (!refused(error)) throw;
    in_flight_ = nullptr;
    return std::nullopt;
  }
}

template <typename Model, typename Real>
void Driver::attempt(const char* what, const Model& model, const Real& real) {
  const auto happened = [model](State state) {
    model(state);
    return std::vector{std::move(state)};
  };
  const auto answer = ask(happened, real);
  if (answer && *answer != model(state_)) throw WrongAnswer(std::string("the answer to ") + what);
}

Call Driver::next_call() {
  const Time now = clock_.advance(milliseconds(1 + below(30)));
  return {now, std::chrono::steady_clock::now() + std::chrono::minutes(1)};
}

std::string Driver::any_project() {
  return below(2) == 0 ? std::string(kShared) : own_project(number_);
}

std::string Driver::any_group(const std::string& project) {
  static constexpr std::array kGroups{std::string_view("a"), std::string_view("b"), kCapped};
  const std::uint64_t group = below(kGroups.size() + 1);
  if (group < kGroups.size()) return owned(number_, kGroups[group]);
  return project == kShared ? owned(number_, "c") : std::string();
}

Copy Driver::new_copy(const std::string& project, const std::string& group,
                      const std::string& job_id) {
  Copy copy;
  copy.job.project = project;
  copy.job.group = group;
  copy.job.job_id = job_id;
  copy.job.job_type = "backup";
  copy.job.resource_id = "vm-" + std::to_string(below(5));
  copy.job.attempts = static_cast<std::uint32_t>(below(10));
  copy.job.labels["driver"] = std::to_string(number_);
  // Some arrive late: they are older than everything.
  const std::int64_t second = below(10) == 0 ? -++failures_ : ++failures_;
  copy.job.failed_at = Time{} + hours(24 * 365 * 30) + std::chrono::seconds(second);
  copy.job.payload.assign(below(50) == 0 ? 20'000 : below(300), static_cast<char>(random_()));
  if (below(2) == 0) copy.retention.stamp.rule = "rule" + std::to_string(below(2));
  if (below(2) == 0) copy.retention.stamp.purge_after = copy.job.failed_at + hours(1);
  if (below(8) == 0) copy.retention.stamp.archive = "archive";
  return copy;
}

PurgeNote Driver::new_note(Time now) {
  return {.purge_id = owned(number_, std::to_string(++purges_)),
          .actor = "driver",
          .reason = "scope",
          .rule = "",
          .undo_until = below(6) == 0 ? now : now + hours(24)};
}

const Identity* Driver::any_live() {
  if (state_.live().empty()) return nullptr;
  return &std::next(state_.live().begin(), static_cast<std::ptrdiff_t>(below(state_.live().size())))
              ->first;
}

const Purge* Driver::any_purge(const std::function<bool(const Purge&)>& wanted) {
  std::vector<const Purge*> purges;
  for (const auto& [purge_id, purge] : state_.purges()) {
    if (wanted(purge)) purges.push_back(&purge);
  }
  return purges.empty() ? nullptr : purges[below(purges.size())];
}

StoredJob Driver::look(const Identity& identity) {
  const auto found =
      repository_->find(next_call(), identity.project, identity.group, identity.job_id);
  const Copy& right = state_.live().at(identity);
  if (!found || found->job != right.job || found->retention != right.retention ||
      found->recorded_at != right.recorded_at) {
    throw WrongAnswer(found ? "find returned another job" : "find did not find a job");
  }
  ++acked_;
  return *found;
}

void Driver::record_all(const std::vector<Copy>& jobs, const std::vector<Cap>& caps) {
  const Call call = next_call();
  const std::string project = jobs.front().job.project;
  std::string& caps_id = caps_[project];
  if (caps_id.empty()) caps_id = owned(number_, "caps" + std::to_string(++purges_));
  const PurgeNote note{
      .purge_id = caps_id, .actor = "driver", .reason = "caps", .rule = "", .undo_until = call.now};
  attempt(
      "record", [=](State& state) { return state.record(call.now, jobs, caps, note); },
      [&] {
        std::vector<Recording> recordings;
        for (const Copy& copy : jobs) recordings.push_back({&copy.job, &copy.retention.stamp});
        std::vector<Bound> bounds;
        for (const Cap& cap : caps) bounds.push_back({cap.group, cap.jobs, std::nullopt});
        return repository_->record(call, project, recordings, bounds, note);
      });
}

void Driver::record() {
  const std::string project = any_project();
  const std::string group = any_group(project);
  std::vector<Copy> jobs;
  for (std::uint64_t left = 1 + below(8); left > 0; --left) {
    const std::string& where = below(4) == 0 ? owned(number_, kCapped) : group;
    jobs.push_back(new_copy(project, where, std::to_string(below(kIds))));
  }
  record_all(jobs, {{owned(number_, kCapped), kCap}});
}

void Driver::record_many() {
  std::vector<Copy> jobs;
  for (std::uint64_t i = 0; i < kManyJobs; ++i) {
    jobs.push_back(new_copy(own_project(number_), owned(number_, "b"), "many" + std::to_string(i)));
  }
  record_all(jobs, {});
}

void Driver::find() {
  if (const Identity* const identity = any_live()) look(*identity);
}

void Driver::forget() {
  const Identity* const any = any_live();
  if (any == nullptr || held(state_.live().at(*any).retention)) return;
  const Identity identity = *any;
  attempt(
      "forget", [=](State& state) { return state.forget(identity); },
      [&] {
        return repository_->forget(next_call(), identity.project, identity.group, identity.job_id,
                                   std::nullopt) == Forgotten::forgotten;
      });
}

void Driver::remove() {
  const std::string project = any_project();
  std::vector<Identity> jobs;
  for (const auto& [identity, copy] : state_.live()) {
    if (identity.project == project && below(20) == 0) jobs.push_back(identity);
  }
  if (jobs.size() > 20) jobs.resize(20);
  std::vector<StoredJob> stored;
  std::vector<JobRef> refs;
  for (const Identity& identity : jobs) stored.push_back(look(identity));
  for (const StoredJob& job : stored) refs.push_back(ref_of(job));
  if (refs.empty()) return;

  const Call call = next_call();
  PurgeNote note = new_note(call.now);
  const Purge* const open = any_purge([&](const Purge& purge) {
    return purge.kind == Purge::Kind::remove && purge.project == project && purge.open() &&
           !purge.expired;
  });
  if (open != nullptr && below(2) == 0) note.purge_id = open->entry.purge_id;
  attempt(
      "remove", [=](State& state) { return state.remove(call.now, jobs, note); },
      [&] { return repository_->remove(call, project, refs, note); });
}

void Driver::detach() {
  const std::string project = any_project();
  const bool whole = project != kShared && below(2) == 0;
  const Scope scope = whole ? Scope::project(project) : Scope::group(project, any_group(project));
  const Call call = next_call();
  const PurgeNote note = new_note(call.now);
  attempt(
      "detach", [=](State& state) { return state.detach(call.now, scope, note); },
      [&] { return repository_->detach(call, scope, note); });
}

void Driver::repeat_detach() {
  const Purge* const purge = any_purge(
      [](const Purge& known) { return known.kind == Purge::Kind::detach && known.entry.jobs > 0; });
  if (purge == nullptr) return;
  const Scope scope = Scope::project(purge->project);
  const Call call = next_call();
  PurgeNote note = new_note(call.now);
  note.purge_id = purge->entry.purge_id;
  attempt(
      "detach again", [=](State& state) { return state.detach(call.now, scope, note); },
      [&] { return repository_->detach(call, scope, note); });
}

void Driver::restore() {
  const auto restorable = [](const Purge& purge) {
    return purge.kind != Purge::Kind::caps && !purge.expired && !purge.trash.empty();
  };
  if (!walk_ || !restorable(state_.purges().at(walk_->purge_id))) {
    const Purge* const purge = any_purge(restorable);
    if (purge == nullptr) return;
    walk_ = Walk{.purge_id = purge->entry.purge_id};
  }
  const Walk walk = *walk_;
  const std::string project = state_.purges().at(walk.purge_id).project;
  const Call call = next_call();
  const Time not_before = call.now + hours(1);
  const Budget budget{.jobs = 1 + below(60), .time = std::chrono::seconds(1)};
  // A call may end between two atomic slices: any number of jobs can be back.
  const auto partly = [=](const State& before) {
    std::vector<State> states;
    for (std::uint64_t most = 0; most <= budget.jobs; ++most) {
      states.push_back(before);
      if (states.back().restore(walk.purge_id, not_before, walk.after, {}, most) < most) break;
    }
    return states;
  };
  auto slice = ask(partly, [&] {
    return repository_->restore(call, project, walk.purge_id, not_before, {}, budget, walk.after);
  });
  if (!slice) return;
  const std::uint64_t restored =
      state_.restore(walk.purge_id, not_before, walk.after, slice->next, budget.jobs);
  if (slice->restored != restored) throw WrongAnswer("the answer to restore");
  walk_->after = std::move(slice->next);
  if (!walk_->after) walk_.reset();
}

void Driver::archive() {
  const Purge* const purge = any_purge([](const Purge& any) { return any.waiting(); });
  if (purge == nullptr) return;
  const std::string purge_id = purge->entry.purge_id;
  const std::string project = purge->project;
  if (caps_[project] == purge_id) caps_.erase(project);
  if (purge->open()) {
    return attempt(
        "seal", [=](State& state) { return state.seal(purge_id), true; },
        [&] { return repository_->seal(next_call(), project, purge_id), true; });
  }
  attempt(
      "mark_archived", [=](State& state) { return state.mark_archived(purge_id), true; },
      [&] { return repository_->mark_archived(next_call(), project, purge_id), true; });
}

void Driver::expire() {
  const Purge* const purge = any_purge([](const Purge& any) {
    return any.kind != Purge::Kind::caps && any.entry.jobs > 0 && !any.expired;
  });
  if (purge == nullptr) return;
  const std::string purge_id = purge->entry.purge_id;
  const std::string project = purge->project;
  const Call call = next_call();
  attempt(
      "expire", [=](State& state) { return state.expire(call.now, purge_id), true; },
      [&] { return repository_->expire(call, project, purge_id), true; });
}

void Driver::reclaim() {
  const Budget budget{.jobs = 1 + below(300), .time = std::chrono::seconds(1)};
  // It frees what is nobody's any more: the state has no word for it.
  attempt(
      "reclaim", [](State&) { return true; },
      [&] { return repository_->reclaim(next_call(), any_project(), budget), true; });
}

void Driver::restamp() {
  const Identity* const any = any_live();
  if (any == nullptr) return;
  const Identity identity = *any;
  const StoredJob stored = look(identity);
  Retention retention = stored.retention;
  const Call call = next_call();
  switch (below(3)) {
    case 0: retention.resolved_at = call.now; break;
    case 1: retention.stamp.purge_after = call.now + hours(below(100)); break;
    default:
      if (retention.hold) {
        retention.hold.reset();
      } else {
        retention.hold = Hold{.actor = "driver", .reason = "evidence", .until = {}};
      }
  }
  const Restamp change{ref_of(stored), retention};
  attempt(
      "restamp", [=](State& state) { return state.restamp(identity, retention); },
      [&] {
        return repository_->restamp(call, identity.project, {&change, 1}).done == 1;
      });
}

void Driver::set() {
  const std::string name = owned(number_, kSetting);
  const auto known = state_.settings().find(name);
  std::optional<std::string_view> expected;
  if (known != state_.settings().end()) expected = known->second;
  const std::string desired = std::to_string(++failures_);
  attempt(
      "compare_and_set", [=](State& state) { return state.set(name, desired), true; },
      [&] {
        return repository_->compare_and_set(next_call(), name, expected, desired) == desired;
      });
}

}  // namespace purgatory::crash
