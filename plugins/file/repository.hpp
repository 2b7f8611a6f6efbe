#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "plugins/file/anchor.hpp"
#include "plugins/file/checkpointer.hpp"
#include "plugins/file/readers.hpp"
#include "plugins/file/writer.hpp"
#include "purgatory/repository.hpp"

namespace purgatory::file {

/// A store in one SQLite file, for several threads and processes at once; docs/file-layout.md
/// explains how it keeps jobs. The methods stand in one file per subject: recording.cpp,
/// reading.cpp, purging.cpp, trash.cpp, restoring.cpp, retention.cpp, journal.cpp, settings.cpp,
/// checking.cpp and maintenance.cpp are the calls.
class FileRepository final : public FailedJobRepository {
 public:
  /// Opens the store, or makes it.
  FileRepository(Location location, const Host& host);

  [[nodiscard]] std::string_view backend() const noexcept override { return "file"; }

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
  /// What is open. After a fork the child must not touch it: SQLite would take the parent's locks
  /// for its own.
  struct Files {
    Files(Location location_in, const Host& host);

    Location location;
    Room room;
    Anchor anchor;
    Readers readers;
    Writer writer;
    Checkpointer checkpointer;
  };
  struct CloseUnlessForked {
    ::pid_t process;
    void operator()(Files* files) const noexcept;
  };

  template <typename Action>
  auto read(const Call& call, Action action) {
    return files_->readers.read(call, std::move(action));
  }
  template <typename Action>
  auto write(const Call& call, Grows grows, std::size_t weight, Action action) {
    return files_->writer.write(call, grows, weight, std::move(action));
  }

  /// Whether there is a pile to free. Asked first: readers wait for nobody.
  bool may_reclaim(const Call& call, std::string_view project);
  /// Gives free pages at the file's end back to the file system, in slices. True: more are left.
  enum class FreePages { keep_some, keep_none };
  bool give_pages_back(const Call& call, std::chrono::steady_clock::time_point end, FreePages keep);

  std::unique_ptr<Files, CloseUnlessForked> files_;
};

/// Throws Error{timeout} if the call's deadline has passed.
void check_deadline(const Call& call, std::string_view operation);

}  // namespace purgatory::file
