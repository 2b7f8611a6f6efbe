#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "benchmarks/latency.hpp"
#include "benchmarks/results.hpp"
#include "benchmarks/stage.hpp"
#include "benchmarks/stall_client.hpp"

namespace purgatory::benchmarks {

/// A filled store.
template <Store Candidate>
struct Scene {
  explicit Scene(const Shape& shape) : workload(shape) { fill(store, workload); }

  Workload workload;
  Candidate store;
};

/// What a client with each of the plans saw while `work` was done. They also call for `margin`
/// before and after it: a detach of microseconds must meet some calls, too.
template <Asked Candidate>
std::vector<Latencies> watch(Candidate& store, const std::vector<ClientPlan>& plans,
                             std::chrono::milliseconds margin, const std::function<void()>& work) {
  std::vector<std::unique_ptr<Client<Candidate>>> clients;
  for (const ClientPlan& plan : plans) {
    clients.push_back(std::make_unique<Client<Candidate>>(store, plan));
  }
  std::this_thread::sleep_for(margin);
  work();
  std::this_thread::sleep_for(margin);
  std::vector<Latencies> seen;
  for (const auto& client : clients) seen.push_back(client->stop());
  return seen;
}

/// The table of what was seen.
class StallReport {
 public:
  /// `target`: of p99.9; absent: there is none.
  void add(std::string_view store, const std::string& phase, const Latencies& seen,
           std::optional<std::chrono::milliseconds> target);

  [[nodiscard]] std::string markdown() const { return table_.markdown(); }

 private:
  Table table_{{"while", "calls", "p50", "p99", "p99.9", "max", "target p99.9", "met"}};
};

}  // namespace purgatory::benchmarks
