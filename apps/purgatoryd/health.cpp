#include "apps/purgatoryd/health.hpp"

namespace purgatory::server {

void Health::note(const LogEvent& event) {
  if (event.event == "project_not_archived") archive_failed_ = true;
}

void Health::note(const Metric& metric) {
  if (metric.name == "purgatory_guard_refused") guard_refuses_ = metric.value > 0;
  if (metric.name == "purgatory_archive_pending_jobs") {
    archive_fails_ = archive_failed_.exchange(false);
  }
}

std::string Health::text() const {
  std::string text;
  if (guard_refuses_)
    text += "the guard refuses what the policy would purge: see guard_refused in the log\n";
  if (archive_fails_)
    text += "purged jobs cannot be archived: see project_not_archived in the log\n";
  return text;
}

}  // namespace purgatory::server
