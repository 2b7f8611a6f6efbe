#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "apps/purgatory/batch.hpp"
#include "apps/purgatory/terminal.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::cli {

class Lines;

/// Records the jobs of a file of JSON lines in batches, whatever its length.
class Import {
 public:
  struct Options {
    bool keep_going = false;  ///< A line that is wrong is skipped, and counted.
    bool quiet = false;
    std::string what = "Importing";  ///< For the progress bar.
  };

  Import(FailedJobs& jobs, const Limits& limits, Options options)
      : batch_(jobs), limits_(limits), options_(std::move(options)) {}

  /// Reads a file to its end; "-" is stdin. Throws Failure{no_input} if it is not there, {bad_data}
  /// for a wrong line, {interrupted}; each says how far it came.
  void read(const std::string& file);

  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  [[nodiscard]] const RecordResult& result() const noexcept { return batch_.result(); }

 private:
  void read_lines(Lines& lines, const std::string& name);
  void take(const std::string& name, std::uint64_t number, std::string_view line);
  /// A line that is wrong: skips it, or ends the import.
  void reject(const std::string& name, std::uint64_t number, std::string_view why);
  void record();
  /// "12 jobs are recorded, up to line 13 ..."
  [[nodiscard]] std::string how_far() const;

  Batch batch_;
  Limits limits_;
  Options options_;
  std::optional<ProgressBar> progress_;  ///< While it reads.
  std::uint64_t last_line_ = 0;          ///< Of the batch.
  std::uint64_t recorded_line_ = 0;      ///< All lines up to it are recorded, or skipped.
  std::uint64_t skipped_ = 0;
};

}  // namespace purgatory::cli
