#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <utility>

#include "core/host/observe.hpp"
#include "core/repository/arguments.hpp"
#include "core/repository/translate.hpp"
#include "purgatory/error.hpp"
#include "purgatory/repository.hpp"

namespace purgatory {
namespace {

/// Tells the host how long an operation took, if it listens.
class Timer {
 public:
  Timer(const Host& host, std::string_view backend, std::string_view operation)
      : host_(host), backend_(backend), operation_(operation) {
    if (host_.metric) begin_ = Clock::now();
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() {
    if (!begin_) return;
    const std::chrono::duration<double> time = Clock::now() - *begin_;
    observe(host_, Metric::Kind::histogram, "purgatory_backend_operation_duration_seconds",
            time.count(), {{"backend", backend_}, {"operation", operation_}});
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Host& host_;
  std::string_view backend_;
  std::string_view operation_;
  std::optional<Clock::time_point> begin_;
};

/// The one door to a backend: arguments are checked before, failures are translated behind it.
class Checked final : public FailedJobRepository {
 public:
  Checked(std::unique_ptr<FailedJobRepository> backend, const Host& host, const Limits& limits)
      : backend_(std::move(backend)), host_(host), limits_(limits), process_(::getpid()) {}

  [[nodiscard]] std::string_view backend() const noexcept override { return backend_->backend(); }

  RecordResult record(const Call& call, std::string_view project, std::span<const Recording> jobs,
                      std::span<const Bound> bounds, const PurgeNote& note) override {
    return run("record", [&] {
      arguments::check_record(project, jobs, bounds, note, limits_);
      return backend_->record(call, project, jobs, bounds, note);
    });
  }

  std::optional<StoredJob> find(const Call& call, std::string_view project, std::string_view group,
                                std::string_view job_id) override {
    return run("find", [&] {
      arguments::check_identity(project, group, job_id);
      return backend_->find(call, project, group, job_id);
    });
  }

  std::vector<std::string> locate(const Call& call, std::string_view project,
                                  std::string_view job_id) override {
    return run("locate", [&] {
      arguments::check_identity(project, {}, job_id);
      return backend_->locate(call, project, job_id);
    });
  }

  Page<StoredJob, ListCursor> list(const Call& call, const Selection& selection,
                                   const std::optional<ListCursor>& after,
                                   std::size_t limit) override {
    return run("list", [&] {
      arguments::check_scope(selection.scope);
      arguments::check_limit(limit);
      return backend_->list(call, selection, after, limit);
    });
  }

  std::uint64_t count(const Call& call, const Selection& selection,
                      std::uint64_t at_most) override {
    return run("count", [&] {
      arguments::check_scope(selection.scope);
      return backend_->count(call, selection, at_most);
    });
  }

  Forgotten forget(const Call& call, std::string_view project, std::string_view group,
                   std::string_view job_id, std::optional<Version> if_version) override {
    return run("forget", [&] {
      arguments::check_identity(project, group, job_id);
      return backend_->forget(call, project, group, job_id, if_version);
    });
  }

  Receipt detach(const Call& call, const Scope& scope, const PurgeNote& note) override {
    return run("detach", [&] {
      arguments::check_scope(scope);
      arguments::check_note(note, limits_);
      return backend_->detach(call, scope, note);
    });
  }

  RemoveResult remove(const Call& call, std::string_view project, std::span<const JobRef> refs,
                      const PurgeNote& note) override {
    return run("remove", [&] {
      arguments::check_refs(project, refs);
      arguments::check_note(note, limits_);
      return backend_->remove(call, project, refs, note);
    });
  }

  RestoreResult restore(const Call& call, std::string_view project, std::string_view purge_id,
                        Time not_before, std::span<const Bound> bounds, const Budget& budget,
                        const std::optional<PileCursor>& after) override {
    return run("restore", [&] {
      arguments::check_purge_id(project, purge_id);
      arguments::check_bounds(bounds);
      arguments::check_budget(budget);
      return backend_->restore(call, project, purge_id, not_before, bounds, budget, after);
    });
  }

  Page<Pile, std::string> piles(const Call& call, std::string_view project,
                                const std::optional<std::string>& after) override {
    return run("piles", [&] {
      arguments::check_project(project);
      return backend_->piles(call, project, after);
    });
  }

  Page<StoredJob, PileCursor> trash(const Call& call, std::string_view project,
                                    std::string_view purge_id,
                                    const std::optional<PileCursor>& after) override {
    return run("trash", [&] {
      arguments::check_purge_id(project, purge_id);
      return backend_->trash(call, project, purge_id, after);
    });
  }

  void seal(const Call& call, std::string_view project, std::string_view purge_id) override {
    run("seal", [&] {
      arguments::check_purge_id(project, purge_id);
      backend_->seal(call, project, purge_id);
    });
  }

  void mark_archived(const Call& call, std::string_view project,
                     std::string_view purge_id) override {
    run("mark_archived", [&] {
      arguments::check_purge_id(project, purge_id);
      backend_->mark_archived(call, project, purge_id);
    });
  }

  void expire(const Call& call, std::string_view project, std::string_view purge_id) override {
    run("expire", [&] {
      arguments::check_purge_id(project, purge_id);
      backend_->expire(call, project, purge_id);
    });
  }

  ReclaimResult reclaim(const Call& call, std::string_view project, const Budget& budget) override {
    return run("reclaim", [&] {
      arguments::check_project(project);
      arguments::check_budget(budget);
      return backend_->reclaim(call, project, budget);
    });
  }

  Page<ProjectInfo, std::string> projects(const Call& call,
                                          const std::optional<std::string>& after) override {
    return run("projects", [&] { return backend_->projects(call, after); });
  }

  std::vector<StoredJob> due(const Call& call, std::string_view project,
                             std::size_t limit) override {
    return run("due", [&] {
      arguments::check_project(project);
      arguments::check_limit(limit);
      return backend_->due(call, project, limit);
    });
  }

  Partitions partitions(const Call& call, std::string_view project) override {
    return run("partitions", [&] {
      arguments::check_project(project);
      return backend_->partitions(call, project);
    });
  }

  RestampResult restamp(const Call& call, std::string_view project,
                        std::span<const Restamp> changes) override {
    return run("restamp", [&] {
      arguments::check_restamp(project, changes, limits_);
      return backend_->restamp(call, project, changes);
    });
  }

  Page<JournalEntry, JournalCursor> journal(const Call& call, std::string_view project,
                                            const std::optional<JournalCursor>& after) override {
    return run("journal", [&] {
      arguments::check_project(project);
      return backend_->journal(call, project, after);
    });
  }

  TrimResult trim_journal(const Call& call, std::string_view project, Time before) override {
    return run("trim_journal", [&] {
      arguments::check_project(project);
      return backend_->trim_journal(call, project, before);
    });
  }

  bool lease(const Call& call, std::string_view name, std::string_view owner,
             std::chrono::milliseconds ttl) override {
    return run("lease", [&] {
      arguments::check_lease(name, owner, ttl);
      return backend_->lease(call, name, owner, ttl);
    });
  }

  std::vector<StoredJob> with_resource(const Call& call, std::string_view project,
                                       std::optional<std::string_view> group,
                                       std::string_view resource_id, std::size_t limit) override {
    return run("with_resource", [&] {
      arguments::check_resource(project, group, resource_id);
      arguments::check_limit(limit);
      return backend_->with_resource(call, project, group, resource_id, limit);
    });
  }

  std::optional<std::string> setting(const Call& call, std::string_view name) override {
    return run("setting", [&] {
      arguments::check_setting(name, {});
      return backend_->setting(call, name);
    });
  }

  std::optional<std::string> compare_and_set(const Call& call, std::string_view name,
                                             std::optional<std::string_view> expected,
                                             std::string_view desired) override {
    return run("compare_and_set", [&] {
      arguments::check_setting(name, desired);
      return backend_->compare_and_set(call, name, expected, desired);
    });
  }

  std::vector<Figure> stats(const Call& call) override {
    return run("stats", [&] { return backend_->stats(call); });
  }

  CheckResult check(const Call& call, const std::optional<std::string>& after,
                    const Budget& budget) override {
    return run("check", [&] {
      arguments::check_budget(budget);
      return backend_->check(call, after, budget);
    });
  }

  void backup(const Call& call, std::string_view destination) override {
    run("backup", [&] { backend_->backup(call, destination); });
  }

  bool compact(const Call& call, const Budget& budget) override {
    return run("compact", [&] {
      arguments::check_budget(budget);
      return backend_->compact(call, budget);
    });
  }

 private:
  template <typename Action>
  auto run(std::string_view operation, Action action) -> decltype(action()) {
    const Timer timer(host_, backend(), operation);
    try {
      refuse_after_fork();
      return action();
    } catch (...) {
      rethrow_counted();
    }
  }

  [[noreturn]] void rethrow_counted() const {
    try {
      rethrow_as_error(backend());
    } catch (const Error& error) {
      count_error(error.code());
      throw;
    }
  }

  void refuse_after_fork() const {
    if (::getpid() == process_) return;
    throw Error(
        ErrorCode::unsupported,
        fmt::format("backend '{}' was opened by process {} and is used by its child {}; a "
                    "store cannot be used after fork: open it in the child alone, or after exec",
                    backend(), process_, ::getpid()),
        backend());
  }

  void count_error(ErrorCode code) const {
    observe(host_, Metric::Kind::counter, "purgatory_backend_errors_total", 1,
            {{"backend", backend()}, {"code", to_string(code)}});
  }

  std::unique_ptr<FailedJobRepository> backend_;
  const Host& host_;
  Limits limits_;
  ::pid_t process_;
};

}  // namespace

std::unique_ptr<FailedJobRepository> checked(std::unique_ptr<FailedJobRepository> backend,
                                             const Host& host, const Limits& limits) {
  check(limits);
  return std::make_unique<Checked>(std::move(backend), host, limits);
}

std::chrono::steady_clock::time_point end_of(const Call& call, const Budget& budget) {
  const auto now = std::chrono::steady_clock::now();
  const auto left = std::chrono::floor<std::chrono::microseconds>(call.deadline - now);
  return budget.time < left ? now + budget.time : call.deadline;
}

}  // namespace purgatory
