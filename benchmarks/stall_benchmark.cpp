/// How long others wait while a project is purged: a client works in that very project all the
/// while. Prints percentiles; asserts nothing.

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "benchmarks/options.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/rivals/multi_index_store.hpp"
#include "benchmarks/rivals/scan_store.hpp"
#include "benchmarks/stage.hpp"
#include "benchmarks/stall_client.hpp"

namespace purgatory::benchmarks {
namespace {

using std::chrono::milliseconds;

constexpr auto kTarget = milliseconds(1);
// Before and after the work: also a detach of microseconds must meet some calls.
constexpr auto kMargin = milliseconds(20);

/// A filled store. One project of all jobs, or ten of a tenth each.
template <Store Candidate>
struct Scene {
  explicit Scene(const Shape& shape) : workload(shape) { fill(store, workload); }

  [[nodiscard]] std::string project(std::uint32_t number) const {
    return Workload::project_name(number);
  }

  Workload workload;
  Candidate store;
};

/// What the client of one project saw while `work` was done.
template <Store Candidate>
Latencies watch(Scene<Candidate>& scene, std::uint32_t project, bool pages,
                const std::function<void()>& work) {
  const ClientPlan plan = plan_client(scene.workload, project, pages);
  Client<Candidate> client(scene.store, plan);
  std::this_thread::sleep_for(kMargin);
  work();
  std::this_thread::sleep_for(kMargin);
  return client.stop();
}

class Report {
 public:
  void add(std::string_view store, const std::string& phase, const Latencies& seen) {
    const bool ours = store == MemoryStore::kName;
    const bool met = seen.quantile(0.999) < kTarget;
    table_.add({fmt::format("{}: {}", store, phase), fmt::format("{}", seen.calls()),
                text(seen.quantile(0.5)), text(seen.quantile(0.99)), text(seen.quantile(0.999)),
                text(seen.max()), ours ? "< 1 ms" : "", ours ? (met ? "yes" : "NO") : ""});
  }

  [[nodiscard]] std::string markdown() const { return table_.markdown(); }

 private:
  static std::string text(std::chrono::nanoseconds time) {
    return format_time(Seconds(time).count());
  }

  Table table_{{"while", "calls", "p50", "p99", "p99.9", "max", "target p99.9", "met"}};
};

class OurStalls {
 public:
  OurStalls(const Options& options, Report& report) : options_(options), report_(report) {}

  void run() {
    among_many_projects();
    in_one_large_project();
    freeing_one_large_project();
  }

 private:
  using OurScene = Scene<MemoryStore>;

  void among_many_projects() {
    OurScene scene(Shape::batched(options_.jobs));
    const std::string jobs = count_of(options_.jobs / scene.workload.shape().projects);
    Latencies detaching;
    Latencies restoring;
    // Each project once: a single detach would be over between two calls.
    for (std::uint32_t number = 0; number < scene.workload.shape().projects; ++number) {
      const std::string project = scene.project(number);
      const std::string purge_id = scene.store.new_purge_id();
      detaching.add(watch(scene, number, true,
                          [&] { scene.store.detach(Scope::project(project), purge_id); }));
      restoring.add(watch(scene, number, true, [&] { scene.store.restore(project, purge_id); }));
    }
    add("detach of " + jobs, detaching);
    add("restore of " + jobs, restoring);
  }

  void in_one_large_project() {
    OurScene scene(Shape::batched(options_.jobs, 1));
    const std::string project = scene.project(0);
    const Time half_due = scene.workload.half_due(0);
    add("idle", watch(scene, 0, true, [] { std::this_thread::sleep_for(milliseconds(500)); }));
    add("filtered count of " + count_of(options_.jobs),
        watch(scene, 0, true, [&] { scene.store.count(kFilteredStatus); }));
    add("removal of " + count_of(options_.jobs / 2) + " due",
        watch(scene, 0, true, [&] { scene.store.purge_due(project, half_due); }));
  }

  void freeing_one_large_project() {
    OurScene scene(Shape::batched(options_.jobs, 1));
    const std::string project = scene.project(0);
    add("detach of " + count_of(options_.jobs),
        watch(scene, 0, true, [&] { scene.store.purge_project(project); }));
    add("reclaim of " + count_of(options_.jobs),
        watch(scene, 0, true, [&] { scene.store.reclaim(); }));
  }

  static std::string count_of(std::uint64_t jobs) {
    return format_count(static_cast<double>(jobs));
  }

  void add(const std::string& phase, const Latencies& seen) {
    report_.add(MemoryStore::kName, phase, seen);
  }

  const Options& options_;
  Report& report_;
};

/// The same client beside a rival that purges one project after the other.
template <Store Rival>
void add_rival(const Options& options, Report& report) {
  // A page by scan takes longer than any interval between calls: that client makes none.
  constexpr bool kPages = !Rival::kPagesByScan;
  Scene<Rival> scene(Shape::batched(options.jobs));
  const std::uint32_t projects = scene.workload.shape().projects;
  report.add(Rival::kName, "idle",
             watch(scene, 0, kPages, [] { std::this_thread::sleep_for(milliseconds(500)); }));
  Latencies purging;
  for (std::uint32_t number = 0; number < projects; ++number) {
    const std::string project = scene.project(number);
    purging.add(watch(scene, number, kPages, [&] { scene.store.purge_project(project); }));
  }
  report.add(Rival::kName, "purge of " + format_count(static_cast<double>(options.jobs / projects)),
             purging);
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  if (count > 1) throw std::invalid_argument("unknown option '" + std::string(arguments[1]) + "'");
  Report report;
  OurStalls(options, report).run();
  add_rival<rivals::ScanStore>(options, report);
  add_rival<rivals::MultiIndexStore>(options, report);
  fmt::print("{} jobs; a call is due every 50 us, and waits from then on\n\n{}",
             format_count(static_cast<double>(options.jobs)), report.markdown());
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
