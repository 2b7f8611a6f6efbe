/// How long others wait for a store on disk while it is purged, freed and written back: one client
/// writes and another one reads. Prints percentiles; asserts nothing.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "benchmarks/file_store.hpp"
#include "benchmarks/options.hpp"
#include "benchmarks/rivals/bare_insert.hpp"
#include "benchmarks/rivals/plain_sqlite_store.hpp"
#include "benchmarks/stall_watch.hpp"

namespace purgatory::benchmarks {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr auto kTarget = milliseconds(10);
constexpr auto kReadInterval = milliseconds(2);

/// How often a writer may ask. If it asked more often than the disk can sync, or than it may wait,
/// it would see its own queue, which grows as long as it is watched.
microseconds write_interval() {
  constexpr int kCommits = 50;
  constexpr double kCommitsOfRoom = 4;
  rivals::BareInsert table;
  const std::string blob(400, 'x');
  const Seconds spent = time_of([&] {
    for (int commit = 0; commit < kCommits; ++commit) table.commit(blob);
  });
  const auto interval = std::chrono::duration_cast<microseconds>(spent * kCommitsOfRoom / kCommits);
  return std::max(interval, microseconds(kTarget));
}

struct Seen {
  Latencies writer;
  Latencies reader;

  void add(const Seen& others) {
    writer.add(others.writer);
    reader.add(others.reader);
  }
};

template <Store Candidate>
class Stalls {
 public:
  Stalls(const Options& options, microseconds write_interval, StallReport& report)
      : write_interval_(write_interval),
        phase_(options.quick ? milliseconds(100) : milliseconds(10'000)),
        margin_(options.quick ? milliseconds(50) : milliseconds(500)),
        report_(report),
        scene_(Shape::batched(options.jobs)),
        next_run_(scene_.workload.shape().jobs / scene_.workload.shape().run + kRunsOfWriter) {}

  void run() {
    add("idle", watch_clients(0, [&] { std::this_thread::sleep_for(phase_); }), {});
    // Small ones: 1000 at once hold the next writer up by themselves.
    add("batches of 100, checkpoints", watch_clients(0, [&] { record_batches(100); }), kTarget);
    add("batches of 1000, checkpoints", watch_clients(0, [&] { record_batches(1000); }), {});
    purge_projects();
    if constexpr (kOurs) {
      add("reclaim of all that", watch_clients(0, [&] { scene_.store.reclaim(); }), kTarget);
    }
  }

 private:
  static constexpr bool kOurs = std::is_same_v<Candidate, FileStore>;
  // The writers of all projects take their jobs from those that follow on the workload.
  static constexpr std::uint64_t kRunsOfWriter = 1000;

  Seen watch_clients(std::uint32_t project, const std::function<void()>& work) {
    const Workload& workload = scene_.workload;
    const std::vector<ClientPlan> plans{
        plan_client(workload, project, {Ask::record}, write_interval_),
        plan_client(workload, project, {Ask::find, Ask::page_of_group, Ask::page_of_project},
                    kReadInterval)};
    const std::vector<Latencies> seen = watch(scene_.store, plans, margin_, work);
    return {seen[0], seen[1]};
  }

  void record_batches(std::size_t batch) {
    const auto end = std::chrono::steady_clock::now() + phase_;
    std::vector<Sample> samples(scene_.workload.shape().run);  // all of one project
    while (std::chrono::steady_clock::now() < end) {
      scene_.workload.make(next_run_++ * samples.size(), samples);
      for (std::size_t first = 0; first < samples.size(); first += batch) {
        const std::size_t size = std::min(batch, samples.size() - first);
        scene_.store.record(std::span<const Sample>(samples).subspan(first, size));
      }
    }
  }

  /// One after the other, watched from inside of each: a single detach would meet few calls.
  void purge_projects() {
    const Shape& shape = scene_.workload.shape();
    Seen seen;
    for (std::uint32_t number = 0; number < shape.projects; ++number) {
      const std::string project = Workload::project_name(number);
      seen.add(watch_clients(number, [&] { scene_.store.purge_project(project); }));
    }
    const auto jobs = static_cast<double>(shape.jobs / shape.projects);
    add(fmt::format("purge of {} and more", format_count(jobs)), seen, kTarget);
  }

  void add(const std::string& phase, const Seen& seen, std::optional<milliseconds> target) {
    if (!kOurs) target.reset();
    report_.add(Candidate::kName, phase + ", writer", seen.writer, target);
    report_.add(Candidate::kName, phase + ", reader", seen.reader, target);
  }

  microseconds write_interval_;
  milliseconds phase_;
  milliseconds margin_;
  StallReport& report_;
  Scene<Candidate> scene_;
  std::uint64_t next_run_;
};

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  if (count > 1) throw std::invalid_argument("unknown option '" + std::string(arguments[1]) + "'");
  const microseconds interval = write_interval();
  StallReport report;
  Stalls<FileStore>(options, interval, report).run();
  Stalls<rivals::PlainSqliteStore>(options, interval, report).run();
  fmt::print(
      "{} jobs; a record is due every {} us, a read every {} us, and waits from then on\n\n{}",
      format_count(static_cast<double>(options.jobs)), interval.count(),
      microseconds(kReadInterval).count(), report.markdown());
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
