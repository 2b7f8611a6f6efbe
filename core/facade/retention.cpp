// The policy and the purger.

#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "core/config/archives.hpp"
#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"
#include "core/host/observe.hpp"
#include "core/options/table.hpp"
#include "core/repository/arguments.hpp"
#include "core/retention/activation.hpp"
#include "core/retention/explain.hpp"
#include "core/retention/review.hpp"

namespace purgatory {
namespace {

/// So that they stay where they are if the process moves.
archive::Archives with_absolute_directories(
    const std::map<std::string, Config::Retention::Archive>& archives) {
  archive::Archives absolute(archives.begin(), archives.end());
  for (auto& [name, archive] : absolute) {
    archive.directory = (options::working_directory() / archive.directory).lexically_normal();
  }
  return absolute;
}

/// A policy that nobody applied for so many times `purger.every` was forgotten.
constexpr int kMissedRuns = 10;

}  // namespace

FailedJobs::State::State(const Config& config, Host callbacks)
    : process(::getpid()),
      used_after_fork(ErrorCode::unsupported,
                      fmt::format("the store was opened by process {}, and this is a child of it: "
                                  "a purger runs where its store was opened",
                                  process)),
      host(std::move(callbacks)),
      limits(config.limits),
      timeout(config.repository.timeout),
      undo_window(config.retention.undo_window),
      guard(config.retention.guard),
      archives(with_absolute_directories(config.retention.archives)),
      repository(purgatory::open(config, host)),
      hourly_purges(undo_window),
      store{*repository, host, [this] { return begin_call(); }},
      archiver(store, archives),
      purger(store, hourly_purges, archiver, config),
      thread([this](const retention::Purger::Stopped& stopped) { return run({}, stopped); },
             config.purger, host),
      policy_(std::make_shared<retention::CompiledPolicy>(config.retention.policy)),
      missed_at_(std::chrono::steady_clock::now() + kMissedRuns * config.purger.every) {
  for (const std::string& warning : config.warnings) {
    log(host, LogEvent::Level::warning, "config_warning", {{"warning", warning}});
  }
}

void FailedJobs::Closer::operator()(State* state) const noexcept {
  // What was being locked when a process forked is never unlocked in the child: it is left alone.
  if (!state->is_child()) delete state;
}

bool FailedJobs::State::is_child() const noexcept { return ::getpid() != process; }

FailedJobs::State::~State() {
  thread.stop();
  purger.give_up_lease();
}

std::shared_ptr<const retention::CompiledPolicy> FailedJobs::State::policy() const {
  const std::lock_guard lock(policy_mutex_);
  return policy_;
}

void FailedJobs::State::set_policy(std::shared_ptr<const retention::CompiledPolicy> policy) {
  const std::lock_guard lock(policy_mutex_);
  policy_ = std::move(policy);
}

RunResult FailedJobs::State::run(const RunOptions& options,
                                 const retention::Purger::Stopped& stopped) noexcept {
  if (is_child()) return {.state = RunResult::State::failed, .error = used_after_fork};
  minded_ = true;
  const auto current = policy();
  return purger.run(current, options, [&] { return stopped() || policy() != current; });
}

void FailedJobs::State::mind_the_purger(const Call& call) {
  if (minded_.load(std::memory_order_relaxed) || call.deadline - timeout < missed_at_) return;
  if (policy()->policy().empty() || minded_.exchange(true)) return;
  log(host, LogEvent::Level::warning, "policy_not_applied",
      {{"why", "neither start() nor run_due() was called: nothing is purged by the policy"}});
}

Policy FailedJobs::policy() const { return state_->policy()->policy(); }

void FailedJobs::reload(Policy policy) {
  or_exhausted([&] {
    retention::check(policy, "retention", state_->limits);
    try {
      config::check_archives(policy, state_->archives, "retention");
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("{}; archives are those with which the store was opened: "
                              "open it anew to add one",
                              error.what()));
    }
    state_->set_policy(std::make_shared<retention::CompiledPolicy>(std::move(policy)));
    state_->thread.wake();
  });
}

ActivePolicy FailedJobs::activate_policy(const Actor& actor, const ActivateOptions& options) {
  return or_exhausted([&] {
    arguments::check_actor(actor.name);
    ActivePolicy active =
        retention::activate(state_->store, state_->policy()->hash(), actor.name, options);
    retention::log_activation(state_->host, active);
    state_->thread.wake();
    return active;
  });
}

std::optional<ActivePolicy> FailedJobs::active_policy() const {
  return or_exhausted([&] { return retention::active_policy(state_->store); });
}

std::string FailedJobs::explain(const StoredJob& stored) const {
  return or_exhausted(
      [&] { return retention::explain(*state_->policy(), stored, begin_call().now); });
}

RunResult FailedJobs::run_due(const RunOptions& options) noexcept {
  return state_->run(options, [] { return false; });
}

void FailedJobs::start() {
  if (state_->is_child()) throw Error(state_->used_after_fork);
  try {
    state_->thread.start();
  } catch (const std::exception& error) {
    throw Error(ErrorCode::exhausted,
                fmt::format("the purger's thread cannot be started: {}", error.what()));
  }
}

void FailedJobs::stop() noexcept {
  if (state_->is_child()) return;  // it has no such thread
  state_->thread.stop();
  state_->purger.give_up_lease();
}

}  // namespace purgatory
