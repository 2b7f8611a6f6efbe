#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "purgatory/error.hpp"
#include "tests/crash/state.hpp"

namespace purgatory::crash {

/// The time that all drivers tell their calls; only calls and crashes move it.
class Clock {
 public:
  Time advance(std::chrono::milliseconds by) {
    return Time{} + std::chrono::hours(24 * 365 * 50) +
           std::chrono::milliseconds(passed_ += by.count());
  }

 private:
  std::atomic<std::int64_t> passed_{0};
};

/// An answer that the oracle knows to be wrong.
class WrongAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One thread's random calls, and what they must have left in the store.
class Driver {
 public:
  /// With `power_off`, any call may fail at any time, and what failed, or was answered after the
  /// power was off, may have happened.
  Driver(std::size_t number, std::uint64_t seed, Clock& clock, const std::atomic<bool>* power_off);

  /// Calls until an answer is lost. Throws WrongAnswer.
  void run(FailedJobRepository& repository);

  /// What the store may hold now; the first: the call in flight did not happen.
  [[nodiscard]] std::vector<Outcome> outcomes() const;
  /// Goes on from the outcome that was seen.
  void adopt(std::size_t outcome);

  [[nodiscard]] bool in_flight() const { return in_flight_ != nullptr; }
  [[nodiscard]] std::uint64_t acked() const { return acked_; }

 private:
  using Step = void (Driver::*)();
  struct Walk {
    std::string purge_id;
    std::optional<PileCursor> after = {};
  };

  /// What a call may leave of a state if its answer is lost, besides the state itself.
  using Outcomes = std::function<std::vector<State>(const State&)>;
  /// One call; its answer, absent: it was refused and changed nothing.
  template <typename Real>
  std::optional<std::invoke_result_t<Real>> ask(Outcomes outcomes, const Real& real);
  /// One call that does all or nothing: `model` is what it does to the state, and returns the right
  /// answer.
  template <typename Model, typename Real>
  void attempt(const char* what, const Model& model, const Real& real);
  bool refused(const Error& error) const;

  void record();
  void record_many();
  void find();
  void forget();
  void remove();
  void detach();
  void repeat_detach();
  void restore();
  void archive();
  void expire();
  void reclaim();
  void restamp();
  void set();

  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  [[nodiscard]] Call next_call();
  [[nodiscard]] std::string any_project();
  [[nodiscard]] std::string any_group(const std::string& project);
  [[nodiscard]] Copy new_copy(const std::string& project, const std::string& group,
                              const std::string& job_id);
  [[nodiscard]] PurgeNote new_note(Time now);
  [[nodiscard]] const Identity* any_live();
  [[nodiscard]] const Purge* any_purge(const std::function<bool(const Purge&)>& wanted);
  /// Reads a job and compares it with what it must be.
  StoredJob look(const Identity& identity);
  void record_all(const std::vector<Copy>& jobs, const std::vector<Cap>& caps);

  std::size_t number_;
  const std::atomic<bool>* power_off_;
  std::mt19937_64 random_;
  Clock& clock_;
  FailedJobRepository* repository_ = nullptr;

  State state_;
  Outcomes in_flight_;
  std::optional<Walk> walk_;
  std::uint64_t acked_ = 0;
  std::int64_t failures_ = 0;  ///< Failed jobs made so far: each has a failed_at of its own.
  std::uint64_t purges_ = 0;
  std::map<std::string, std::string> caps_;  ///< The purge that a project's evicted jobs join.
};

}  // namespace purgatory::crash
