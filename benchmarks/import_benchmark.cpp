/// Lines of JSON read, written and imported, beside Boost.JSON's tree. Ends with what importing
/// needs of memory, which must not follow the length of the file.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/comparison.hpp"
#include "benchmarks/lap.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/rivals/json_dom.hpp"
#include "benchmarks/stage.hpp"
#include "benchmarks/workload.hpp"
#include "purgatory/failed_jobs.hpp"
#include "purgatory/json_lines.hpp"

namespace purgatory::benchmarks {
namespace {

using rivals::JsonDom;

constexpr std::string_view kRead = "lines/read";      // a job
constexpr std::string_view kWrite = "lines/write";    // a job
constexpr std::string_view kImport = "lines/import";  // a job

struct JsonLines {
  static constexpr std::string_view kName = PurgatoryStore::kName;

  static FailedJob parse(std::string_view line) { return json_lines::parse(line); }
  static void append(std::string& out, const FailedJob& job) { json_lines::append(out, job); }
};

/// What a job of a queue keeps beside its data: options and a stack trace, as JSON.
void add_stack_trace(FailedJob& job) {
  constexpr std::string_view kCalls =
      R"(    at Object.openSync (node:fs:573:18)\n    at Object.readFileSync (node:fs:452:35)\n)"
      R"(    at Array.<anonymous> (file:///srv/app/handlers.mjs:9:81)\n)"
      R"(    at Worker.connection.connection [as processFn] (file:///srv/app/handlers.mjs:24:115)\n)"
      R"(    at Worker.callProcessJob (/srv/app/node_modules/bullmq/dist/cjs/classes/worker.js:199:21)\n)"
      R"(    at /srv/app/node_modules/bullmq/dist/cjs/classes/worker.js:595:43\n)"
      R"(    at trace (/srv/app/node_modules/bullmq/dist/cjs/utils/index.js:297:16)\n)";
  std::string payload =
      fmt::format(R"({{"data":{},"opts":{{"attempts":{},"jobId":"{}"}},"stacktrace":"Error: {}\n)",
                  job.payload, job.attempts, job.job_id, job.fail_reason);
  while (payload.size() < 1500) payload += kCalls;
  job.payload = payload + R"("})";
}

/// The jobs of a workload as an import meets them, a thousand at a time: `work` takes them and
/// their lines, and is timed; making them is not.
template <typename Work>
Seconds for_each_batch(std::uint64_t jobs, const Work& work) {
  constexpr std::uint64_t kBatch = 1000;
  const Workload workload(Shape::batched(jobs));
  Seconds spent{};
  std::vector<FailedJob> batch;
  Sample sample;
  for (std::uint64_t first = 0; first < jobs; first += kBatch) {
    batch.clear();
    std::string lines;
    for (std::uint64_t index = first; index < std::min(first + kBatch, jobs); ++index) {
      workload.make(index, sample);
      add_stack_trace(sample.job);
      json_lines::append(lines, sample.job);
      batch.push_back(sample.job);
    }
    spent += time_of([&] { work(batch, lines); });
  }
  return spent;
}

template <typename Form>
std::vector<FailedJob> read(std::string_view lines, std::size_t count) {
  std::vector<FailedJob> jobs;
  jobs.reserve(count);
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    jobs.push_back(Form::parse(lines.substr(0, end)));
    lines.remove_prefix(end + 1);
  }
  return jobs;
}

FailedJobs open_memory() {
  purgatory::Options options;
  options.set("max_bytes", std::int64_t{16} << 30);
  return FailedJobs::open("memory", options);
}

/// Reads a batch and records it, as an import does.
template <typename Form>
void import(FailedJobs& store, const std::vector<FailedJob>& batch, std::string_view lines) {
  benchmark::DoNotOptimize(store.record(read<Form>(lines, batch.size())));
}

template <typename Form>
Lap read_all(std::uint64_t jobs) {
  const Seconds spent = for_each_batch(jobs, [](const auto& batch, std::string_view lines) {
    benchmark::DoNotOptimize(read<Form>(lines, batch.size()));
  });
  return {spent, static_cast<double>(jobs)};
}

template <typename Form>
Lap write_all(std::uint64_t jobs) {
  std::string out;
  const Seconds spent = for_each_batch(jobs, [&out](const auto& batch, std::string_view /*lines*/) {
    out.clear();
    for (const FailedJob& job : batch) Form::append(out, job);
    benchmark::DoNotOptimize(out.data());
  });
  return {spent, static_cast<double>(jobs)};
}

template <typename Form>
Lap import_all(std::uint64_t jobs) {
  FailedJobs store = open_memory();
  const Seconds spent = for_each_batch(jobs, [&store](const auto& batch, std::string_view lines) {
    import <Form>(store, batch, lines);
  });
  return {spent, static_cast<double>(jobs)};
}

/// Both forms one after the other: no machine is equally fast all the time.
void add_all(Results& results, std::uint64_t jobs) {
  const auto add = [&](std::string_view operation, Lap (*ours)(std::uint64_t),
                       Lap (*theirs)(std::uint64_t)) {
    add_benchmark(results, JsonLines::kName, std::string(operation), {},
                  [=] { return ours(jobs); });
    add_benchmark(results, JsonDom::kName, std::string(operation), {},
                  [=] { return theirs(jobs); });
  };
  add(kRead, read_all<JsonLines>, read_all<JsonDom>);
  add(kWrite, write_all<JsonLines>, write_all<JsonDom>);
  add(kImport, import_all<JsonLines>, import_all<JsonDom>);
}

std::string compare_forms(const Results& results) {
  const std::vector<Row> rows{
      {"read a line", std::string(kRead), format_rate, ""},
      {"write a line", std::string(kWrite), format_rate, ""},
      {"import into memory, batches of 1000", std::string(kImport), format_rate, ">= 0.1 M/s",
       at_most(1 / 0.1e6)},
  };
  return compare(results, rows, {JsonDom::kName});
}

double heap_in_use() {
  const struct mallinfo2 heap = ::mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

/// Imports longer and longer files of the same jobs: the store does not grow, so neither may the
/// heap.
std::string show_memory(std::uint64_t jobs) {
  constexpr double kMostGrowth = 1.02;
  FailedJobs store = open_memory();
  const auto highest_heap = [&] {
    double highest = 0;
    for_each_batch(jobs, [&](const auto& batch, std::string_view lines) {
      import <JsonLines>(store, batch, lines);
      highest = std::max(highest, heap_in_use());
    });
    return highest;
  };
  highest_heap();  // fills the store
  Table table({"lines", "heap at most", "x the shortest file (<= 1.02x)", "met"});
  double shortest = 0;
  for (const std::uint64_t times : {1, 2, 4, 8}) {
    double highest = 0;
    for (std::uint64_t i = 0; i < times; ++i) highest = std::max(highest, highest_heap());
    if (shortest == 0) shortest = highest;
    table.add({format_count(static_cast<double>(jobs * times)),
               fmt::format("{:.1f} MB", highest / 1e6), format_ratio(highest / shortest),
               text(highest <= shortest * kMostGrowth)});
  }
  return table.markdown();
}

double mean_line_bytes() {
  constexpr std::uint64_t kJobs = 1000;
  std::size_t bytes = 0;
  for_each_batch(
      kJobs, [&bytes](const auto& /*batch*/, std::string_view lines) { bytes += lines.size(); });
  return static_cast<double>(bytes) / kJobs;
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;

  Results results;
  add_all(results, options.jobs);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();

  fmt::print("\n{} lines of {:.0f} bytes; medians of {} repetitions\n\n{}\nMemory\n\n{}",
             format_count(static_cast<double>(options.jobs)), mean_line_bytes(), kRepetitions,
             compare_forms(results), show_memory(options.jobs / 10));
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
