#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "operations.hpp"
#include "reference_repository.hpp"
#include "versions.hpp"

/// Runs operations on a repository and on the reference, and compares what can be seen of both.
namespace purgatory::model {

enum class Side { reference, real };

class Comparison {
 public:
  explicit Comparison(FailedJobRepository& real);

  /// Does one operation on both, compares the results, then all that can be seen of its project.
  void step(const Operation& operation);
  /// Compares all projects, and the store itself.
  void finish();

 private:
  // operations.cpp: what changes something.
  void run(const Record& op);
  void run(const Forget& op);
  void run(const Detach& op);
  void run(const Remove& op);
  void run(const Restore& op);
  void run(const RestampJobs& op);
  void run(const Seal& op);
  void run(const Archived& op);
  void run(const Expire& op);
  void run(const Reclaim& op);
  void run(const TrimJournal& op);
  void run(const TakeLease& op);
  void run(const CompareAndSet& op);
  // queries.cpp: what only asks.
  void run(const List& op);
  void run(const Count& op);
  void run(const Due& op);
  void run(const WithResource& op);

  // observation.cpp: all that can be seen after a step.
  void see_project();
  void see_jobs();
  void see_partitions();
  void see_piles();
  void see_trash(const std::string& purge_id);
  void see_journal();
  void see_projects();
  void see_stats();
  void see_check();

  [[nodiscard]] Selection select(const std::optional<std::string>& group,
                                 const Filter& filter) const;
  [[nodiscard]] PurgeNote note(const NoteSpec& spec) const;
  [[nodiscard]] Version version(const RefSpec& ref, Side side);
  [[nodiscard]] std::vector<JobRef> refs(const std::vector<RefSpec>& specs, Side side);
  [[nodiscard]] FailedJobRepository& repository(Side side);
  [[nodiscard]] std::set<std::string> pile_ids(Side side);
  [[nodiscard]] std::string restorable_from(const std::string& purge_id);
  [[nodiscard]] std::set<std::string> journal_ids();  // of the repository
  [[nodiscard]] std::vector<StoredJob> walk(Side side, const Selection& selection,
                                            std::optional<ListCursor> after, std::size_t limit);

  void same_job(const std::string& what, const StoredJob& reference, const StoredJob& real);
  void same_jobs(const std::string& what, const std::vector<StoredJob>& reference,
                 const std::vector<StoredJob>& real);
  /// `real` are `limit` of the jobs, in any order.
  void some_jobs(const std::string& what, const std::vector<StoredJob>& reference,
                 const std::vector<StoredJob>& real, std::size_t limit);
  void due(std::size_t limit);
  void with_resource(const std::optional<std::string>& group, const std::string& resource_id,
                     std::size_t limit);

  /// Does the same on both sides. Returns the results of the reference and of the repository, or
  /// nothing if both refused with the same code.
  template <typename Action>
  auto both(const char* what, const Action& action);

  FailedJobRepository& real_;
  Host host_;
  std::unique_ptr<FailedJobRepository>
      checked_reference_;                     // refuses arguments as the real one does
  ReferenceRepository* reference_ = nullptr;  // behind it
  Versions versions_;
  // Where the last restore of (project, purge_id) stopped, as the repository said it.
  std::map<std::pair<std::string, std::string>, PileCursor> stopped_;

  std::string project_;
  Call call_;
};

template <typename Action>
auto Comparison::both(const char* what, const Action& action) {
  using Result = decltype(action(Side::real));
  using Value = std::conditional_t<std::is_void_v<Result>, std::monostate, Result>;
  const auto attempt = [&](Side side) -> std::variant<Value, ErrorCode> {
    try {
      if constexpr (std::is_void_v<Result>) {
        action(side);
        return std::monostate();
      } else {
        return action(side);
      }
    } catch (const Error& error) {
      return error.code();
    }
  };
  const auto name = [](const std::variant<Value, ErrorCode>& outcome) {
    const auto* code = std::get_if<ErrorCode>(&outcome);
    return code == nullptr ? std::string("success") : std::string(to_string(*code));
  };
  auto reference = attempt(Side::reference);
  auto real = attempt(Side::real);
  if (name(reference) != name(real)) disagree(what, name(reference), name(real));
  std::optional<std::pair<Value, Value>> results;
  if (reference.index() == 0) {
    results.emplace(std::get<0>(std::move(reference)), std::get<0>(std::move(real)));
  }
  return results;
}

}  // namespace purgatory::model
