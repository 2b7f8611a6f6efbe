#include "core/retention/purger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "core/host/observe.hpp"
#include "core/retention/activation.hpp"

namespace purgatory::retention {
namespace {

/// Who activates, in the journal of activations.
constexpr std::string_view kActor = "purger";
constexpr std::chrono::milliseconds kLongestRun = std::chrono::hours(24);
/// Caps that are exceeded and journals that are too long are looked for once in so many runs.
constexpr int kRunsPerTidying = 10;

double seconds_of(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// One at a time has it. Who finds it taken does not wait: it may be a callback of the host that
/// has it.
class Turn {
 public:
  explicit Turn(std::atomic_flag& busy) noexcept : busy_(busy), taken_(!busy.test_and_set()) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (taken_) busy_.clear();
  }

  [[nodiscard]] bool taken() const noexcept { return taken_; }

 private:
  std::atomic_flag& busy_;
  bool taken_;
};

/// Does a slice and adapts the size of the next one.
template <typename DoSlice>
Slice timed(SliceSize& size, DoSlice do_slice) {
  const auto begin = std::chrono::steady_clock::now();
  const Slice slice = do_slice(size.jobs());
  size.took(slice.seen, std::chrono::steady_clock::now() - begin);
  return slice;
}

}  // namespace

Purger::Purger(const Store& store, HourlyPurges& purges, archive::Archiver& archiver,
               const Config& config)
    : store_(store),
      purges_(purges),
      archiver_(archiver),
      settings_(config.purger),
      journal_keep_for_(config.retention.journal_keep_for),
      guard_(config.retention.guard),
      out_of_memory_(ErrorCode::exhausted, "the process is out of memory"),
      host_threw_(ErrorCode::plugin, "a callback of the host threw an exception"),
      lease_(store, settings_.lease),
      back_off_(settings_.every),
      clock_watch_(guard_.clock_jump),
      restamping_(store, guard_),
      due_size_(settings_.slice),
      restamp_size_(settings_.slice),
      caps_size_(settings_.slice) {}

RunResult Purger::run(const PolicyPointer& policy, const RunOptions& options,
                      const Stopped& stopped) noexcept {
  const Turn turn(busy_);
  if (!turn.taken()) return {.state = RunResult::State::not_leader};
  if (policy != policy_) take_policy(policy);
  if (back_off_.waits(Clock::now())) return {.state = RunResult::State::failed, .error = failure_};
  Run run{.policy = *policy,
          .stopped = stopped,
          .end = Clock::now() + std::clamp(options.time_budget.value_or(settings_.time_budget),
                                           std::chrono::milliseconds(0), kLongestRun)};
  try {
    failure_.reset();
    work(run, options.activate);
    if (back_off_.worked()) log(store_.host, LogEvent::Level::info, "purger_recovered", {});
    tell(run);
  } catch (const Error& error) {
    fail(run.result, error);
  } catch (const std::bad_alloc&) {
    fail(run.result, out_of_memory_);
  } catch (...) {
    fail(run.result, host_threw_);
  }
  return run.result;
}

void Purger::take_policy(const PolicyPointer& policy) {
  policy_ = policy;
  activated_ = false;
  next_tidying_ = {};
  refusal_.clear();
  tasks_ = {};
  back_off_ = BackOff(settings_.every);
}

void Purger::give_up_lease() noexcept {
  const Turn turn(busy_);
  if (turn.taken()) lease_.give_up();
}

void Purger::work(Run& run, bool activate) {
  using State = RunResult::State;
  look_at_active(run);
  if (clock_jumped(run)) return;
  if (activate && this->activate(run.policy)) look_at_active(run);
  note_superseded(run);
  if (run.active && !lease_.hold()) {
    run.result.state = State::not_leader;
    return;
  }
  run.result.state = do_all(run);
  if (run.result.guard && run.result.state == State::failed) return;
  const bool led = run.active && run.result.state != State::not_leader;
  if (const auto refused = led ? restamping_.refused() : std::nullopt) {
    note_refusal(run, text_of(guard_, *refused));
  } else {
    refusal_.clear();
  }
  if (run.tidies && !tasks_.want_tidying()) {
    next_tidying_ = Clock::now() + kRunsPerTidying * settings_.every;
  }
  if (!run.active) lease_.give_up();  // whoever has the active policy shall not wait for it
  if (superseded_) run.result.state = State::superseded;
  run.result.error = failure_;
  if (failure_ && run.result.state == State::done) run.result.state = State::failed;
}

/// Once for each policy, so that two purgers with different ones do not take turns. One without
/// rules and caps has nothing that another one should make room for.
bool Purger::activate(const CompiledPolicy& policy) {
  if (activated_ || policy.policy().empty()) return false;
  const ActivePolicy active = retention::activate(store_, policy.hash(), kActor);
  activated_ = true;
  log_activation(store_.host, active);
  return true;
}

void Purger::look_at_active(Run& run) {
  run.active_policy = active_policy(store_);
  run.active = run.active_policy && run.active_policy->hash == run.policy.hash();
}

void Purger::note_superseded(const Run& run) {
  const CompiledPolicy& policy = run.policy;
  const auto& active = run.active_policy;
  const bool superseded = !run.active && !policy.policy().empty();
  if (superseded && !superseded_) {
    log(store_.host, LogEvent::Level::warning, "policy_superseded",
        {{"hash", policy.hash()},
         {"active", active ? active->hash : "none"},
         {"activated_by", active ? active->actor : ""}});
  }
  superseded_ = superseded;
}

bool Purger::clock_jumped(Run& run) {
  const Time now = store_.begin_call().now;
  const auto since_boot = ClockWatch::since_boot();
  const auto jump = clock_watch_.jump(now, since_boot);
  if (!jump) {
    jump_.reset();
    return false;
  }
  const auto overridden_at = run.overridden_at();
  if (!jump_) jump_ = Jump{.overridden_before = overridden_at};
  if (overridden_at && overridden_at != jump_->overridden_before) {
    clock_watch_.accept(now, since_boot);  // somebody has seen it, and overrode the guard since
    jump_.reset();
    return false;
  }
  note_refusal(run, text_of_jump(*jump));
  run.result.state = RunResult::State::failed;
  run.result.error = run.result.guard;
  return true;
}

/// Asked before each slice: from the next one on, what another policy keeps is safe.
bool Purger::leads(Run& run) {
  const bool led = run.active;
  look_at_active(run);
  note_superseded(run);
  run.active = run.active && led;
  return run.active;
}

RunResult::State Purger::do_all(Run& run) {
  using State = RunResult::State;
  bool restamped = false;
  do {
    bool stamps_differ =
        run.active && !restamping_.done(run.policy, run.overridden_at().has_value());
    find_tasks(run, stamps_differ);
    restamped = false;
    while (stamps_differ || !tasks_.empty()) {
      if (run.over()) return State::more;
      if (clock_jumped(run)) return State::failed;
      stamps_differ = leads(run) && stamps_differ;
      if (run.active && !lease_.hold()) return State::not_leader;
      if (stamps_differ) {
        restamped = true;
        next_tidying_ = {};  // caps have waited for it
        stamps_differ = restamp(run);
      }
      if (!tasks_.empty()) advance(run);
      run.worked = true;
    }
  } while (restamped && !run.stuck);  // what was restamped may be due
  return State::done;
}

bool Purger::restamp(Run& run) {
  try {
    return timed(restamp_size_,
                 [&](std::size_t limit) { return restamping_.step(run.policy, limit, run.result); })
        .more;
  } catch (const Error& error) {
    run.stuck = true;
    note_failure(restamping_.project(), error);
    // Room will be made by what else a run does, and time comes; what is damaged stays so.
    const bool passes = error.code() == ErrorCode::exhausted || error.code() == ErrorCode::timeout;
    if (!passes) restamping_.leave_project(run.policy);
    return false;
  }
}

/// Caps wait until the stamps are the policy's: they may not take what it holds.
void Purger::find_tasks(Run& run, bool stamps_differ) {
  run.tidies = !stamps_differ && !superseded_ && Clock::now() >= next_tidying_;
  const bool caps = run.active && run.tidies && run.policy.has_caps() && !restamping_.refused();
  const auto lag = tasks_.find(
      store_, {.due = run.active || run.releases(), .caps = caps, .journal = run.tidies});
  run.lag = std::max(run.lag, lag);
  if (!tasks_.want_archiving()) archiver_.forget();
}

void Purger::advance(Run& run) {
  Task task = tasks_.take_next();
  if (!run.active) task.caps = false;
  if (!run.active && !run.releases()) task.due = false;
  if (bool* part = task.first_part()) {
    try {
      *part = take_slice(run, task);
    } catch (const Error& error) {
      if (part == &task.archive) {
        note_archive_failure(task.project, error);
      } else {
        note_failure(task.project, error);
      }
      *part = false;
    }
  }
  if (!task.done()) tasks_.put_back(std::move(task));
}

bool Purger::take_slice(Run& run, const Task& task) {
  if (task.due && !run.active) return release_holds(store_, task.project, run.result).more;
  if (task.due) {
    return timed(due_size_,
                 [&](std::size_t limit) {
                   return purge_due(store_, purges_, run.policy, task.project, limit, run.result);
                 })
        .more;
  }
  if (task.caps) {
    return timed(caps_size_,
                 [&](std::size_t limit) {
                   return apply_caps(store_, purges_, run.policy, task.project, limit, run.result);
                 })
        .more;
  }
  if (task.archive) {
    const archive::Archiver::Step step = archiver_.step(task.project);
    run.result.archived += step.archived;
    return step.more;
  }
  const Call call = store_.begin_call();
  if (task.reclaim) {
    const ReclaimResult freed =
        store_.repository.reclaim(call, task.project, {.time = settings_.slice});
    run.result.freed += freed.jobs;
    return freed.more;
  }
  return store_.repository.trim_journal(call, task.project, call.now - journal_keep_for_).more;
}

void Purger::note_refusal(Run& run, const std::string& why) {
  run.result.guard = Error(ErrorCode::guard, why);
  if (std::exchange(refusal_, why) == why) return;
  log(store_.host, LogEvent::Level::error, "guard_refused", {{"why", why}});
}

void Purger::note_failure(std::string_view project, const Error& error) {
  if (is_down(error)) throw Error(error);
  log(store_.host, LogEvent::Level::error, "project_not_purged",
      {{"project", project}, {"code", to_string(error.code())}, {"why", error.what()}});
  failure_ = error;
}

void Purger::note_archive_failure(std::string_view project, const Error& error) {
  if (is_down(error)) throw Error(error);
  log(store_.host, LogEvent::Level::error, "project_not_archived",
      {{"project", project}, {"code", to_string(error.code())}, {"why", error.what()}});
  failure_ = error;
}

void Purger::fail(RunResult& result, const Error& error) noexcept {
  back_off_.failed(Clock::now());
  result.state = RunResult::State::failed;
  result.error = failure_ = error;
  try {
    log(store_.host, LogEvent::Level::error, "purger_failed",
        {{"code", to_string(error.code())}, {"why", error.what()}});
  } catch (...) {  // the log is the host's
  }
}

void Purger::tell(const Run& run) {
  const RunResult& result = run.result;
  if (store_.host.metric) tell_figures(run);
  if (result.state == RunResult::State::not_leader) return;
  const auto number = [](std::uint64_t value) { return fmt::format("{}", value); };
  const bool idle = result.purged + result.evicted + result.released + result.restamped +
                        result.archived + result.freed ==
                    0;
  log(store_.host, idle ? LogEvent::Level::debug : LogEvent::Level::info, "purger_ran",
      {{"purged", number(result.purged)},
       {"evicted", number(result.evicted)},
       {"released", number(result.released)},
       {"restamped", number(result.restamped)},
       {"changed", number(result.changed)},
       {"archived", number(result.archived)},
       {"freed", number(result.freed)}});
}

void Purger::tell_figures(const Run& run) {
  const bool leads = run.result.state != RunResult::State::not_leader;
  const auto gauge = [&](std::string_view name, double value) {
    observe(store_.host, Metric::Kind::gauge, name, value);
  };
  const Call call = store_.begin_call();
  gauge("purgatory_policy_superseded", superseded_ ? 1 : 0);
  gauge("purgatory_guard_refused", run.result.guard ? 1 : 0);
  if (!leads) archiver_.forget();
  gauge("purgatory_archive_pending_jobs", static_cast<double>(archiver_.pending_jobs()));
  // What another process knows better is no figure of this one's, nor is what it knew once.
  gauge("purgatory_purge_lag_seconds", leads && run.active ? seconds_of(run.lag) : 0);
  if (leads && !superseded_ && run.result.state != RunResult::State::failed) {
    gauge("purgatory_last_purge_timestamp_seconds", seconds_of(call.now.time_since_epoch()));
  }
  try {
    for (const Figure& figure : store_.repository.stats(call)) {
      const auto of_backend = [&](std::string_view name) {
        observe(store_.host, Metric::Kind::gauge, name, figure.value,
                {{"backend", store_.repository.backend()}});
      };
      if (figure.name == "jobs") of_backend("purgatory_jobs");
      if (figure.name == "bytes") of_backend("purgatory_bytes");
      if (figure.name == "trash_jobs") gauge("purgatory_trash_jobs", figure.value);
    }
  } catch (const Error&) {  // the run did its work; without figures the gauges stay as they are
  }
}

}  // namespace purgatory::retention
