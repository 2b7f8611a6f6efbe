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

/// What a client can ask for. Pages are of 20.
enum class Ask { record, find, page_of_group, page_of_project };

/// What the client calls for, all in one project.
struct ClientPlan {
  std::string project;
  std::vector<Ask> asks;  ///< In turn.
  std::chrono::microseconds interval{};
  std::vector<Sample> reads;   ///< Jobs that are in the store at the start.
  std::vector<Sample> writes;  ///< Jobs that are not.
};

[[nodiscard]] ClientPlan plan_client(const Workload& workload, std::uint32_t project,
                                     std::vector<Ask> asks, std::chrono::microseconds interval);

/// A second user of the store. A call is due every `interval`, and its latency counts from when it
/// was due, not from when it could be made: if calls are due every 50 us, whoever waits 300 ms
/// keeps 6000 calls waiting, and a client that only timed its own calls would report a single slow
/// one (Tene, "How NOT to Measure Latency").
template <Asked Candidate>
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
  static constexpr auto kWarmUp = std::chrono::milliseconds(50);  // of calls that are due in it
  static constexpr auto kSpin = std::chrono::microseconds(200);
  static constexpr std::size_t kPageSize = 20;

  void run() {
    const auto warm_up = static_cast<std::size_t>(kWarmUp / plan_.interval) + 1;
    for (std::size_t call = 0; call < warm_up; ++call) make_call(call);
    warm_.count_down();
    Clock::time_point due = Clock::now();
    for (std::size_t call = warm_up; due < end_.load(); ++call, due += plan_.interval) {
      wait_until(due);
      make_call(call);
      latencies_.add(Clock::now() - due);
    }
  }

  static void wait_until(Clock::time_point due) {
    if (due - Clock::now() > kSpin) std::this_thread::sleep_until(due - kSpin);
    // Sleeping would add the time that the system takes to wake a thread.
    while (Clock::now() < due) continue;
  }

  void make_call(std::size_t number) {
    const std::size_t turn = number / plan_.asks.size();
    const Sample& read = plan_.reads[turn % plan_.reads.size()];
    switch (plan_.asks[number % plan_.asks.size()]) {
      case Ask::record: store_.record(plan_.writes[turn % plan_.writes.size()]); break;
      case Ask::find: store_.find(plan_.project, read.job.group, read.job.job_id); break;
      case Ask::page_of_group: store_.page({plan_.project, read.job.group, {}}, kPageSize); break;
      case Ask::page_of_project: store_.page({plan_.project, {}, {}}, kPageSize); break;
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
