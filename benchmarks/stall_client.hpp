#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "benchmarks/latency.hpp"
#include "benchmarks/store.hpp"

namespace purgatory::benchmarks {

/// What the client calls for, all in one project.
struct ClientPlan {
  std::string project;
  std::vector<Sample> reads;   ///< Jobs that are in the store at the start.
  std::vector<Sample> writes;  ///< Jobs that are not.
  bool pages = true;           ///< It also lists pages of 20, of a group and of the project.
};

[[nodiscard]] ClientPlan plan_client(const Workload& workload, std::uint32_t project, bool pages);

/// A second user of the store. A call is due every 50 us, and its latency counts from when it was
/// due, not from when it could be made: whoever waits 300 ms keeps 6000 calls waiting, and a
/// client that only timed its own calls would report a single slow one (Tene, "How NOT to Measure
/// Latency").
template <Store Candidate>
class Client {
 public:
  Client(Candidate& store, const ClientPlan& plan)
      : store_(store), plan_(plan), thread_([this] { run(); }) {
    warm_.wait();
  }

  ~Client() { stop(); }

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Ends after the calls that are due by now.
  Latencies stop() {
    if (thread_.joinable()) {
      end_ = Clock::now();
      thread_.join();
    }
    return latencies_;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kInterval = std::chrono::microseconds(50);
  static constexpr std::size_t kWarmUp = 1000;
  static constexpr std::size_t kPageSize = 20;

  void run() {
    for (std::size_t call = 0; call < kWarmUp; ++call) make_call(call);
    warm_.count_down();
    Clock::time_point due = Clock::now();
    for (std::size_t call = kWarmUp; due < end_.load(); ++call, due += kInterval) {
      // Sleeping would add the time that the system takes to wake a thread.
      while (Clock::now() < due) continue;
      make_call(call);
      latencies_.add(Clock::now() - due);
    }
  }

  void make_call(std::size_t number) {
    const std::size_t turn = number / 4;
    const Sample& read = plan_.reads[turn % plan_.reads.size()];
    switch (plan_.pages ? number % 4 : number % 2) {
      case 0: store_.record(plan_.writes[turn % plan_.writes.size()]); break;
      case 1: store_.find(plan_.project, read.job.group, read.job.job_id); break;
      case 2: store_.page({plan_.project, read.job.group, {}}, kPageSize); break;
      default: store_.page({plan_.project, {}, {}}, kPageSize); break;
    }
  }

  Candidate& store_;
  const ClientPlan& plan_;
  Latencies latencies_;
  std::latch warm_{1};
  std::atomic<Clock::time_point> end_{Clock::time_point::max()};
  std::thread thread_;  // The last member: it uses all others.
};

}  // namespace purgatory::benchmarks
