#include "tests/crash/cycles.hpp"

#include <iostream>
#include <thread>

#include "tests/crash/observation.hpp"
#include "tests/processes/remote_repository.hpp"
#include "tests/processes/stores.hpp"

namespace purgatory::crash {
namespace {

constexpr std::size_t kDrivers = 4;
constexpr std::uint64_t kCyclesPerStore = 20;
/// Longer than a restore that was cut off keeps others away.
constexpr std::chrono::seconds kAfterCrash{40};

}  // namespace

Cycles::Cycles(Place place, std::uint64_t seed, const Disk* disk,
               std::vector<std::string> environment)
    : place_(std::move(place)), random_(seed), disk_(disk), environment_(std::move(environment)) {}

Totals Cycles::run(std::uint64_t cycles) {
  while (totals_.cycles < cycles && totals_.good()) {
    if (totals_.cycles % kCyclesPerStore == 0) begin_store();
    ++totals_.cycles;
    drive();
    verify();
  }
  for (const Driver& driver : drivers_) totals_.acked += driver.acked();
  return std::move(totals_);
}

void Cycles::begin_store() {
  for (const Driver& driver : drivers_) totals_.acked += driver.acked();
  drivers_.clear();
  if (!store_.empty()) std::filesystem::remove_all(store_);
  store_ = place_.directory / ("store" + std::to_string(++stores_));
  std::filesystem::create_directory(store_);
  worker_ = processes::file_worker(store_ / "jobs", place_.durability);
  // What a worker that lies about its syncs loses is to be jobs, not the whole store.
  if (!environment_.empty()) processes::WorkerProcess(worker_).wait_until_open();
  if (disk_ != nullptr) disk_->sync();
  worker_.environment = environment_;
  worker_.connections = kDrivers;
  for (std::size_t i = 0; i < kDrivers; ++i) {
    drivers_.emplace_back(i, random_(), clock_, disk_ != nullptr ? &power_off_ : nullptr);
  }
}

void Cycles::drive() {
  processes::WorkerProcess worker(worker_);
  const std::jthread driving([&] { drive_until_lost(worker); });
  // One in six while it opens the store.
  crash(worker, below(6) == 0 ? below(15) : 15 + below(200));
}

void Cycles::drive_until_lost(processes::WorkerProcess& worker) {
  try {
    worker.wait_until_open();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::outcome_unknown && disk_ == nullptr) wrong(error.what());
    return;
  }
  processes::RemoteRepository repository(worker_.backend, worker);
  std::vector<std::jthread> threads;
  for (Driver& driver : drivers_) {
    threads.emplace_back([&] {
      try {
        driver.run(repository);
      } catch (const WrongAnswer& answer) {
        wrong(answer.what());
      }
    });
  }
}

void Cycles::crash(processes::WorkerProcess& worker, int within_milliseconds) {
  if (worker.ended_within(within_milliseconds)) wrong("the worker ended by itself");
  if (disk_ != nullptr) {
    power_off_ = true;
    disk_->cut_power();
  }
  worker.kill();
}

void Cycles::verify() {
  if (disk_ != nullptr) {
    disk_->restart();
    power_off_ = false;
  }
  if (disk_ == nullptr && below(4) == 0) {
    processes::WorkerProcess recovering(worker_);
    crash(recovering, below(20));
  }
  processes::WorkerProcess worker(worker_);
  try {
    worker.wait_until_open();
    processes::RemoteRepository repository(worker_.backend, worker);
    compare(repository);
  } catch (const Error& error) {
    ++totals_.difference.lost;
    totals_.difference.lines.push_back(std::string("the store cannot be read: ") + error.what());
  }
  if (below(2) == 0) worker.kill();
}

void Cycles::compare(FailedJobRepository& repository) {
  const Call call{clock_.advance(kAfterCrash),
                  std::chrono::steady_clock::now() + std::chrono::minutes(1)};
  const Observation observation = observe(repository, call, kDrivers);
  totals_.broken += observation.faults.size();
  auto& lines = totals_.difference.lines;
  lines.insert(lines.end(), observation.faults.begin(), observation.faults.end());
  for (std::size_t i = 0; i < kDrivers; ++i) {
    Driver& driver = drivers_[i];
    if (driver.in_flight()) ++totals_.in_flight;
    const Verdict verdict = judge(driver.outcomes(), observation.facts[i]);
    totals_.difference += verdict.difference;
    driver.adopt(verdict.outcome);
  }
}

void Cycles::wrong(const std::string& what) {
  const std::lock_guard lock(mutex_);
  ++totals_.wrong;
  totals_.difference.lines.push_back("wrong: " + what);
}

}  // namespace purgatory::crash
