// purge, in its four forms.

#include <utility>

#include "core/facade/batch.hpp"
#include "core/facade/state.hpp"

namespace purgatory {
namespace {

void add(Receipt& sum, const Receipt& part) {
  sum.jobs += part.jobs;
  sum.bytes += part.bytes;
  sum.held += part.held;
}

/// The note of a purge that begins now.
PurgeNote note_of(const Host& host, Time now, const Actor& actor, const PurgeOptions& options,
                  std::string_view reason, std::chrono::milliseconds undo_window) {
  return {.purge_id = options.purge_id.empty() ? new_purge_id(host, now) : options.purge_id,
          .actor = actor.name,
          .reason = options.reason.empty() ? std::string(reason) : options.reason,
          .rule = {},
          .undo_until = now + options.undo_window.value_or(undo_window)};
}

/// The purge of listed jobs of a project, in as many calls as it takes.
class Removal {
 public:
  Removal(const FailedJobs& jobs, std::string_view project, PurgeNote note)
      : jobs_(jobs), project_(project), note_(std::move(note)) {}

  void remove(std::span<const JobRef> refs) {
    while (!refs.empty()) {
      const std::size_t size = size_of_batch(refs, [](const JobRef& ref) { return ref.bytes; });
      const RemoveResult result =
          jobs_.repository().remove(jobs_.begin_call(), project_, refs.first(size), note_);
      removed_ += result.removed;
      held_ += result.held;
      refs = refs.subspan(size);
    }
  }
  void add_held() noexcept { ++held_; }
  [[nodiscard]] std::uint64_t removed() const noexcept { return removed_; }

  /// What went, as the journal has it: also what an earlier call of the same purge took.
  [[nodiscard]] Receipt receipt() const {
    Receipt receipt{.purge_id = note_.purge_id, .jobs = 0, .bytes = 0, .held = held_};
    walk<JournalCursor>([&](const auto& after) { return jobs_.journal(project_, after); },
                        [&](const JournalEntry& entry) {
                          if (entry.purge_id != note_.purge_id) return true;
                          receipt.jobs = entry.jobs;
                          receipt.bytes = entry.bytes;
                          return false;
                        });
    return receipt;
  }

 private:
  const FailedJobs& jobs_;
  std::string_view project_;
  PurgeNote note_;
  std::uint64_t removed_ = 0;
  std::uint64_t held_ = 0;
};

}  // namespace

Receipt FailedJobs::purge(const Scope& scope, const Actor& actor, const PurgeOptions& options) {
  const Call call = begin_call();
  return repository().detach(
      call, scope, note_of(state_->host, call.now, actor, options, "scope", state_->undo_window));
}

Receipt FailedJobs::purge(const Selection& selection, const Actor& actor,
                          const PurgeOptions& options) {
  if (selection.filter.empty()) return purge(selection.scope, actor, options);
  const std::string& project = selection.scope.project();
  const Version watermark = partitions(project).watermark;
  Removal removal(
      *this, project,
      note_of(state_->host, begin_call().now, actor, options, "selection", state_->undo_window));
  std::optional<ListCursor> after;
  do {
    const auto page = list(selection, after, kMaxJobsPerCall);
    std::vector<JobRef> refs;
    for (const StoredJob& stored : page.items) {
      if (stored.version > watermark) continue;  // it came, or changed, after the call began
      if (held(stored.retention)) {
        removal.add_held();
      } else {
        refs.push_back(ref_of(stored));
      }
    }
    removal.remove(refs);
    after = page.next;
  } while (after && goes_on(options.progress, removal.removed()));
  return removal.receipt();
}

Receipt FailedJobs::purge(std::string_view project, std::span<const JobRef> jobs,
                          const Actor& actor, const PurgeOptions& options) {
  Removal removal(
      *this, project,
      note_of(state_->host, begin_call().now, actor, options, "selection", state_->undo_window));
  removal.remove(jobs);
  return removal.receipt();
}

Receipt FailedJobs::purge(const Everything& everything, const Actor& actor,
                          const PurgeOptions& options) {
  Receipt sum;
  bool stopped = false;
  PurgeOptions each = options;
  if (each.purge_id.empty()) each.purge_id = new_purge_id(state_->host, begin_call().now);
  each.progress = [&](std::uint64_t jobs) {
    stopped = !goes_on(options.progress, sum.jobs + jobs);
    return !stopped;
  };
  sum.purge_id = each.purge_id;
  for (std::string& project : projects()) {
    add(sum, purge(Selection{Scope::project(std::move(project)), everything.filter}, actor, each));
    if (stopped || !each.progress(0)) break;
  }
  return sum;
}

}  // namespace purgatory
