/// What it costs to look before a purge, to do what was seen, and to say of each success that its
/// failures are resolved. Prints a table; asserts nothing.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/options.hpp"
#include "benchmarks/policy_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/stage.hpp"

namespace purgatory::benchmarks {
namespace {

using std::chrono::hours;

constexpr int kRounds = 9;
constexpr int kCalls = 2000;

/// One backend with all jobs in it.
class Scenario {
 public:
  Scenario(std::string_view backend, const Options& options)
      : backend_(backend), workload_(Shape::batched(options.jobs)), store_(backend, policy_of(10)) {
    std::vector<Sample> samples(workload_.shape().run);
    for (std::uint64_t first = 0; first < options.jobs; first += samples.size()) {
      workload_.make(first, samples);
      store_.record(std::span<const Sample>(samples));
    }
  }

  void run(Table& table) {
    report_resolve(table);
    report_plan(table);
  }

 private:
  /// Seconds of a call, each kind of them in turn, so that what else the machine does meets all.
  std::vector<double> times_of(const std::vector<std::function<void(int)>>& calls) {
    std::vector<std::vector<double>> times(calls.size());
    for (int round = 0; round < kRounds; ++round) {
      for (std::size_t i = 0; i < calls.size(); ++i) {
        const Seconds spent = time_of([&] {
          for (int call = 0; call < kCalls; ++call) calls[i](call);
        });
        times[i].push_back(spent.count() / kCalls);
      }
    }
    std::vector<double> medians;
    for (const std::vector<double>& of_call : times) medians.push_back(median(of_call));
    return medians;
  }

  void report_resolve(Table& table) {
    const std::string project = Workload::project_name(0);
    const std::string group = Workload::group_name(0);
    FailedJobs& jobs = store_.jobs();
    const auto id = [](int call) { return fmt::format("succeeded-{}", call); };
    const auto times = times_of({
        [&](int call) { (void)jobs.find(project, group, id(call)); },
        [&](int call) { (void)jobs.resolve(project, group, id(call)); },
        [&](int call) { (void)jobs.resolve_resource(project, group, id(call)); },
        [&](int call) { (void)jobs.resolve_resource(project, std::nullopt, id(call)); },
    });
    const auto add = [&](std::string_view what, double time, std::string_view target) {
      table.add({fmt::format("{}: {}", backend_, what),
                 fmt::format("{}, {}", format_time(time), format_ratio(time / times[0])),
                 std::string(target)});
    };
    add("find that misses", times[0], "");
    add("resolve of a job that has not failed", times[1], "<= 2x");
    add("the same of a resource in a group", times[2], "<= 2x");
    add(fmt::format("the same in all {} groups", workload_.shape().groups), times[3], "");
  }

  void report_plan(Table& table) {
    FailedJobs& jobs = store_.jobs();
    jobs.activate_policy(Actor{"benchmark"});
    store_.set_clock(Workload::end() + hours(48));
    Plan plan;
    const Seconds planning = time_of([&] { plan = jobs.plan(); });
    const auto of_all = [&](double seconds) {
      return fmt::format("{}, {}", format_time(seconds),
                         format_rate(seconds / static_cast<double>(plan.jobs)));
    };
    const std::string count = format_count(static_cast<double>(plan.jobs));
    table.add({fmt::format("{}: plan of {} due jobs", backend_, count), of_all(planning.count()),
               "seconds"});
    table.add({fmt::format("{}: its size as JSON", backend_),
               format_bytes(static_cast<double>(to_json(plan).size())), "small"});
    const Seconds applying = time_of(
        [&] { (void)jobs.apply(plan, Actor{"benchmark"}, {.purge = {}, .override_guard = true}); });
    table.add({fmt::format("{}: apply", backend_), of_all(applying.count()), ""});
  }

  std::string backend_;
  Workload workload_;
  PolicyStore store_;
};

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  if (count > 1) throw std::invalid_argument("unknown option '" + std::string(arguments[1]) + "'");
  Table table({"", "measured", "target"});
  Scenario("memory", options).run(table);
  Scenario("file", options).run(table);
  fmt::print("{} jobs\n\n{}", format_count(static_cast<double>(options.jobs)), table.markdown());
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
