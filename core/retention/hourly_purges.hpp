#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "core/retention/cause.hpp"
#include "purgatory/error.hpp"
#include "purgatory/failed_job.hpp"
#include "purgatory/purge.hpp"

namespace purgatory::retention {

/// What the policy takes shares a purge per project, cause and UTC hour, whichever process does it:
/// one entry in the journal, one purge_id to restore. Once that purge takes no more jobs, as it was
/// restored or freed, the hour has another one. Any thread may call.
class HourlyPurges {
 public:
  /// What is purged can be restored for `undo_window` or, as all of a purge expires together, up to
  /// an hour longer; 0: not at all.
  explicit HourlyPurges(std::chrono::milliseconds undo_window) : undo_window_(undo_window) {}

  /// Returns what `action(note)` does with the note of the hour's purge, or of the next one if that
  /// throws `conflict`: it takes no more jobs.
  template <typename Action>
  auto with_note(std::string_view project, const Cause& cause, Time now, Action action) {
    constexpr unsigned kMost = 1000;
    for (unsigned i = 1;; ++i) {
      const Numbered hourly = note(project, cause, now);
      try {
        return action(hourly.note);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict || i == kMost) throw;
      }
      close(project, cause, now, hourly.number);
    }
  }

 private:
  struct Numbered {
    PurgeNote note;
    unsigned number = 1;
  };

  [[nodiscard]] Numbered note(std::string_view project, const Cause& cause, Time now);
  void close(std::string_view project, const Cause& cause, Time now, unsigned number);
  void turn_to(Time now);

  const std::chrono::milliseconds undo_window_;
  std::mutex mutex_;
  std::chrono::sys_time<std::chrono::hours> hour_{};
  std::string hour_text_;
  std::map<std::string, unsigned> closed_;  ///< How many of this hour's, by project and cause.
};

}  // namespace purgatory::retention
