#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/output.hpp"
#include "purgatory/failed_jobs.hpp"

namespace purgatory::cli {

/// What all commands share: the global options, and the store that they lead to.
class Context {
 public:
  struct Options {
    std::string config;  ///< A file; empty: PURGATORY_CONFIG, or a store of the user's own.
    std::string load;  ///< JSON lines that fill a store in memory; empty: the store is a real one.
    std::string now;   ///< A time at which the clock stands still; empty: it runs.
    Format format = Format::table;
    bool quiet = false;
    bool verbose = false;
  };

  Options options;
  ExitCode exit_code = ExitCode::done;  ///< Of a command that did what it should.

  /// The store, opened by the first call. Throws Failure{usage} if it would be an empty one.
  FailedJobs& jobs();
  /// The configuration that is named; empty: none is.
  [[nodiscard]] std::string config_file() const;
  /// What it is opened by.
  const Config& config();
  [[nodiscard]] Time now() const;
  [[nodiscard]] Host host() const;

  /// A message for people, on stderr.
  void say(std::string_view message) const;
  /// A command line for the same store.
  [[nodiscard]] std::string command(std::string_view arguments) const;

 private:
  [[nodiscard]] Config find_config() const;
  void prepare_store();

  std::optional<Config> config_;
  std::optional<FailedJobs> jobs_;
};

}  // namespace purgatory::cli
