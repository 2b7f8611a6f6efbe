#pragma once

#include <cstddef>
#include <type_traits>

#include "purgatory/repository.hpp"

/// The fields of what calls take and return.
namespace purgatory::processes {

/// How many there are. A number that is not right does not compile.
template <typename T>
inline constexpr std::size_t kFields = 0;
template <typename Item, typename Cursor>
inline constexpr std::size_t kFields<Page<Item, Cursor>> = 2;
template <>
inline constexpr std::size_t kFields<Call> = 2;
template <>
inline constexpr std::size_t kFields<FailedJob> = 14;
template <>
inline constexpr std::size_t kFields<Stamp> = 5;
template <>
inline constexpr std::size_t kFields<Hold> = 3;
template <>
inline constexpr std::size_t kFields<Retention> = 3;
template <>
inline constexpr std::size_t kFields<StoredJob> = 6;
template <>
inline constexpr std::size_t kFields<JobRef> = 4;
template <>
inline constexpr std::size_t kFields<Bound> = 3;
template <>
inline constexpr std::size_t kFields<PurgeNote> = 5;
template <>
inline constexpr std::size_t kFields<RecordResult> = 5;
template <>
inline constexpr std::size_t kFields<ListCursor> = 3;
template <>
inline constexpr std::size_t kFields<PileCursor> = 4;
template <>
inline constexpr std::size_t kFields<JournalCursor> = 2;
template <>
inline constexpr std::size_t kFields<Selection> = 2;
template <>
inline constexpr std::size_t kFields<Filter> = 12;
template <>
inline constexpr std::size_t kFields<Receipt> = 4;
template <>
inline constexpr std::size_t kFields<RemoveResult> = 4;
template <>
inline constexpr std::size_t kFields<RestoreResult> = 5;
template <>
inline constexpr std::size_t kFields<Budget> = 3;
template <>
inline constexpr std::size_t kFields<Pile> = 6;
template <>
inline constexpr std::size_t kFields<JournalEntry> = 12;
template <>
inline constexpr std::size_t kFields<EvictionCount> = 4;
template <>
inline constexpr std::size_t kFields<ReclaimResult> = 3;
template <>
inline constexpr std::size_t kFields<ProjectInfo> = 3;
template <>
inline constexpr std::size_t kFields<PartitionInfo> = 7;
template <>
inline constexpr std::size_t kFields<Partitions> = 2;
template <>
inline constexpr std::size_t kFields<Restamp> = 2;
template <>
inline constexpr std::size_t kFields<RestampResult> = 3;
template <>
inline constexpr std::size_t kFields<TrimResult> = 2;
template <>
inline constexpr std::size_t kFields<Figure> = 2;
template <>
inline constexpr std::size_t kFields<Finding> = 2;
template <>
inline constexpr std::size_t kFields<CheckResult> = 3;

/// Calls use(field, field ...).
template <typename T, typename Use>
void with_fields(T& value, Use use) {
  constexpr std::size_t kCount = kFields<std::remove_const_t<T>>;
  if constexpr (kCount == 2) {
    auto& [a, b] = value;
    use(a, b);
  } else if constexpr (kCount == 3) {
    auto& [a, b, c] = value;
    use(a, b, c);
  } else if constexpr (kCount == 4) {
    auto& [a, b, c, d] = value;
    use(a, b, c, d);
  } else if constexpr (kCount == 5) {
    auto& [a, b, c, d, e] = value;
    use(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    auto& [a, b, c, d, e, f] = value;
    use(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    auto& [a, b, c, d, e, f, g] = value;
    use(a, b, c, d, e, f, g);
  } else if constexpr (kCount == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value;
    use(a, b, c, d, e, f, g, h, i, j, k, l);
  } else if constexpr (kCount == 14) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = value;
    use(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  } else {
    static_assert(kCount > 0, "fields.hpp lacks this type");
  }
}

}  // namespace purgatory::processes
