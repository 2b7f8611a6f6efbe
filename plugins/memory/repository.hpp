#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/memory/project.hpp"
#include "plugins/memory/settings.hpp"
#include "plugins/memory/space.hpp"
#include "purgatory/repository.hpp"

namespace purgatory::memory {

/// The store: its projects, each under its own lock. Everything is gone when the object is;
/// docs/memory-layout.md explains how it keeps jobs. The methods stand in one file per subject:
/// record.cpp is the format; recording.cpp, reading.cpp, purging.cpp, trash.cpp, restoring.cpp,
/// retention.cpp, journal.cpp, check.cpp and maintenance.cpp are the calls.
class MemoryRepository final : public FailedJobRepository {
 public:
  MemoryRepository(std::uint64_t max_bytes, const Host& host) : host_(host), space_(max_bytes) {}

  [[nodiscard]] std::string_view backend() const noexcept override { return "memory"; }

  RecordResult record(const Call& call, std::string_view project, std::span<const Recording> jobs,
                      std::span<const Bound> bounds, const PurgeNote& note) override;

  std::optional<StoredJob> find(const Call& call, std::string_view project, std::string_view group,
                                std::string_view job_id) override;
  std::vector<std::string> locate(const Call& call, std::string_view project,
                                  std::string_view job_id) override;
  Page<StoredJob, ListCursor> list(const Call& call, const Selection& selection,
                                   const std::optional<ListCursor>& after,
                                   std::size_t limit) override;
  std::uint64_t count(const Call& call, const Selection& selection, std::uint64_t at_most) override;
  std::vector<StoredJob> with_resource(const Call& call, std::string_view project,
                                       std::optional<std::string_view> group,
                                       std::string_view resource_id, std::size_t limit) override;

  Forgotten forget(const Call& call, std::string_view project, std::string_view group,
                   std::string_view job_id, std::optional<Version> if_version) override;
  Receipt detach(const Call& call, const Scope& scope, const PurgeNote& note) override;
  RemoveResult remove(const Call& call, std::string_view project, std::span<const JobRef> refs,
                      const PurgeNote& note) override;
  RestoreResult restore(const Call& call, std::string_view project, std::string_view purge_id,
                        Time not_before, std::span<const Bound> bounds, const Budget& budget,
                        const std::optional<PileCursor>& after) override;

  Page<Pile, std::string> piles(const Call& call, std::string_view project,
                                const std::optional<std::string>& after) override;
  Page<StoredJob, PileCursor> trash(const Call& call, std::string_view project,
                                    std::string_view purge_id,
                                    const std::optional<PileCursor>& after) override;
  void seal(const Call& call, std::string_view project, std::string_view purge_id) override;
  void mark_archived(const Call& call, std::string_view project,
                     std::string_view purge_id) override;
  void expire(const Call& call, std::string_view project, std::string_view purge_id) override;
  ReclaimResult reclaim(const Call& call, std::string_view project, const Budget& budget) override;

  Page<ProjectInfo, std::string> projects(const Call& call,
                                          const std::optional<std::string>& after) override;
  std::vector<StoredJob> due(const Call& call, std::string_view project,
                             std::size_t limit) override;
  Partitions partitions(const Call& call, std::string_view project) override;
  RestampResult restamp(const Call& call, std::string_view project,
                        std::span<const Restamp> changes) override;

  Page<JournalEntry, JournalCursor> journal(const Call& call, std::string_view project,
                                            const std::optional<JournalCursor>& after) override;
  TrimResult trim_journal(const Call& call, std::string_view project, Time before) override;

  bool lease(const Call& call, std::string_view name, std::string_view owner,
             std::chrono::milliseconds ttl) override;
  std::optional<std::string> setting(const Call& call, std::string_view name) override;
  std::optional<std::string> compare_and_set(const Call& call, std::string_view name,
                                             std::optional<std::string_view> expected,
                                             std::string_view desired) override;

  std::vector<Figure> stats(const Call& call) override;
  CheckResult check(const Call& call, const std::optional<std::string>& after,
                    const Budget& budget) override;
  void backup(const Call& call, std::string_view destination) override;
  bool compact(const Call& call, const Budget& budget) override;

 private:
  /// None: nothing was ever recorded in it.
  [[nodiscard]] Project* project(std::string_view name) const;
  [[nodiscard]] Project& project_to_write(std::string_view name);
  /// Those behind `after`, ascending. Projects are never removed: a version must not restart.
  [[nodiscard]] std::vector<Project*> projects_after(const std::optional<std::string>& after,
                                                     std::size_t limit) const;

  /// Makes a record, if need be at the cost of the oldest trash. Throws exhausted.
  [[nodiscard]] RecordPtr make_record(const Call& call, RecordBuilder& builder,
                                      const Recording& recording);
  /// Frees a slice of the oldest trash that nobody waits for. False: there is none.
  bool free_oldest_trash(const Call& call);
  void log_cut_undo_window(std::string_view project, std::string_view purge_id) const;

  /// Frees what is reclaimable in one project until the budget ends.
  static ReclaimResult reclaim(Project& project, const Call& call, const Budget& budget);

  const Host& host_;
  Space space_;
  mutable std::shared_mutex projects_mutex_;
  std::map<std::string, std::unique_ptr<Project>, std::less<>> projects_;
  std::mutex room_mutex_;
  Settings settings_;
};

/// How many items a page of piles, trash, journal or projects has at most.
inline constexpr std::size_t kPageItems = 1000;

/// Throws Error{timeout} if the call's deadline has passed.
void check_deadline(const Call& call, std::string_view operation);

}  // namespace purgatory::memory
