#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/retention/compiled_policy.hpp"
#include "core/retention/slice.hpp"
#include "core/repository/store.hpp"

/// What is stored under one policy has to follow another.
namespace purgatory::retention {

/// What the policy makes of a stored job now: its stamp, and a person's hold unless that ran out.
[[nodiscard]] Retention retention_now(const CompiledPolicy& policy, const StoredJob& stored,
                                      Time now);

/// Writes them in as many calls as it takes.
RestampResult restamp(const Store& store, std::string_view project,
                      const std::vector<Restamp>& changes);

/// The walk over the whole store that brings every stamp up to the active policy. Where it stands
/// is a setting of the store: whoever is the purger next goes on from there.
class Restamping {
 public:
  explicit Restamping(const Store& store) : store_(store) {}

  /// True: nothing is left to do for this policy.
  [[nodiscard]] bool done(const CompiledPolicy& policy);

  /// Brings the next `limit` jobs up to date. To be called while it is not done.
  Slice step(const CompiledPolicy& policy, std::size_t limit, RunResult& result);

  /// Where it stands.
  [[nodiscard]] const std::string& project() const noexcept { return place_.project; }
  /// Goes on behind that project: it cannot be restamped.
  void leave_project();

 private:
  struct Place {
    std::string hash;  ///< Of the policy that the walk is for.
    bool done = false;
    std::string project{};  ///< Those before it are done.
    std::optional<ListCursor> after{};
  };

  [[nodiscard]] static std::string print(const Place& place);
  [[nodiscard]] static std::optional<Place> parse(std::string_view text);
  void read(const CompiledPolicy& policy);
  void move_to(const Place& place);
  /// Restamps a page of the project of `place`, and moves it on. Returns how many jobs that were.
  std::size_t restamp_page(const CompiledPolicy& policy, Place& place, std::size_t limit,
                           RunResult& result);
  void enter_project_behind(Place& place);
  [[nodiscard]] std::optional<std::string> project_behind(const std::string& project);

  const Store& store_;
  std::optional<std::string> stored_;  ///< The setting, as it was read or written last.
  Place place_;
  Page<ProjectInfo, std::string> projects_;  ///< Some that come next, as this run found them.
  bool repeats_ = false;                     ///< The page is read again, as jobs of it changed.
};

}  // namespace purgatory::retention
