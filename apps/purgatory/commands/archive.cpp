// archive: what purged jobs were written to before they were freed.

#include "purgatory/archive.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "apps/purgatory/arguments.hpp"
#include "apps/purgatory/batch.hpp"
#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/interrupt.hpp"
#include "apps/purgatory/terminal.hpp"
#include "apps/purgatory/text.hpp"
#include "purgatory/error.hpp"

namespace purgatory::cli {
namespace {

using archive::Segment;

/// Which archives: those of the configuration, one of them, or a directory.
struct ArchiveArguments {
  std::string name;
  std::string directory;

  void add_to(CLI::App& command);
};

void ArchiveArguments::add_to(CLI::App& command) {
  auto* named = command.add_option("--archive", name, "Only this archive of the configuration.");
  named->type_name("NAME")->check(not_empty());
  command
      .add_option("--directory", directory,
                  "The archive in this directory, whatever the configuration says.")
      ->type_name("DIR")
      ->check(not_empty())
      ->excludes(named);
}

struct NamedSegment {
  std::string archive;  ///< Empty: it is a directory that was named.
  Segment segment;

  [[nodiscard]] bool damaged() const noexcept { return !segment.damage.empty(); }
};

/// Adds the segments in an archive's directory. False: there is no such directory.
bool add_segments(std::vector<NamedSegment>& segments, const std::string& name,
                  const std::string& directory) {
  try {
    for (Segment& segment : archive::list(directory)) {
      segments.push_back({name, std::move(segment)});
    }
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return false;
  }
}

[[noreturn]] void refuse_name(const std::string& name, const auto& archives) {
  throw Failure(ExitCode::usage,
                fmt::format("--archive: the configuration has no archive '{}'; it has {}",
                            visible(name), fmt::join(archives | std::views::keys, ", ")));
}

std::vector<NamedSegment> segments_of(Context& context, const ArchiveArguments& arguments) {
  std::vector<NamedSegment> segments;
  if (!arguments.directory.empty()) {
    if (!add_segments(segments, {}, arguments.directory)) {
      throw Failure(ExitCode::no_input,
                    fmt::format("there is no directory '{}'", visible(arguments.directory)));
    }
    return segments;
  }
  const auto& archives = context.config().retention.archives;
  if (archives.empty()) {
    throw Failure(ExitCode::usage,
                  "the configuration has no archives: name the directory of one by --directory");
  }
  if (!arguments.name.empty() && !archives.contains(arguments.name)) {
    refuse_name(arguments.name, archives);
  }
  for (const auto& [name, archive] : archives) {
    if (!arguments.name.empty() && name != arguments.name) continue;
    if (add_segments(segments, name, archive.directory)) continue;
    context.say(fmt::format("Archive '{}' has no directory '{}': nothing was written there yet.",
                            name, visible(archive.directory)));
  }
  return segments;
}

boost::json::object row_of(const NamedSegment& named) {
  const Segment& segment = named.segment;
  boost::json::object row{{"archive", json_text(named.archive)},
                          {"file", json_text(segment.file.native())}};
  if (!segment.project.empty()) {  // of a damaged sidecar nothing is known
    row["project"] = json_text(segment.project);
    row["purge_id"] = json_text(segment.purge_id);
    row["number"] = segment.number;
    row["jobs"] = segment.jobs;
    row["bytes"] = segment.bytes;
  }
  if (named.damaged()) row["damage"] = json_text(segment.damage);
  return row;
}

void list_segments(Context& context, const ArchiveArguments& arguments) {
  const auto segments = segments_of(context, arguments);
  std::vector<Column> columns{{"archive"},
                              {"project"},
                              {"purge_id"},
                              {"number", Column::Kind::count},
                              {"jobs", Column::Kind::count},
                              {"bytes", Column::Kind::bytes},
                              {"file"}};
  if (std::ranges::any_of(segments, &NamedSegment::damaged)) columns.push_back({"damage"});
  Rows rows(context.options.format, std::move(columns));
  for (const NamedSegment& named : segments) rows.add(row_of(named));
  rows.finish();
}

std::string format_segments(std::uint64_t count) {
  return fmt::format("{} segment{}", format_count(count), count == 1 ? "" : "s");
}

void verify_segments(Context& context, const ArchiveArguments& arguments) {
  const auto segments = segments_of(context, arguments);
  Rows rows(context.options.format, {{"file"}, {"damage"}});
  ProgressBar progress("Reading segments", segments.size(), context.options.quiet);
  std::uint64_t read = 0;
  std::uint64_t jobs = 0;
  std::uint64_t damaged = 0;
  for (NamedSegment named : segments) {
    check_interrupted(fmt::format("{} were read", format_segments(read)));
    named.segment.damage = archive::verify(named.segment);
    if (named.damaged()) {
      ++damaged;
      rows.add(row_of(named));
    }
    jobs += named.segment.jobs;
    progress.show(++read);
  }
  progress.erase();
  rows.finish();
  if (damaged > 0) {
    throw Failure(
        ExitCode::bad_data,
        fmt::format("{} of {} {} damaged: restore the files from a copy", format_count(damaged),
                    format_segments(read), damaged == 1 ? "is" : "are"));
  }
  if (read == 0) return context.say("There is no segment.");
  context.say(fmt::format("{} with {} {} as {} written.", format_segments(read), format_jobs(jobs),
                          read == 1 ? "is" : "are", read == 1 ? "it was" : "they were"));
}

struct ArchiveImportArguments {
  ArchiveArguments archives;
  std::optional<std::string> project;
  std::string purge_id;
};

/// Records the jobs of segments.
class SegmentImport {
 public:
  SegmentImport(Context& context, const std::vector<NamedSegment>& segments)
      : context_(context),
        batch_(context.jobs()),
        progress_("Importing jobs", total_of(segments), context.options.quiet) {}

  /// Throws Failure{bad_data} if it is damaged, or has a job that is over a limit; {interrupted}.
  void take(const Segment& segment) {
    for (FailedJob& job : read(segment)) {
      if (!batch_.has_room_for(job)) record();
      batch_.add(std::move(job));
      ++read_;
      progress_.show(read_);
    }
  }

  void record() {
    check_interrupted(how_far());
    try {
      batch_.record();
    } catch (const Error& error) {
      throw Failure(exit_code_of(error.code()), fmt::format("{}; {}", error.what(), how_far()));
    }
  }

  void print() {
    progress_.erase();
    const RecordResult& result = batch_.result();
    print_result(context_.options.format,
                 {{"read", Column::Kind::count},
                  {"inserted", Column::Kind::count},
                  {"replaced", Column::Kind::count},
                  {"stale", Column::Kind::count},
                  {"evicted", Column::Kind::count}},
                 {{"read", read_},
                  {"inserted", result.inserted},
                  {"replaced", result.replaced},
                  {"stale", result.stale},
                  {"evicted", result.evicted}});
  }

 private:
  static std::uint64_t total_of(const std::vector<NamedSegment>& segments) {
    std::uint64_t jobs = 0;
    for (const NamedSegment& named : segments) jobs += named.segment.jobs;
    return jobs;
  }

  /// All of it: what is damaged gives no job.
  std::vector<FailedJob> read(const Segment& segment) {
    std::vector<FailedJob> jobs;
    jobs.reserve(segment.jobs);
    try {
      archive::read(segment, [&](const FailedJob& job) {
        check_limits(job, context_.config().limits);
        jobs.push_back(job);
      });
      return jobs;
    } catch (const Error& error) {
      record();
      std::string what = error.what();
      if (error.code() == ErrorCode::invalid_argument) {
        what = fmt::format("{}: {}", segment.file.native(), what);
      }
      const bool wrong =
          error.code() == ErrorCode::corrupt || error.code() == ErrorCode::invalid_argument;
      throw Failure(wrong ? ExitCode::bad_data : exit_code_of(error.code()),
                    fmt::format("{}; {}", what, how_far()));
    }
  }

  [[nodiscard]] std::string how_far() const {
    if (batch_.recorded() == 0) return "nothing is recorded";
    return fmt::format("{} of other segments {} recorded; importing them again is harmless",
                       format_jobs(batch_.recorded()), batch_.recorded() == 1 ? "is" : "are");
  }

  Context& context_;
  Batch batch_;
  ProgressBar progress_;
  std::uint64_t read_ = 0;
};

/// Those that are wanted, damaged ones last. A sidecar that cannot be read does not say of which
/// purge its segment is: it could be any.
std::vector<NamedSegment> wanted_segments(Context& context,
                                          const ArchiveImportArguments& arguments) {
  auto segments = segments_of(context, arguments.archives);
  std::erase_if(segments, [&](const NamedSegment& named) {
    const Segment& segment = named.segment;
    return !named.damaged() &&
           ((arguments.project && segment.project != *arguments.project) ||
            (!arguments.purge_id.empty() && segment.purge_id != arguments.purge_id));
  });
  std::ranges::stable_partition(segments,
                                [](const NamedSegment& named) { return !named.damaged(); });
  if (segments.empty() && (arguments.project || !arguments.purge_id.empty())) {
    const std::string purge = arguments.purge_id.empty()
                                  ? std::string()
                                  : fmt::format(" of purge '{}'", visible(arguments.purge_id));
    throw Failure(
        ExitCode::not_found,
        fmt::format("there is no segment{}{}", purge,
                    arguments.project ? fmt::format(" of project '{}'", visible(*arguments.project))
                                      : std::string()));
  }
  return segments;
}

void import_segments(Context& context, const ArchiveImportArguments& arguments) {
  const auto segments = wanted_segments(context, arguments);
  SegmentImport import(context, segments);
  for (const NamedSegment& named : segments) import.take(named.segment);
  import.record();
  import.print();
}

}  // namespace

void add_archive(CLI::App& program, Context& context) {
  CLI::App& archive =
      add_command(program, "archive",
                  "Looks into archives, which purged jobs were written to before they were freed.",
                  {"purgatory archive list --directory ./archive",
                   "purgatory -c purgatory.yaml archive verify"});
  archive.require_subcommand(1);

  CLI::App& list = add_command(archive, "list", "Lists the segments of archives.",
                               {"purgatory -c purgatory.yaml archive list --archive cold",
                                "purgatory archive list --directory ./archive -o json"});
  const auto listed = std::make_shared<ArchiveArguments>();
  listed->add_to(list);
  list.callback([listed, &context] { list_segments(context, *listed); });

  CLI::App& verify = add_command(
      archive, "verify",
      "Reads every segment and prints those that are damaged; exits with 65 if there is one.",
      {"purgatory -c purgatory.yaml archive verify",
       "purgatory archive verify --directory ./archive"});
  const auto verified = std::make_shared<ArchiveArguments>();
  verified->add_to(verify);
  verify.callback([verified, &context] { verify_segments(context, *verified); });

  CLI::App& import = add_command(
      archive, "import",
      "Records the jobs of segments into the store; doing it again is harmless. Ends at a segment "
      "that is damaged, with 65.",
      {"purgatory -c purgatory.yaml archive import",
       "purgatory archive import --directory ./archive -o json"});
  const auto arguments = std::make_shared<ArchiveImportArguments>();
  arguments->archives.add_to(import);
  add_text(import, "--project", arguments->project, "Only jobs of this project.")
      ->type_name("P")
      ->check(not_empty());
  import.add_option("--purge", arguments->purge_id, "Only jobs of this purge.")
      ->type_name("ID")
      ->check(not_empty());
  import.callback([arguments, &context] { import_segments(context, *arguments);
});
}  // namespace purgatory::cli

}  // namespace purgatory::cli
