#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <random>

#include "tests/crash/disk.hpp"
#include "tests/crash/driver.hpp"
#include "tests/processes/worker_process.hpp"

namespace purgatory::crash {

struct Totals {
  std::uint64_t cycles = 0;
  std::uint64_t acked = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t wrong = 0;
  std::uint64_t broken = 0;  ///< What contradicts itself in a store, whatever was acknowledged.
  Difference difference;

  [[nodiscard]] bool good() const { return difference.none() && wrong == 0 && broken == 0; }
};

/// Where the stores are, and how durable.
struct Place {
  std::filesystem::path directory;
  std::string durability;
};

/// Crashes a worker in whatever it does, opens its store again and compares it with the oracle; up
/// to the first difference.
class Cycles {
 public:
  /// With a disk, it is the power that fails. `environment` is the worker's.
  Cycles(Place place, std::uint64_t seed, const Disk* disk, std::vector<std::string> environment);

  Totals run(std::uint64_t cycles);

 private:
  void begin_store();
  void drive();
  void drive_until_lost(processes::WorkerProcess& worker);
  void crash(processes::WorkerProcess& worker, int within_milliseconds);
  void verify();
  void compare(FailedJobRepository& repository);
  void wrong(const std::string& what);

  [[nodiscard]] int below(int bound) {
    return static_cast<int>(random_() % static_cast<unsigned>(bound));
  }

  Place place_;
  std::mt19937_64 random_;
  const Disk* disk_;
  std::vector<std::string> environment_;
  processes::WorkerOptions worker_;
  std::uint64_t stores_ = 0;
  std::filesystem::path store_;
  Clock clock_;
  std::deque<Driver> drivers_;
  std::atomic<bool> power_off_{false};
  std::mutex mutex_;
  Totals totals_;
};

}  // namespace purgatory::crash
