#pragma once

#include <atomic>
#include <deque>
#include <mutex>

#include "tests/processes/calls.hpp"
#include "tests/processes/worker_process.hpp"

namespace purgatory::processes {

/// A repository whose calls are executed by other processes on one store, each by the next one that
/// is free. If the process is lost meanwhile, the call throws Error{outcome_unknown}.
class RemoteRepository final : public FailedJobRepository {
 public:
  /// Starts `workers` processes and waits until each has the store open.
  RemoteRepository(const WorkerOptions& options, std::size_t workers);
  /// Has its calls served by a process that was started already and outlives it.
  RemoteRepository(std::string backend, WorkerProcess& worker);

  [[nodiscard]] std::string_view backend() const noexcept override { return backend_; }

  RecordResult record(const Call& call, std::string_view project, std::span<const Recording> jobs,
                      std::span<const Bound> bounds, const PurgeNote& note) override {
    return invoke<&R::record>(call, project, jobs, bounds, note);
  }
  std::optional<StoredJob> find(const Call& call, std::string_view project, std::string_view group,
                                std::string_view job_id) override {
    return invoke<&R::find>(call, project, group, job_id);
  }
  std::vector<std::string> locate(const Call& call, std::string_view project,
                                  std::string_view job_id) override {
    return invoke<&R::locate>(call, project, job_id);
  }
  Page<StoredJob, ListCursor> list(const Call& call, const Selection& selection,
                                   const std::optional<ListCursor>& after,
                                   std::size_t limit) override {
    return invoke<&R::list>(call, selection, after, limit);
  }
  std::uint64_t count(const Call& call, const Selection& selection,
                      std::uint64_t at_most) override {
    return invoke<&R::count>(call, selection, at_most);
  }
  Forgotten forget(const Call& call, std::string_view project, std::string_view group,
                   std::string_view job_id, std::optional<Version> if_version) override {
    return invoke<&R::forget>(call, project, group, job_id, if_version);
  }
  Receipt detach(const Call& call, const Scope& scope, const PurgeNote& note) override {
    return invoke<&R::detach>(call, scope, note);
  }
  RemoveResult remove(const Call& call, std::string_view project, std::span<const JobRef> refs,
                      const PurgeNote& note) override {
    return invoke<&R::remove>(call, project, refs, note);
  }
  RestoreResult restore(const Call& call, std::string_view project, std::string_view purge_id,
                        Time not_before, std::span<const Bound> bounds, const Budget& budget,
                        const std::optional<PileCursor>& after) override {
    return invoke<&R::restore>(call, project, purge_id, not_before, bounds, budget, after);
  }
  Page<Pile, std::string> piles(const Call& call, std::string_view project,
                                const std::optional<std::string>& after) override {
    return invoke<&R::piles>(call, project, after);
  }
  Page<StoredJob, PileCursor> trash(const Call& call, std::string_view project,
                                    std::string_view purge_id,
                                    const std::optional<PileCursor>& after) override {
    return invoke<&R::trash>(call, project, purge_id, after);
  }
  void seal(const Call& call, std::string_view project, std::string_view purge_id) override {
    invoke<&R::seal>(call, project, purge_id);
  }
  void mark_archived(const Call& call, std::string_view project,
                     std::string_view purge_id) override {
    invoke<&R::mark_archived>(call, project, purge_id);
  }
  void expire(const Call& call, std::string_view project, std::string_view purge_id) override {
    invoke<&R::expire>(call, project, purge_id);
  }
  ReclaimResult reclaim(const Call& call, std::string_view project, const Budget& budget) override {
    return invoke<&R::reclaim>(call, project, budget);
  }
  Page<ProjectInfo, std::string> projects(const Call& call,
                                          const std::optional<std::string>& after) override {
    return invoke<&R::projects>(call, after);
  }
  std::vector<StoredJob> due(const Call& call, std::string_view project,
                             std::size_t limit) override {
    return invoke<&R::due>(call, project, limit);
  }
  Partitions partitions(const Call& call, std::string_view project) override {
    return invoke<&R::partitions>(call, project);
  }
  RestampResult restamp(const Call& call, std::string_view project,
                        std::span<const Restamp> changes) override {
    return invoke<&R::restamp>(call, project, changes);
  }
  Page<JournalEntry, JournalCursor> journal(const Call& call, std::string_view project,
                                            const std::optional<JournalCursor>& after) override {
    return invoke<&R::journal>(call, project, after);
  }
  TrimResult trim_journal(const Call& call, std::string_view project, Time before) override {
    return invoke<&R::trim_journal>(call, project, before);
  }
  bool lease(const Call& call, std::string_view name, std::string_view owner,
             std::chrono::milliseconds ttl) override {
    return invoke<&R::lease>(call, name, owner, ttl);
  }
  std::vector<StoredJob> with_resource(const Call& call, std::string_view project,
                                       std::optional<std::string_view> group,
                                       std::string_view resource_id, std::size_t limit) override {
    return invoke<&R::with_resource>(call, project, group, resource_id, limit);
  }
  std::optional<std::string> setting(const Call& call, std::string_view name) override {
    return invoke<&R::setting>(call, name);
  }
  std::optional<std::string> compare_and_set(const Call& call, std::string_view name,
                                             std::optional<std::string_view> expected,
                                             std::string_view desired) override {
    return invoke<&R::compare_and_set>(call, name, expected, desired);
  }
  std::vector<Figure> stats(const Call& call) override { return invoke<&R::stats>(call); }
  CheckResult check(const Call& call, const std::optional<std::string>& after,
                    const Budget& budget) override {
    return invoke<&R::check>(call, after, budget);
  }
  void backup(const Call& call, std::string_view destination) override {
    invoke<&R::backup>(call, destination);
  }
  bool compact(const Call& call, const Budget& budget) override {
    return invoke<&R::compact>(call, budget);
  }

 private:
  template <auto Method, typename... Arguments>
  using ResultOf =
      std::invoke_result_t<decltype(Method), FailedJobRepository&, const Arguments&...>;

  struct Line {
    Connection& connection;
    std::mutex busy = {};
  };

  template <auto Method, typename... Arguments>
  ResultOf<Method, Arguments...> invoke(const Arguments&... arguments) {
    constexpr std::uint8_t kNumber = Calls::number<Method>();
    return result_of<ResultOf<Method, Arguments...>>(exchange(encoded(kNumber, arguments...)));
  }
  std::string exchange(std::string_view message);
  std::pair<Line&, std::unique_lock<std::mutex>> free_line();

  std::string backend_;
  std::deque<WorkerProcess> workers_;
  std::deque<Line> lines_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace purgatory::processes
