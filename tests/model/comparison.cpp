#include "comparison.hpp"

#include <algorithm>

namespace purgatory::model {
namespace {

constexpr Version kNeverGiven = 1ULL << 60U;

}  // namespace

Comparison::Comparison(FailedJobRepository& real)
    : real_(real), call_{kStart, std::chrono::steady_clock::time_point::max()} {
  auto reference = std::make_unique<ReferenceRepository>();
  reference_ = reference.get();
  checked_reference_ = checked(std::move(reference), host_);
}

void Comparison::step(const Operation& operation) {
  call_.now += operation.advance;
  call_.deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  project_ = operation.project;
  std::visit([this](const auto& op) { run(op); }, operation.what);
  see_project();
}

void Comparison::finish() {
  for (const std::string& project : projects()) {
    project_ = project;
    see_project();
  }
  see_projects();
  see_stats();
  see_check();
}

FailedJobRepository& Comparison::repository(Side side) {
  return side == Side::real ? real_ : *checked_reference_;
}

Selection Comparison::select(const std::optional<std::string>& group, const Filter& filter) const {
  return {group ? Scope::group(project_, *group) : Scope::project(project_), filter};
}

PurgeNote Comparison::note(const NoteSpec& spec) const {
  // Notes differ from call to call, so that it shows whose is kept.
  return {.purge_id = spec.purge_id,
          .actor = "actor of " + text(call_.now),
          .reason = "window of " + std::to_string(spec.undo_window.count()),
          .rule = "rule",
          .undo_until = call_.now + spec.undo_window};
}

Version Comparison::version(const RefSpec& ref, Side side) {
  Version version = 0;
  if (ref.which == Which::current) {
    const auto stored = reference_->find(call_, project_, ref.group, ref.job_id);
    if (stored) version = stored->version;
  } else if (ref.which == Which::trashed) {
    for (const Pile& pile : reference_->piles(call_, project_, {}).items) {
      for (const StoredJob& job : reference_->trash(call_, project_, pile.purge_id, {}).items) {
        if (job.job.group != ref.group || job.job.job_id != ref.job_id) continue;
        version = std::max(version, job.version);
      }
    }
  }
  if (version == 0) return kNeverGiven;
  return side == Side::real ? versions_.real(project_, version) : version;
}

std::vector<JobRef> Comparison::refs(const std::vector<RefSpec>& specs, Side side) {
  std::vector<JobRef> refs;
  for (const RefSpec& spec : specs) {
    refs.push_back({spec.group, spec.job_id, version(spec, side), 0});
  }
  return refs;
}

std::set<std::string> Comparison::pile_ids(Side side) {
  std::set<std::string> ids;
  std::optional<std::string> next;
  do {
    auto page = repository(side).piles(call_, project_, next);
    for (const Pile& pile : page.items) ids.insert(pile.purge_id);
    next = page.next;
  } while (next);
  return ids;
}

std::set<std::string> Comparison::journal_ids() {
  std::set<std::string> ids;
  std::optional<JournalCursor> next;
  do {
    auto page = real_.journal(call_, project_, next);
    for (const JournalEntry& entry : page.items) ids.insert(entry.purge_id);
    next = page.next;
  } while (next);
  return ids;
}

std::vector<StoredJob> Comparison::walk(Side side, const Selection& selection,
                                        std::optional<ListCursor> after, std::size_t limit) {
  std::vector<StoredJob> jobs;
  do {
    auto page = repository(side).list(call_, selection, after, limit);
    if (page.items.size() > limit) disagree("list: a page over its limit", "", "");
    if (page.next && page.next == after) disagree("list: the cursor does not move", "", "");
    jobs.insert(jobs.end(), page.items.begin(), page.items.end());
    after = page.next;
  } while (after);
  return jobs;
}

void Comparison::same_job(const std::string& what, const StoredJob& reference,
                          const StoredJob& real) {
  versions_.same(project_, reference.version, real.version);
  StoredJob mapped = real;
  mapped.version = reference.version;
  if (mapped != reference) disagree(what, text(reference), text(mapped));
}

void Comparison::same_jobs(const std::string& what, const std::vector<StoredJob>& reference,
                           const std::vector<StoredJob>& real) {
  for (std::size_t i = 0; i < std::min(reference.size(), real.size()); ++i) {
    same_job(what + ", job " + std::to_string(i), reference[i], real[i]);
  }
  agree(what + ", number of jobs", reference.size(), real.size());
}

void Comparison::some_jobs(const std::string& what, const std::vector<StoredJob>& reference,
                           const std::vector<StoredJob>& real, std::size_t limit) {
  agree(what + ", number of jobs", std::min(reference.size(), limit), real.size());
  std::set<Identity> seen;
  for (const StoredJob& stored : real) {
    const auto expected = std::find_if(reference.begin(), reference.end(), [&](const auto& job) {
      return job.job.group == stored.job.group && job.job.job_id == stored.job.job_id;
    });
    if (expected == reference.end()) disagree(what, "not this job", text(stored));
    if (!seen.insert({stored.job.group, stored.job.job_id}).second) {
      disagree(what, "each job once", text(stored));
    }
    same_job(what, *expected, stored);
  }
}

}  // namespace purgatory::model
