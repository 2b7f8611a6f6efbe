/// How long others wait while a project is purged: a client works in that very project all the
/// while. Prints percentiles; asserts nothing.

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "benchmarks/options.hpp"
#include "benchmarks/purgatory_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/rivals/multi_index_store.hpp"
#include "benchmarks/rivals/scan_store.hpp"
#include "benchmarks/stall_watch.hpp"

namespace purgatory::benchmarks {
namespace {

using std::chrono::milliseconds;

constexpr auto kTarget = milliseconds(1);
constexpr auto kInterval = std::chrono::microseconds(50);
constexpr auto kMargin = milliseconds(20);

/// What a client of one project saw while `work` was done.
template <Store Candidate>
Latencies watch_client(Scene<Candidate>& scene, std::uint32_t project,
                       const std::function<void()>& work) {
  std::vector<Ask> asks{Ask::record, Ask::find};
  // A page by scan takes longer than any interval between calls: that client asks for none.
  if (!Candidate::kPagesByScan) {
    asks.insert(asks.end(), {Ask::page_of_group, Ask::page_of_project});
  }
  const std::vector<ClientPlan> plan{plan_client(scene.workload, project, asks, kInterval)};
  return watch(scene.store, plan, kMargin, work).front();
}

class OurStalls {
 public:
  OurStalls(const Options& options, StallReport& report) : options_(options), report_(report) {}

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
      const std::string project = Workload::project_name(number);
      const std::string purge_id = scene.store.new_purge_id();
      detaching.add(watch_client(scene, number,
                                 [&] { scene.store.detach(Scope::project(project), purge_id); }));
      restoring.add(watch_client(scene, number, [&] { scene.store.restore(project, purge_id); }));
    }
    add("detach of " + jobs, detaching);
    add("restore of " + jobs, restoring);
  }

  void in_one_large_project() {
    OurScene scene(Shape::batched(options_.jobs, 1));
    const std::string project = Workload::project_name(0);
    const Time half_due = scene.workload.half_due(0);
    add("idle", watch_client(scene, 0, [] { std::this_thread::sleep_for(milliseconds(500)); }));
    add("filtered count of " + count_of(options_.jobs),
        watch_client(scene, 0, [&] { scene.store.count(kFilteredStatus); }));
    add("removal of " + count_of(options_.jobs / 2) + " due",
        watch_client(scene, 0, [&] { scene.store.purge_due(project, half_due); }));
  }

  void freeing_one_large_project() {
    OurScene scene(Shape::batched(options_.jobs, 1));
    const std::string project = Workload::project_name(0);
    add("detach of " + count_of(options_.jobs),
        watch_client(scene, 0, [&] { scene.store.purge_project(project); }));
    add("reclaim of " + count_of(options_.jobs),
        watch_client(scene, 0, [&] { scene.store.reclaim(); }));
  }

  static std::string count_of(std::uint64_t jobs) {
    return format_count(static_cast<double>(jobs));
  }

  void add(const std::string& phase, const Latencies& seen) {
    report_.add(MemoryStore::kName, phase, seen, kTarget);
  }

  const Options& options_;
  StallReport& report_;
};

/// The same client beside a rival that purges one project after the other.
template <Store Rival>
void add_rival(const Options& options, StallReport& report) {
  Scene<Rival> scene(Shape::batched(options.jobs));
  const std::uint32_t projects = scene.workload.shape().projects;
  report.add(Rival::kName, "idle",
             watch_client(scene, 0, [] { std::this_thread::sleep_for(milliseconds(500)); }), {});
  Latencies purging;
  for (std::uint32_t number = 0; number < projects; ++number) {
    const std::string project = Workload::project_name(number);
    purging.add(watch_client(scene, number, [&] { scene.store.purge_project(project); }));
  }
  report.add(Rival::kName, "purge of " + format_count(static_cast<double>(options.jobs / projects)),
             purging, {});
}

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  if (count > 1) throw std::invalid_argument("unknown option '" + std::string(arguments[1]) + "'");
  StallReport report;
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
