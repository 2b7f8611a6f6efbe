// R18: stats, check; there is nothing to back up or to compact.

#include <fmt/format.h>

#include <charconv>

#include "plugins/memory/repository.hpp"
#include "plugins/memory/walk.hpp"
#include "purgatory/error.hpp"

namespace purgatory::memory {
namespace {

/// Compares what a walk saw of each generation with its totals, and each job with its indexes.
class Checker {
 public:
  Checker(Project& project, CheckResult& result) : project_(project), result_(result) {}

  void look(std::string_view group, const Generation& generation, const Record& record) {
    if (&generation != generation_) begin(generation);
    ++result_.jobs;
    seen_ += totals_of(record);
    check_record(group, generation, record);
    const bool unchanged = generation.changes() == changes_;
    if (unchanged && seen_.jobs == generation.totals().jobs && seen_ != generation.totals()) {
      report(group, record,
             fmt::format("the counters of its generation say {} bytes, {} were seen",
                         generation.totals().bytes, seen_.bytes));
    }
  }

 private:
  void begin(const Generation& generation) {
    generation_ = &generation;
    changes_ = generation.changes();
    seen_ = {};
  }

  void check_record(std::string_view group, const Generation& generation, const Record& record) {
    try {
      const StoredJob job = decode(record, project_.name(), group, WithPayload::yes);
      if (job.job.failed_at != record.failed_at ||
          next_action_at(job.retention).value_or(Record::kNever) != record.action_at ||
          held(job.retention) != record.held || logical_bytes(job.job) != record.logical_bytes) {
        report(group, record, "its index entries do not match its fields");
      }
    } catch (const Error& error) {
      report(group, record, error.what());
    }
    if (generation.find(record.job_id(), record.id_hash) != &record) {
      report(group, record, "the index of ids does not lead to it");
    }
  }

  void report(std::string_view group, const Record& record, std::string_view what) {
    result_.findings.push_back({.where = fmt::format("project '{}', group '{}', job '{}'",
                                                     project_.name(), group, record.job_id()),
                                .what = std::string(what)});
  }

  Project& project_;
  CheckResult& result_;
  const Generation* generation_ = nullptr;
  std::uint64_t changes_ = 0;
  Totals seen_;
};

/// A check's cursor is the last partition done: "<size of project>:<project><group>".
std::string print_cursor(const PartitionName& last) {
  return fmt::format("{}:{}{}", last.project.size(), last.project, last.group);
}

PartitionName parse_cursor(std::string_view cursor) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), size);
  const auto digits = static_cast<std::size_t>(end - cursor.data());
  if (error != std::errc{} || digits == cursor.size() || *end != ':' ||
      size > cursor.size() - digits - 1) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("check: '{}' is no cursor that check returned; begin without one", cursor),
        "memory");
  }
  const std::string_view names = cursor.substr(digits + 1);
  return {std::string(names.substr(0, size)), std::string(names.substr(size))};
}

[[noreturn]] void refuse(std::string_view operation, std::string_view why) {
  throw Error(ErrorCode::unsupported,
              fmt::format("{}: the memory backend has no such thing: {}", operation, why),
              "memory");
}

}  // namespace

std::vector<Figure> MemoryRepository::stats(const Call& /*call*/) {
  Totals live;
  Totals trash;
  std::uint64_t forgotten = 0;
  for (Project* project : projects_after(std::nullopt, ~std::size_t{0})) {
    const std::scoped_lock lock(project->mutex());
    for (const auto& [group, partition] : project->partitions()) {
      partition.for_each([&](const Generation& generation) { live += generation.totals(); });
    }
    for (const auto& [purge_id, purge] : project->purges().piles()) trash += purge->trash;
    forgotten += project->forgotten;
  }
  const auto figure = [](std::string_view name, std::uint64_t value) {
    return Figure{.name = std::string(name), .value = static_cast<double>(value)};
  };
  return {figure("jobs", live.jobs),
          figure("bytes", live.bytes),
          figure("trash_jobs", trash.jobs),
          figure("trash_bytes", trash.bytes),
          figure("forgotten_total", forgotten),
          figure("memory_bytes", space_.used()),
          figure("memory_max_bytes", space_.max_bytes())};
}

std::optional<PartitionName> MemoryRepository::partition_after(
    const std::optional<PartitionName>& last) const {
  const auto first_of = [](Project& project, const std::string* behind) {
    const std::scoped_lock lock(project.mutex());
    const auto& partitions = project.partitions();
    const auto place = behind == nullptr ? partitions.begin() : partitions.upper_bound(*behind);
    return place == partitions.end() ? std::nullopt
                                     : std::optional(PartitionName{project.name(), place->first});
  };
  if (Project* current = last ? project(last->project) : nullptr) {
    if (auto found = first_of(*current, &last->group)) return found;
  }
  std::optional<std::string> behind = last ? std::optional(last->project) : std::nullopt;
  for (;;) {
    const std::vector<Project*> next = projects_after(behind, 1);
    if (next.empty()) return std::nullopt;
    if (auto found = first_of(*next.front(), nullptr)) return found;
    behind = next.front()->name();
  }
}

CheckResult MemoryRepository::check(const Call& call, const std::optional<std::string>& after,
                                    const Budget& budget) {
  CheckResult result;
  const auto end = std::min(call.deadline, std::chrono::steady_clock::now() + budget.time);
  std::optional<PartitionName> partition =
      partition_after(after ? std::optional(parse_cursor(*after)) : std::nullopt);
  while (partition) {
    Project& project = *this->project(partition->project);
    const Scope scope = Scope::group(partition->project, partition->group);
    Walk walk(project, scope);
    Checker checker(project, result);
    in_slices(project, [&] {
      check_deadline(call, "check");
      return walk.step(
          kSlice, [&](std::string_view group, const Generation& generation, const Record& record) {
            checker.look(group, generation, record);
          });
    });
    const PartitionName done = *std::move(partition);
    partition = partition_after(done);
    if (partition && (result.jobs >= budget.jobs || std::chrono::steady_clock::now() >= end)) {
      result.next = print_cursor(done);
      break;
    }
  }
  return result;
}

void MemoryRepository::backup(const Call& /*call*/, std::string_view /*destination*/) {
  refuse("backup", "it keeps nothing on disk; export its jobs instead");
}

bool MemoryRepository::compact(const Call& /*call*/, const Budget& /*budget*/) {
  refuse("compact", "freed jobs give their memory back at once");
}

}  // namespace purgatory::memory
