#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "purgatory/purgatory.hpp"

/// What a random sequence is made of. Ids, groups and times are few, so that operations meet.
namespace purgatory::model {

/// How an operation names a version: the stored one, the one of the newest trashed copy, or one
/// that was never given.
enum class Which { current, trashed, wrong };

struct RefSpec {
  std::string group;
  std::string job_id;
  Which which = Which::current;
};

struct BoundSpec {
  std::string group;
  std::optional<std::uint64_t> jobs;
  std::optional<std::uint64_t> bytes;
};

struct NoteSpec {
  std::string purge_id;
  std::chrono::milliseconds undo_window{};
};

struct JobSpec {
  FailedJob job;  // the project is the operation's
  Stamp stamp;
};

struct Record {  // no jobs: the purger's trim
  std::vector<JobSpec> jobs;
  std::vector<BoundSpec> bounds;
  NoteSpec note;
};
struct Forget {
  std::string group;
  std::string job_id;
  std::optional<Which> if_version;
};
struct Detach {
  std::optional<std::string> group;  // absent: the whole project
  NoteSpec note;
};
struct Remove {
  std::vector<RefSpec> refs;
  NoteSpec note;
};
struct Restore {
  std::string purge_id;
  bool restorable = false;  // rather the first purge from this id on that can be restored
  Time not_before{};
  std::vector<BoundSpec> bounds;
  std::uint64_t budget_jobs = 1000;
  std::uint64_t budget_bytes = 1000;
  bool resume = false;  // from where the last restore of this purge stopped
};
struct ChangeSpec {
  RefSpec ref;
  std::optional<Retention> retention;  // absent: the one in force
};
struct RestampJobs {
  std::vector<ChangeSpec> changes;
};
struct Seal {
  std::string purge_id;
};
struct Archived {
  std::string purge_id;
};
struct Expire {
  std::string purge_id;
};
struct Reclaim {
  std::uint64_t budget_jobs = 1000;
  std::uint64_t budget_bytes = 1000;
};
struct TrimJournal {
  std::chrono::milliseconds age{};
};
struct List {
  std::optional<std::string> group;  // absent: the whole project
  Filter filter;
  std::optional<ListCursor> after;
  std::size_t limit = 1000;
};
struct Count {
  std::optional<std::string> group;
  Filter filter;
  std::uint64_t at_most = 1000;
};
struct Due {
  std::size_t limit = 1000;
};
struct WithResource {
  std::optional<std::string> group;
  std::string resource_id;
  std::size_t limit = 1000;
};
struct TakeLease {
  std::string name;
  std::string owner;
  std::chrono::milliseconds ttl{};
};
struct CompareAndSet {
  std::string name;
  std::optional<std::string> expected;
  std::string desired;
};

struct Operation {
  std::chrono::milliseconds advance{};  // what the clock does before it; it may go back
  std::string project;
  std::variant<Record, Forget, Detach, Remove, Restore, RestampJobs, Seal, Archived, Expire,
               Reclaim, TrimJournal, List, Count, Due, WithResource, TakeLease, CompareAndSet>
      what;
};

struct Sequence {
  std::vector<Operation> operations;
};

/// The first moment of every sequence.
inline constexpr Time kStart{std::chrono::milliseconds(1'000'000'000)};

/// All values that generated operations use, the empty ones included.
[[nodiscard]] const std::vector<std::string>& projects();
[[nodiscard]] const std::vector<std::string>& groups();
[[nodiscard]] const std::vector<std::string>& job_ids();
[[nodiscard]] const std::vector<std::string>& resource_ids();
[[nodiscard]] const std::vector<std::string>& purge_ids();

// One line an operation; RapidCheck prints with it.
void showValue(const Operation& operation, std::ostream& out);
void showValue(const Sequence& sequence, std::ostream& out);

/// Bytes in quotes, the unprintable ones as \xNN.
[[nodiscard]] std::string in_quotes(std::string_view bytes);
[[nodiscard]] std::string text(Time time);
[[nodiscard]] std::string text(const Retention& retention);
[[nodiscard]] std::string text(const StoredJob& stored);

}  // namespace purgatory::model
