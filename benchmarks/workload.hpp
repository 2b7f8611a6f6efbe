#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "purgatory/failed_job.hpp"

/// The failed jobs that every benchmark uses: the same on each machine and in each run, 357 bytes
/// encoded on average.
namespace purgatory::benchmarks {

/// A job as a host reports it, and the stamp that core gives it.
struct Sample {
  FailedJob job;
  Stamp stamp;
};

/// How jobs arrive. A run is that many jobs in a row of one project and of one half of its groups,
/// so that a run of up to 1000 fits into one call.
struct Shape {
  std::uint64_t jobs = 1'000'000;
  std::uint32_t projects = 10;
  std::uint32_t groups = 100;  ///< In each project; even.
  std::uint32_t run = 1000;

  /// For a store that is filled by batches; small stores get short runs, so that each group has
  /// jobs.
  static Shape batched(std::uint64_t jobs, std::uint32_t projects = 10);
  /// The project changes with each job.
  static Shape mixed(std::uint64_t jobs, std::uint32_t projects = 10);
};

class Workload {
 public:
  explicit Workload(const Shape& shape) : shape_(shape) {}

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }

  [[nodiscard]] static std::string project_name(std::uint32_t project);
  [[nodiscard]] static std::string group_name(std::uint32_t group);
  [[nodiscard]] static std::string job_id(std::uint64_t index);

  struct Place {
    std::uint32_t project = 0;
    std::uint32_t group = 0;
  };
  [[nodiscard]] Place place(std::uint64_t index) const noexcept;

  /// Writes the job with this number over `sample`, reusing its memory. Numbers past `shape().jobs`
  /// give further jobs, newer than all before.
  void make(std::uint64_t index, Sample& sample) const;
  /// The jobs first, first + 1, ...
  void make(std::uint64_t first, std::span<Sample> samples) const;

  /// When the last job has failed, and all are recorded. Nothing is due yet.
  [[nodiscard]] static Time end() noexcept;
  /// When half of this project's jobs have become due. Reads the whole workload.
  [[nodiscard]] Time half_due(std::uint32_t project) const;
  /// The encoded size of a job with its job_id, on average over some thousand jobs.
  [[nodiscard]] double mean_encoded_bytes() const;

 private:
  [[nodiscard]] Time failed_at(std::uint64_t index) const noexcept;
  [[nodiscard]] Time purge_after(std::uint64_t index) const noexcept;

  Shape shape_;
};

/// A status that a fifth of all jobs has: what filtered pages and counts ask for.
inline constexpr std::string_view kFilteredStatus = "timeout";

}  // namespace purgatory::benchmarks
