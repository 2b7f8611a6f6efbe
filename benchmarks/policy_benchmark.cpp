/// What a policy costs: rules and stamps for each job, a run of the purger that finds nothing, and
/// how long others wait while it works through all that is due. Prints tables; asserts nothing.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "benchmarks/options.hpp"
#include "benchmarks/policy_store.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/stall_watch.hpp"
#include "core/retention/compiled_policy.hpp"

namespace purgatory::benchmarks {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int kRounds = 7;
constexpr std::size_t kSamples = 4000;
constexpr std::size_t kClients = 4;

std::vector<Sample> some_jobs(std::uint64_t first, std::size_t count) {
  std::vector<Sample> samples(count);
  Workload(Shape::mixed(1'000'000)).make(first, samples);
  return samples;
}

/// Seconds for each job: the rule that is found, and the stamp that is made of it.
double time_of_stamp(std::size_t rules, const std::vector<Sample>& samples) {
  const retention::CompiledPolicy policy(policy_of(rules));
  std::vector<double> times;
  std::size_t stamped = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Seconds spent = time_of([&] {
      for (const Sample& sample : samples) {
        stamped += policy.stamp(sample.job, Workload::end()).rule.size();
      }
    });
    times.push_back(spent.count() / static_cast<double>(samples.size()));
  }
  if (stamped == 0) throw std::logic_error("nothing was stamped");
  return median(times);
}

/// Seconds for each job that is recorded into memory by a call of its own, for each policy: they
/// take turns, so that what else the machine does meets all of them.
std::vector<double> times_of_record(const std::vector<Policy>& policies) {
  std::vector<std::vector<double>> times(policies.size());
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < policies.size(); ++i) {
      PolicyStore store("memory", policies[i]);
      const std::vector<Sample> warm = some_jobs(0, kSamples);
      for (const Sample& sample : warm) store.record(sample);
      const std::vector<Sample> samples = some_jobs(kSamples, 10 * kSamples);
      const Seconds spent = time_of([&] {
        for (const Sample& sample : samples) store.record(sample);
      });
      times[i].push_back(spent.count() / static_cast<double>(samples.size()));
    }
  }
  std::vector<double> medians;
  for (const std::vector<double>& of_policy : times) medians.push_back(median(of_policy));
  return medians;
}

std::string met(bool met) { return met ? "yes" : "NO"; }

void report_rules(Table& table) {
  const std::vector<Sample> samples = some_jobs(0, kSamples);
  const auto add = [&](std::size_t rules, double target) {
    const double time = time_of_stamp(rules, samples);
    table.add({fmt::format("a job's stamp, the last of {} rules matches", rules), format_time(time),
               "< " + format_time(target), met(time < target)});
  };
  add(10, 1e-6);
  add(1000, 1e-5);

  Policy capped = policy_of(10);
  capped.caps = {{.keep_last = 1'000'000}};
  const auto times = times_of_record({{}, policy_of(10), capped});
  const auto share = [&](double time) { return (time - times[0]) / times[0]; };
  table.add({"a record into memory without policy", format_time(times[0]), "", ""});
  table.add({"the same with 10 rules",
             fmt::format("{}, +{:.0f} %", format_time(times[1]), 100 * share(times[1])), "< +30 %",
             met(share(times[1]) < 0.3)});
  table.add({"the same with a cap, too",
             fmt::format("{}, +{:.0f} %", format_time(times[2]), 100 * share(times[2])), "", ""});
}

/// One backend with all jobs in it, from when nothing is due until the purger took all of it.
class Scenario {
 public:
  Scenario(std::string_view backend, const Options& options, microseconds interval)
      : backend_(backend),
        idle_(options.quick ? milliseconds(100) : milliseconds(5000)),
        workload_(Shape::batched(options.jobs)),
        store_(backend, policy_of(10)) {
    std::vector<Sample> samples(workload_.shape().run);
    for (std::uint64_t first = 0; first < options.jobs; first += samples.size()) {
      workload_.make(first, samples);
      store_.record(std::span<const Sample>(samples));
    }
    for (std::uint32_t client = 0; client < kClients; ++client) {
      plans_.push_back(plan_client(workload_, client, {Ask::record, Ask::page_of_group}, interval));
    }
  }

  void run(Table& runs, StallReport& stalls, milliseconds target) {
    finish();  // of all that is recorded, nothing is due
    std::vector<double> times;
    for (int i = 0; i < 20; ++i) times.push_back(time_of([&] { finish(); }).count());
    const double time = median(times);
    runs.add({fmt::format("{}: a run with nothing due, {} jobs", backend_, count()),
              format_time(time), fmt::format("< {} ms", target.count()),
              met(time < Seconds(target).count())});

    const Latencies idle = seen([&] { std::this_thread::sleep_for(idle_); });
    store_.set_clock(Workload::end() + hours(48));
    std::uint64_t purged = 0;
    Seconds spent{};
    const Latencies busy = seen([&] { spent = time_of([&] { purged = finish(); }); });
    stalls.add(backend_, "idle", idle, {});
    stalls.add(backend_, fmt::format("purge of {} due", format_count(static_cast<double>(purged))),
               busy, {});
    const auto of = [](const Latencies& latencies) {
      return Seconds(latencies.quantile(0.999)).count();
    };
    runs.add({fmt::format("{}: due jobs purged beside {} clients", backend_, kClients),
              format_rate(spent.count() / static_cast<double>(purged)), "", ""});
    runs.add({fmt::format("{}: their p99.9, beside that of an idle purger", backend_),
              format_ratio(of(busy) / of(idle)), "", ""});
  }

 private:
  /// Runs until nothing is left; the jobs that were purged.
  std::uint64_t finish() {
    std::uint64_t purged = 0;
    RunResult result;
    do {
      result = store_.jobs().run_due();
      if (result.error) throw Error(*result.error);
      purged += result.purged;
    } while (result.state == RunResult::State::more);
    return purged;
  }

  /// What all clients saw meanwhile.
  Latencies seen(const std::function<void()>& work) {
    Latencies sum;
    for (const Latencies& of_client : watch(store_, plans_, milliseconds(50), work)) {
      sum.add(of_client);
    }
    return sum;
  }

  [[nodiscard]] std::string count() const {
    return format_count(static_cast<double>(workload_.shape().jobs));
  }

  std::string backend_;
  milliseconds idle_;
  Workload workload_;
  PolicyStore store_;
  std::vector<ClientPlan> plans_;
};

int run(int count, char** arguments) {
  const Options options = take_options(count, arguments);
  if (count > 1) throw std::invalid_argument("unknown option '" + std::string(arguments[1]) + "'");
  Table table({"", "measured", "target", "met"});
  report_rules(table);
  StallReport stalls;
  constexpr microseconds kMemoryInterval(1000);
  constexpr microseconds kFileInterval(10'000);
  Scenario("memory", options, kMemoryInterval).run(table, stalls, milliseconds(1));
  Scenario("file", options, kFileInterval).run(table, stalls, milliseconds(5));
  fmt::print(
      "{} jobs\n\n{}\n{} clients record and list in turn: a call of each is due every {} us "
      "(memory) or {} us (file), and waits from then on\n\n{}",
      format_count(static_cast<double>(options.jobs)), table.markdown(), kClients,
      kMemoryInterval.count(), kFileInterval.count(), stalls.markdown());
  return 0;
}

}  // namespace
}  // namespace purgatory::benchmarks

int main(int count, char** arguments) {
  using namespace purgatory::benchmarks;
  return run_program(run, count, arguments);
}
