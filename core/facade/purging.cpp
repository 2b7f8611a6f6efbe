// purge, in its four forms.

#include <utility>

#include "core/facade/state.hpp"
#include "core/facade/steps.hpp"
#include "core/host/observe.hpp"
#include "core/repository/arguments.hpp"
#include "core/repository/batch.hpp"

namespace purgatory {
namespace {

void add(Receipt& sum, const Receipt& part) {
  sum.jobs += part.jobs;
  sum.bytes += part.bytes;
  sum.held += part.held;
}

void observe_purge(const Host& host, std::uint64_t jobs, std::string_view reason) {
  observe(host, Metric::Kind::counter, "purgatory_purged_total", static_cast<double>(jobs),
          {{"rule", ""}, {"reason", reason}});
}

/// The purge of listed jobs of a project, in as many steps as it takes.
class Removal {
 public:
  Removal(const FailedJobs& jobs, const Host& host, std::string_view project, PurgeNote note,
          Time now, const PurgeOptions& options)
      : jobs_(jobs),
        host_(host),
        project_(project),
        note_(std::move(note)),
        undo_window_(note_.undo_until - now),
        progress_(options.progress),
        repeated_(!options.purge_id.empty()) {
    receipt_.purge_id = note_.purge_id;
  }

  /// False: stop here.
  bool remove(std::span<const JobRef> refs) {
    do {
      const std::size_t size = size_of_batch(refs, [](const JobRef& ref) { return ref.bytes; });
      if (size > 0) remove_batch(refs.first(size));
      refs = refs.subspan(size);
      if (!goes_on(progress_, before_ + removed_)) return false;
    } while (!refs.empty());
    return true;
  }
  void leave_held() noexcept { ++receipt_.held; }

  /// What went, as the journal has it: also what an earlier call of the same purge took.
  [[nodiscard]] Receipt receipt() const {
    Receipt receipt = receipt_;
    if (removed_ > 0 || repeated_) add_entry(receipt, find_entry());
    return receipt;
  }

 private:
  void remove_batch(std::span<const JobRef> refs) {
    const auto remove = [&] {
      return jobs_.repository().remove(jobs_.begin_call(), project_, refs, note_);
    };
    RemoveResult result;
    try {
      result = remove();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict || !begin_another()) throw;
      result = remove();
    }
    observe_purge(host_, result.removed, "selection");
    removed_ += result.removed;
    receipt_.held += result.held;
  }

  /// If the trash was freed before the purge is done, the rest goes under another purge_id. (If it
  /// was restored, somebody does not want the purge.)
  bool begin_another() {
    if (removed_ == 0) return false;
    const auto entry = find_entry();
    if (!entry || entry->state != PileState::gone) return false;
    add_entry(receipt_, entry);
    before_ += std::exchange(removed_, 0);
    const Time now = jobs_.begin_call().now;
    note_.purge_id = new_purge_id(host_, now);
    note_.undo_until = now + undo_window_;
    return true;
  }

  [[nodiscard]] std::optional<JournalEntry> find_entry() const {
    std::optional<JournalEntry> found;
    walk<JournalCursor>([&](const auto& after) { return jobs_.journal(project_, after); },
                        [&](JournalEntry& entry) {
                          if (entry.purge_id == note_.purge_id) found = std::move(entry);
                          return !found;
                        });
    return found;
  }

  static void add_entry(Receipt& receipt, const std::optional<JournalEntry>& entry) {
    if (!entry) return;
    receipt.jobs += entry->jobs;
    receipt.bytes += entry->bytes;
  }

  const FailedJobs& jobs_;
  const Host& host_;
  std::string_view project_;
  PurgeNote note_;
  std::chrono::milliseconds undo_window_;
  const Progress& progress_;
  bool repeated_;              ///< Perhaps: the caller gave the purge_id.
  Receipt receipt_;            ///< Without what is under the purge_id of the note.
  std::uint64_t before_ = 0;   ///< Removed under other purge_ids than the note's.
  std::uint64_t removed_ = 0;  ///< Removed under the note's, by this call.
};

}  // namespace

PurgeNote FailedJobs::State::note(Time now, const Actor& actor, const PurgeOptions& options,
                                  std::string_view reason) const {
  const std::chrono::milliseconds window = options.undo_window.value_or(undo_window);
  arguments::check_actor(actor.name);
  arguments::check_undo_window(window);
  PurgeNote note{.purge_id = options.purge_id.empty() ? new_purge_id(host, now) : options.purge_id,
                 .actor = actor.name,
                 .reason = options.reason.empty() ? std::string(reason) : options.reason,
                 .rule = {},
                 .undo_until = now + window};
  arguments::check_note(note, limits);
  return note;
}

Receipt FailedJobs::purge(const Scope& scope, const Actor& actor, const PurgeOptions& options) {
  return or_exhausted([&] {
    const Call call = begin_call();
    Receipt receipt =
        repository().detach(call, scope, state_->note(call.now, actor, options, "scope"));
    observe_purge(state_->host, receipt.jobs, "scope");
    (void)goes_on(options.progress, receipt.jobs);
    return receipt;
  });
}

Receipt FailedJobs::purge(const Selection& selection, const Actor& actor,
                          const PurgeOptions& options) {
  if (selection.filter.empty()) return purge(selection.scope, actor, options);
  return or_exhausted([&] {
    const std::string& project = selection.scope.project();
    const Time now = begin_call().now;
    Removal removal(*this, state_->host, project, state_->note(now, actor, options, "selection"),
                    now, options);
    const Version watermark = partitions(project).watermark;
    std::optional<ListCursor> after;
    bool more = true;
    while (more) {
      const auto page = list(selection, after, kMaxJobsPerCall);
      std::vector<JobRef> refs;
      for (const StoredJob& stored : page.items) {
        if (stored.version > watermark) continue;  // it came, or changed, after the call began
        if (held(stored.retention)) {
          removal.leave_held();
        } else {
          refs.push_back(ref_of(stored));
        }
      }
      after = page.next;
      more = removal.remove(refs) && after;
    }
    return removal.receipt();
  });
}

Receipt FailedJobs::purge(std::string_view project, std::span<const JobRef> jobs,
                          const Actor& actor, const PurgeOptions& options) {
  return or_exhausted([&] {
    const Time now = begin_call().now;
    Removal removal(*this, state_->host, project, state_->note(now, actor, options, "selection"),
                    now, options);
    (void)removal.remove(jobs);
    return removal.receipt();
  });
}

Receipt FailedJobs::purge(const Everything& everything, const Actor& actor,
                          const PurgeOptions& options) {
  return or_exhausted([&] {
    PurgeOptions each = options;
    each.purge_id = state_->note(begin_call().now, actor, options, {}).purge_id;
    Receipt sum;
    sum.purge_id = each.purge_id;
    bool stopped = false;
    each.progress = [&](std::uint64_t jobs) {
      stopped = !goes_on(options.progress, sum.jobs + jobs);
      return !stopped;
    };
    for (std::string& project : projects()) {
      add(sum,
          purge(Selection{Scope::project(std::move(project)), everything.filter}, actor, each));
      if (stopped) break;
    }
    return sum;
  });
}

}  // namespace purgatory
