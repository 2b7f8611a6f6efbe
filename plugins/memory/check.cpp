// R18: check.

#include <array>
#include <charconv>

#include "plugins/memory/fail.hpp"
#include "plugins/memory/repository.hpp"
#include "plugins/memory/walk.hpp"

namespace purgatory::memory {
namespace {

/// Where a check stands: in which project, where in it, and what it saw of the generation there.
struct CheckCursor {
  std::string project;
  Walk::Position position;
  Totals seen;
  std::uint64_t changes = 0;  ///< The generation's, when its first job was seen.
};

/// Numbers, then the three texts, whose lengths are among the numbers.
std::string print(const CheckCursor& cursor) {
  const Walk::Position& at = cursor.position;
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {}{}{}", at.in_held ? 1 : 0,
                     at.failed_at.time_since_epoch().count(), at.version, cursor.seen.jobs,
                     cursor.seen.bytes, cursor.seen.archive_jobs, cursor.changes,
                     cursor.project.size(), at.group.size(), at.job_id.size(), cursor.project,
                     at.group, at.job_id);
}

CheckCursor parse(std::string_view text) {
  std::array<std::uint64_t, 10> numbers{};
  const char* const end = text.data() + text.size();
  const char* next = text.data();
  for (std::uint64_t& number : numbers) {
    const auto [behind, error] = std::from_chars(next, end, number);
    if (error != std::errc{} || behind == end || *behind != ' ') next = end;
    if (next == end) break;
    next = behind + 1;
  }
  const auto [in_held, failed_at, version, jobs, bytes, archive_jobs, changes, project_size,
              group_size, id_size] = numbers;
  const std::string_view texts(next, static_cast<std::size_t>(end - next));
  if (texts.empty() || project_size > texts.size() || group_size > texts.size() - project_size ||
      id_size != texts.size() - project_size - group_size) {
    fail(ErrorCode::invalid_argument,
         "check: '{}' is no cursor that check returned; begin without one", text);
  }
  return {.project = std::string(texts.substr(0, project_size)),
          .position = {.group = std::string(texts.substr(project_size, group_size)),
                       .in_held = in_held != 0,
                       .failed_at = Time(std::chrono::milliseconds(failed_at)),
                       .job_id = std::string(texts.substr(project_size + group_size)),
                       .version = version},
          .seen = {.jobs = jobs, .bytes = bytes, .archive_jobs = archive_jobs},
          .changes = changes};
}

/// Compares each job with its parts and its indexes, and what was seen of a generation with its
/// totals, if it was not changed meanwhile.
class Checker {
 public:
  Checker(CheckCursor& cursor, CheckResult& result) : cursor_(cursor), result_(result) {}

  void look(std::string_view group, const Generation& generation, const Record& record) {
    if (&record == generation.by_time().begin()->record) {
      cursor_.seen = {};
      cursor_.changes = generation.changes();
    }
    ++result_.jobs;
    cursor_.seen += totals_of(record);
    check_record(group, generation, record);
    const Totals& totals = generation.totals();
    if (&record == generation.by_time().rbegin()->record &&
        generation.changes() == cursor_.changes && cursor_.seen != totals) {
      report(group, record,
             fmt::format("it is the last of its generation, whose counters say {} jobs, {} bytes; "
                         "{} jobs, {} bytes were seen",
                         totals.jobs, totals.bytes, cursor_.seen.jobs, cursor_.seen.bytes));
    }
  }

 private:
  void check_record(std::string_view group, const Generation& generation, const Record& record) {
    try {
      const StoredJob job = decode(record, cursor_.project, group, WithPayload::yes);
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
                                                     cursor_.project, group, record.job_id()),
                                .what = std::string(what)});
  }

  CheckCursor& cursor_;
  CheckResult& result_;
};

}  // namespace

CheckResult MemoryRepository::check(const Call& call, const std::optional<std::string>& after,
                                    const Budget& budget) {
  CheckResult result;
  const auto end = end_of(call, budget);
  const auto within_budget = [&] {
    return result.jobs < budget.jobs && std::chrono::steady_clock::now() < end;
  };
  CheckCursor cursor = after ? parse(*after) : CheckCursor{};
  Project* project = this->project(cursor.project);
  for (;;) {
    if (project != nullptr) {
      const Scope scope = Scope::project(project->name());
      Walk walk(*project, scope, cursor.position);
      Checker checker(cursor, result);
      bool more = true;
      in_slices(*project, [&](Slice& slice) {
        slice.at_most(budget.jobs - result.jobs);
        more = walk.step(
            slice, [&](std::string_view group, const Generation& generation, const Record& record) {
              checker.look(group, generation, record);
            });
        return more && within_budget();
      });
      cursor.position = walk.position();
      if (more) break;
    }
    const std::vector<Project*> next = projects_after(cursor.project, 1);
    if (next.empty()) return result;
    project = next.front();
    cursor = {.project = project->name(), .position = {}, .seen = {}};
    if (!within_budget()) break;
  }
  result.next = print(cursor);
  return result;
}

}  // namespace purgatory::memory
