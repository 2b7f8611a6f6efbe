#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <typeinfo>
#include <utility>
#include <vector>

#include "benchmarks/store.hpp"
#include "benchmarks/workload.hpp"

namespace purgatory::benchmarks {

using Seconds = std::chrono::duration<double>;

/// How long `work` takes.
template <typename Work>
Seconds time_of(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::steady_clock::now() - begin;
}

/// Fills a store run by run (runs of one job: by single calls) and returns the time spent in it:
/// the jobs are made between the timed parts, as many as a cache holds, so that neither making
/// them nor a workload larger than the memory gets into the figure.
template <Store Candidate>
Seconds fill(Candidate& store, const Workload& workload) {
  constexpr std::uint64_t kJobsAtATime = 1000;
  const Shape& shape = workload.shape();
  const std::uint64_t step = shape.run == 1 ? kJobsAtATime : shape.run;
  std::vector<Sample> samples(step);
  Seconds spent{};
  for (std::uint64_t first = 0; first < shape.jobs; first += step) {
    const std::span made(samples.data(), std::min(step, shape.jobs - first));
    workload.make(first, made);
    spent += time_of([&] {
      if (shape.run > 1) return store.record(std::span<const Sample>(made));
      for (const Sample& sample : made) store.record(sample);
    });
  }
  return spent;
}

/// A filled store, from which benchmarks take projects that nobody has purged yet.
template <Store Candidate>
class Stage {
 public:
  explicit Stage(std::uint64_t jobs) : workload_(Shape::batched(jobs)) {}

  [[nodiscard]] const Workload& workload() const noexcept { return workload_; }

  /// A store with all jobs in it.
  Candidate& full() {
    if (!store_ || next_project_ > 0) {
      store_.reset();
      store_ = std::make_unique<Candidate>();
      fill(*store_, workload_);
      next_project_ = 0;
      next_job_ = workload_.shape().jobs;
    }
    return *store_;
  }

  /// A store that still has all jobs of the project returned with it.
  std::pair<Candidate&, std::uint32_t> untouched_project() {
    if (!store_ || next_project_ == workload_.shape().projects) full();
    return {*store_, next_project_++};
  }

  /// The store as it is. There must be one.
  Candidate& current() noexcept { return *store_; }

  /// This many jobs that nobody has recorded in it.
  std::vector<Sample> new_jobs(std::size_t count) {
    std::vector<Sample> jobs(count);
    workload_.make(next_job_, jobs);
    next_job_ += count;
    return jobs;
  }

 private:
  Workload workload_;
  std::unique_ptr<Candidate> store_;
  std::uint32_t next_project_ = 0;
  std::uint64_t next_job_ = 0;
};

/// Holds at most one stage: two filled stores would share the memory and the caches.
class Theatre {
 public:
  template <Store Candidate>
  Stage<Candidate>& stage(std::uint64_t jobs) {
    if (!stage_ || *kind_ != typeid(Candidate) || jobs_ != jobs) {
      stage_.reset();
      stage_ = std::make_shared<Stage<Candidate>>(jobs);
      kind_ = &typeid(Candidate);
      jobs_ = jobs;
    }
    return *std::static_pointer_cast<Stage<Candidate>>(stage_);
  }

  void clear() noexcept { stage_.reset(); }

 private:
  std::shared_ptr<void> stage_;
  const std::type_info* kind_ = nullptr;
  std::uint64_t jobs_ = 0;
};

}  // namespace purgatory::benchmarks
