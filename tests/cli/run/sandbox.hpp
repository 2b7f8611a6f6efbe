#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/run/process.hpp"
#include "tests/processes/temporary_directory.hpp"

namespace purgatory::cli_run {

namespace fs = std::filesystem;

/// The arguments of a command line: words between spaces, or in '' as a shell has them; or a list,
/// for words of any bytes.
class Words {
 public:
  Words(std::string_view line);  // NOLINT(google-explicit-constructor)
  Words(const char* line) : Words(std::string_view(line)) {}
  Words(const std::string& line) : Words(std::string_view(line)) {}
  Words(std::initializer_list<std::string> words) : words_(words) {}

  [[nodiscard]] const std::vector<std::string>& all() const noexcept { return words_; }

 private:
  std::vector<std::string> words_;
};

/// A directory with a user's home, a store and its configuration, where the program runs in an
/// environment that has nothing else in it.
class Sandbox {
 public:
  /// PURGATORY_CONFIG names purgatory.yaml, whose store is store.db.
  Sandbox();

  [[nodiscard]] const fs::path& path() const noexcept { return directory_.path(); }
  [[nodiscard]] fs::path operator/(std::string_view name) const { return path() / name; }
  void write(std::string_view name, std::string_view content) const;
  [[nodiscard]] std::string read(std::string_view name) const;

  /// Sets a variable of the environment.
  void set(const std::string& name, const std::string& value) { variables_[name] = value; }
  void unset(const std::string& name) { variables_.erase(name); }

  [[nodiscard]] Start start(const Words& words) const;
  [[nodiscard]] Result run(const Words& words, std::string_view input = {}) const;
  /// The same with another program.
  [[nodiscard]] Result run_program(const std::string& program, const Words& words,
                                   std::string_view input = {}) const;
  /// Runs what has to succeed; returns its stdout.
  std::string out(const Words& words, std::string_view input = {}) const;
  /// The same with -o json.
  [[nodiscard]] boost::json::value json(const std::string& line) const;

  /// Imports `small_store()`.
  void fill() const;
  /// Imports so many jobs of the project "many": "0000", "0001" ...
  void fill_with(std::size_t jobs) const;
  /// How many jobs `count` counts with these flags.
  [[nodiscard]] std::uint64_t count(const std::string& flags = {}) const;
  /// A person holds a job of a project's level.
  void hold(std::string_view project, std::string_view job_id) const;

 private:
  processes::TemporaryDirectory directory_;
  std::map<std::string, std::string> variables_;
};

/// Makes the configuration one whose rule "cold" sends what timed out to an archive of that name,
/// in files that are not compressed; a second archive has no rule.
void write_archiving_config(const Sandbox& box);
/// Six jobs: of the project "shop" two at its level, three in the group "payments", and one of
/// "media" in "transcode".
[[nodiscard]] std::string small_store();
/// The line of one of the jobs of `fill_with`, newline included.
[[nodiscard]] std::string numbered_line(std::size_t number);
/// The lines of a text.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);
[[nodiscard]] bool contains(std::string_view text, std::string_view part);

}  // namespace purgatory::cli_run
