#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/repository/store.hpp"
#include "core/retention/compiled_policy.hpp"
#include "core/retention/guard.hpp"
#include "core/retention/impact.hpp"
#include "core/retention/slice.hpp"

/// What is stored under one policy has to follow another.
namespace purgatory::retention {

/// The walk over the whole store that brings every stamp up to the active policy. It goes twice:
/// first stamps are only lengthened, and what would go at once is counted; if the guard allows
/// that, the others follow. Where it stands is a setting of the store: whoever is the purger next
/// goes on from there.
class Restamping {
 public:
  Restamping(const Store& store, const GuardSettings& guard) : store_(store), guard_(guard) {}

  /// True: nothing is left to do for this policy, or the guard refuses the rest, unless that is
  /// overridden.
  [[nodiscard]] bool done(const CompiledPolicy& policy, bool guard_overridden);

  /// True: the whole store is stamped by this policy.
  [[nodiscard]] static bool finished(const Store& store, const CompiledPolicy& policy);

  /// Brings the next `limit` jobs up to date. To be called while it is not done.
  Slice step(const CompiledPolicy& policy, std::size_t limit, RunResult& result);

  /// What the guard refuses; absent: nothing, or it is still counted.
  [[nodiscard]] std::optional<Impact> refused() const;

  /// Where it stands.
  [[nodiscard]] const std::string& project() const noexcept { return place_.project; }
  /// Goes on behind that project: it cannot be restamped. As its jobs cannot be counted either, the
  /// guard takes it that all of them would go.
  void leave_project(const CompiledPolicy& policy);

 private:
  enum class Phase : std::uint8_t { lengthening, shortening, refused, done };

  struct Place {
    std::string hash;  ///< Of the policy that the walk is for.
    Phase phase = Phase::lengthening;
    std::string project{};  ///< Those before it are done; empty: the phase has not begun.
    std::optional<ListCursor> after{};
    std::uint64_t shortened = 0;     ///< Stamps that the second walk has to write.
    std::uint64_t due = 0;           ///< Jobs that would go at once, of the projects that are done.
    AtOnce in_project{};             ///< Of this one so far.
    std::optional<Impact> excess{};  ///< The first that is over a limit.
  };

  [[nodiscard]] static std::string print(const Place& place);
  [[nodiscard]] static std::optional<Place> parse(std::string_view text);
  void read(const CompiledPolicy& policy);
  void move_to(const Place& place);
  /// Restamps a page of the project of `place`, and moves it on. Returns how many jobs that were.
  std::size_t restamp_page(const CompiledPolicy& policy, Place& place, std::size_t limit,
                           RunResult& result);
  /// Adds what the policy would do to the project.
  void judge_project(const CompiledPolicy& policy, Place& place, const AtOnce& at_once) const;
  void enter_project_behind(Place& place);
  void end_phase(Place& place) const;
  [[nodiscard]] std::optional<std::string> project_behind(const std::string& project);

  const Store& store_;
  const GuardSettings guard_;
  std::optional<std::string> stored_;  ///< The setting, as it was read or written last.
  Place place_;
  Page<ProjectInfo, std::string> projects_;  ///< Some that come next, as this run found them.
  bool repeats_ = false;                     ///< The page is read again, as jobs of it changed.
};

}  // namespace purgatory::retention
