#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/retention/cause.hpp"
#include "core/retention/planner.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory {

/// The purge of jobs of a project that were listed, in as many steps as it takes.
class Removal {
 public:
  /// What is passed must outlive it, but for the note.
  Removal(const FailedJobs& jobs, const Store& store, std::string_view project, PurgeNote note,
          Time now, const PurgeOptions& options);

  /// Those that a predicate says go. False: stop here.
  bool remove(std::span<const retention::Judged> page);
  /// False: stop here.
  bool remove(std::span<const JobRef> refs, const retention::Cause& cause);

  /// What went, as the journal has it: also what an earlier call of the same purge took.
  [[nodiscard]] Receipt receipt() const;

 private:
  /// Writes what jobs have to be stamped with before they go: the archive that a purge waits for is
  /// the stamp's.
  void stamp(const std::vector<const retention::Judged*>& jobs) const;
  /// The version of a job that was stamped so. False: somebody else has written it.
  bool read_version(const retention::Judged& judged, Version& version) const;
  void remove_batch(std::span<const JobRef> refs, const retention::Cause& cause);
  /// If the trash was freed before the purge is done, the rest goes under another purge_id. (If it
  /// was restored, somebody does not want the purge.)
  bool begin_another();
  [[nodiscard]] std::optional<JournalEntry> find_entry() const;

  const FailedJobs& jobs_;
  const Store& store_;
  std::string_view project_;
  PurgeNote note_;
  std::chrono::milliseconds undo_window_;
  const Progress& progress_;
  bool repeated_;              ///< Perhaps: the caller gave the purge_id.
  Receipt receipt_;            ///< Without what is under the purge_id of the note.
  std::uint64_t before_ = 0;   ///< Removed under other purge_ids than the note's.
  std::uint64_t removed_ = 0;  ///< Removed under the note's, by this call.
};

}  // namespace purgatory
