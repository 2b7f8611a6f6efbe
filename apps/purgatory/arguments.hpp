#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "purgatory/failed_jobs.hpp"

/// Options that several commands have.
namespace purgatory::cli {

/// An option that may be left out. An empty text is one, too: CLI11 takes it for none.
CLI::Option* add_text(CLI::App& command, const std::string& name, std::optional<std::string>& value,
                      const std::string& help);
/// For options that have no empty value: a variable of a script that is not set must not make a
/// command do more than it says.
[[nodiscard]] CLI::Validator not_empty();

/// Which partitions: --project P [--project-level | --group G], --everything.
struct ScopeArguments {
  std::optional<std::string> project;
  std::optional<std::string> group;
  bool project_level = false;
  bool everything = false;

  void add_to(CLI::App& command);
  [[nodiscard]] bool given() const noexcept { return project || everything; }
  /// Of the project named; absent: everything. Throws Failure{usage} if a group is named without
  /// a name.
  [[nodiscard]] std::optional<Scope> scope() const;
};

/// Which jobs of them.
struct FilterArguments {
  Filter filter;  ///< What of it needs no reading.
  std::string since;
  std::string before;
  std::string held;
  std::string resolved;

  void add_to(CLI::App& command);
  [[nodiscard]] Filter read(Time now) const;
};

/// One job: its id and, if needed to tell it from others, its project and group.
struct JobArguments {
  std::string id;
  std::optional<std::string> project;
  std::optional<std::string> group;

  void add_to(CLI::App& command);
  /// Throws Failure{not_found}, {usage} if several jobs have the id.
  [[nodiscard]] StoredJob find(FailedJobs& jobs) const;
  /// The same as words of a command line.
  [[nodiscard]] std::string words() const;
};

/// The scopes that are meant: one, or each project as a whole.
[[nodiscard]] std::vector<Scope> scopes_of(const FailedJobs& jobs,
                                           const std::optional<Scope>& scope);
/// "the group 'x' of project 'y'"
[[nodiscard]] std::string describe(const std::optional<Scope>& scope);
/// "job 'x' of group 'y' of project 'z'"
[[nodiscard]] std::string describe(const FailedJob& job);

/// Counts what is selected.
[[nodiscard]] std::uint64_t count(const FailedJobs& jobs, const std::optional<Scope>& scope,
                                  const Filter& filter);

}  // namespace purgatory::cli
