#pragma once

#include <string>

#include "core/retention/purger.hpp"
#include "tests/facade/fixture.hpp"

/// What the tests of the purger are written in: a service with a policy, and other purgers of its
/// store.
namespace purgatory::purger_test {

using namespace facade_test;
using State = RunResult::State;

/// A policy of one rule for all jobs, without min_age.
[[nodiscard]] Policy keep_all_for(milliseconds time, const std::string& name = "all");

/// What this rule has stamped.
[[nodiscard]] Filter stamped_by(std::string rule);

/// A guard that refuses nothing: most tests change much at once, and move the clock.
inline const Config::Retention::Guard kNoGuard{
    .max_fraction = 100, .max_jobs = 1'000'000'000'000, .clock_jump = hours(24 * 36'500)};

/// The configuration of a purger that no guard is in the way of.
[[nodiscard]] Config unguarded();

/// How a service applies a policy: one slice after another without pauses.
[[nodiscard]] Service::Change with_policy(Policy policy);

/// What it purges is gone for good at once.
[[nodiscard]] Service::Change with_policy_and_no_undo(Policy policy);

/// Another purger of a service's store, with a policy of its own.
class Rival {
 public:
  Rival(Service& service, Policy policy, const Config& config = unguarded());

  RunResult run(bool activate = true);
  /// A run that is stopped after so many slices.
  RunResult run_slices(int slices);

 private:
  Service& service_;
  const Host host_;
  const Store store_;
  retention::HourlyPurges purges_{hours(1)};
  archive::Archiver archiver_;
  std::shared_ptr<const retention::CompiledPolicy> policy_;
  retention::Purger purger_;
};

}  // namespace purgatory::purger_test
