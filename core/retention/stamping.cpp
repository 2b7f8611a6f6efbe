#include "core/retention/stamping.hpp"

#include <optional>
#include <span>
#include <utility>

#include "core/repository/batch.hpp"

namespace purgatory::retention {
namespace {

std::uint64_t bytes_of(const Restamp& change) {
  const Retention& retention = change.retention;
  return retention.stamp.rule_hold.size() + (retention.hold ? retention.hold->reason.size() : 0);
}

/// Until when a stamp keeps a job; absent: for ever.
std::optional<Time> end_of(const Stamp& stamp) noexcept {
  return stamp.rule_hold.empty() ? due_at(stamp) : std::nullopt;
}

}  // namespace

Retention restamped(const CompiledPolicy& policy, const StoredJob& stored) {
  Retention retention = stored.retention;
  retention.stamp = policy.stamp(stored);
  return retention;
}

Change change_of(const StoredJob& stored, const Stamp& stamp, Time now) {
  if (stored.retention.hold || !stamp.rule_hold.empty()) return Change::none;
  const Stamp& present = stored.retention.stamp;
  const auto kept_until = end_of(present);
  if (kept_until && *kept_until <= now) return Change::none;  // it goes anyway
  const auto end = end_of(stamp);
  if (end && *end <= now) return Change::goes;
  return present.rule_hold.empty() ? Change::none : Change::loses_hold;
}

bool has_run_out(const Retention& retention, Time now) noexcept {
  return retention.hold && retention.hold->until && *retention.hold->until <= now;
}

Retention released(Retention retention) {
  retention.hold.reset();
  return retention;
}

RestampResult restamp(const Store& store, std::string_view project,
                      const std::vector<Restamp>& changes) {
  RestampResult sum;
  for (std::span<const Restamp> left = changes; !left.empty();) {
    const std::size_t size = size_of_batch(left, bytes_of);
    const RestampResult part =
        store.repository.restamp(store.begin_call(), project, left.first(size));
    sum.done += part.done;
    sum.changed += part.changed;
    sum.absent += part.absent;
    left = left.subspan(size);
  }
  return sum;
}

bool is_sooner(const Stamp& stamp, const Stamp& than) noexcept {
  const auto end = end_of(stamp);
  const auto other = end_of(than);
  const bool hold_ends = stamp.rule_hold.empty() && !than.rule_hold.empty();
  return hold_ends || (end && (!other || *end < *other));
}

}  // namespace purgatory::retention
