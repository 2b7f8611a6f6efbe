#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/host.hpp"
#include "purgatory/limits.hpp"
#include "purgatory/options.hpp"
#include "purgatory/policy.hpp"
#include "purgatory/repository.hpp"

namespace purgatory {

/// What a host sets up: read from YAML (docs/configuration.md lists every key), or filled in code.
///
///     Config config;
///     config.repository.backend = "memory";
///     config.repository.options.set("max_bytes", 64 << 20);
///     auto jobs = FailedJobs::open(config);
struct Config {
  struct Repository {
    std::string backend;  ///< The name of a plugin: "memory".
    Options options;      ///< Those of that plugin.
    /// How long one call may take: 1 ms to 1 h.
    std::chrono::milliseconds timeout = std::chrono::seconds(5);
  };
  struct Retention {
    /// A directory of files that hold purged jobs as JSON lines (archive.hpp).
    struct Archive {
      enum class Compress { none, zstd };
      /// Made, private to its user, when it is first needed. A relative one that is set in code
      /// begins at the working directory. None is that of another archive, or below it.
      std::string directory;
      Compress compress = Compress::zstd;

      friend bool operator==(const Archive&, const Archive&) = default;
    };
    /// What a *change* of the policy may do at once: it is refused if it would make due, or evict,
    /// more than `max_fraction` of a project's jobs and more than `min_jobs` of them, or more than
    /// `max_jobs` in all. What goes because its time has come is not counted.
    struct Guard {
      std::int64_t max_fraction = 50;      ///< Percent: 0..100.
      std::uint64_t min_jobs = 1000;       ///< 0 to 10^12.
      std::uint64_t max_jobs = 1'000'000;  ///< 0 to 10^12.
      /// Nothing is purged while the wall clock is more than this away from where it should be by
      /// the time that passed since the process's last run: 1 s to 36,500 days.
      std::chrono::milliseconds clock_jump = std::chrono::hours(24);
    };
    /// How long a purge can be undone: up to 3650 days; 0: not at all.
    std::chrono::milliseconds undo_window = std::chrono::hours(24);
    Policy policy;
    /// Where jobs whose rule names one are kept for good, by name: 1..64 of A-Z, a-z, 0-9, '.', '_'
    /// and '-'; at most 100.
    std::map<std::string, Archive> archives;
    Guard guard;
    /// How long the journal keeps entries whose trash is freed: 1 h to 36,500 days.
    std::chrono::milliseconds journal_keep_for = std::chrono::hours(24 * 365);
  };
  /// How the policy is applied (`FailedJobs::start`, `run_due`).
  struct Purger {
    /// From one run's begin to the next one's: 1 ms to 1 day.
    std::chrono::milliseconds every = std::chrono::minutes(1);
    std::int64_t jitter = 10;  ///< Runs begin later by up to this many percent of `every`: 0..100.
    /// How long one run goes on: 1 ms to 1 h.
    std::chrono::milliseconds time_budget = std::chrono::seconds(2);
    /// How long one step of it should take: 1 ms to 1 s. Steps adapt their size to it.
    std::chrono::milliseconds slice = std::chrono::milliseconds(5);
    /// For how long one process is the purger of a store without saying so again: 1 s to 1 day.
    std::chrono::milliseconds lease = std::chrono::seconds(30);
  };
  struct Plugins {
    /// Directories that are searched before PURGATORY_PLUGIN_PATH, the library's own and the
    /// installed one. Absolute.
    std::vector<std::string> path;
    /// Also loads a plugin that other users of the machine could have written or replaced.
    bool allow_insecure = false;
  };
  struct TaskCenter {
    /// What "all failed tasks of all protection groups" are: the jobs of the project itself, or
    /// those of its groups, too.
    enum class BatchScope { project_level, project };
    BatchScope batch_scope = BatchScope::project_level;
    /// Up to here `count` in a list is exact: 1 to 1,000,000,000.
    std::uint64_t count_limit = 100'000;
  };
  /// What the program purgatoryd serves the task center with; the library itself has no socket.
  struct Server {
    /// Files in PEM; relative paths that are set in code begin at the working directory.
    struct Tls {
      std::string cert;  ///< The server's certificate, those that vouch for it behind it.
      std::string key;
    };
    /// How it learns who asks (docs/server.md).
    struct Auth {
      enum class Mode { tokens, gateway, none };
      Mode mode = Mode::tokens;
      std::string tokens_file{};     ///< Mode tokens needs it.
      std::string gateway_secret{};  ///< Mode gateway needs it: 16 visible ASCII bytes or more.
      bool insecure = false;         ///< Mode none needs it to be true.
    };
    std::string listen = "127.0.0.1:8080";  ///< "[::1]:8080"; port 0: any that is free.
    std::string admin = "127.0.0.1:9080";   ///< Health and metrics: no TLS, nobody is asked.
    std::int64_t threads = 4;         ///< How many requests the store works on at once: 1 to 256.
    std::int64_t connections = 1024;  ///< The most at once: 1 to 100,000.
    /// How long a request may take to arrive, a connection may have nothing to say, and a server
    /// that shall end waits for requests that are under way: 1 ms to 1 h each.
    std::chrono::milliseconds header_timeout = std::chrono::seconds(10);
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);
    std::chrono::milliseconds drain_timeout = std::chrono::seconds(30);
    std::optional<Tls> tls{};
    Auth auth{};
  };

  Repository repository;
  Retention retention;
  Purger purger;
  Limits limits;
  TaskCenter task_center;
  std::optional<Server> server{};
  Plugins plugins;
  /// What a file allows and surely does not mean (a rule that no job reaches), a line
  /// `file:line:col: key: what` each. `FailedJobs::open` passes them to the host's log.
  std::vector<std::string> warnings{};

  /// Reads a file. Relative paths in it begin at its directory. Throws Error{config} with one line
  /// `file:line:col: key: what` for each mistake, in the file's order. The value of a secret is
  /// in no message, that of an environment variable only as part of a plugin's path, or in a
  /// warning as a rule's name or duration. Loads the plugins that the file has options for, to ask
  /// for their tables; opens no store.
  [[nodiscard]] static Config load(const std::filesystem::path& file);

  /// The same for a text; messages call it `name`. Relative paths begin at the working directory.
  [[nodiscard]] static Config parse(std::string_view text, std::string_view name);

  /// The configuration in force as YAML, defaults included, `<redacted>` for each secret. Throws
  /// as `open` does if a value is out of range or an option wrong.
  [[nodiscard]] std::string to_yaml() const;
};

/// Opens the store that `config` describes without the rest of the library (FailedJobs::open is
/// what a host wants), `checked` (repository.hpp). `host` must outlive it.
/// Throws Error{config} if a value is out of range or an option unknown, missing or wrong,
/// Error{plugin} if the plugin is not found, is refused (the message says why) or breaks its
/// contract, and what the backend throws if the store cannot be opened. A plugin that was loaded
/// stays in the process to its end.
[[nodiscard]] std::unique_ptr<FailedJobRepository> open(const Config& config, const Host& host);
std::unique_ptr<FailedJobRepository> open(const Config& config, Host&& host) = delete;

/// A backend that could be opened, or why not.
struct PluginInfo {
  std::string name;
  std::string version;
  std::string compiler;
  std::string file;     ///< Empty: it is built into the library.
  std::string refused;  ///< Why it is not loaded; empty: it is fine.
};

/// All backends that a configuration could name, ascending: of several files for one name the first
/// that the search finds. Loads each of them. Throws Error{plugin} if a directory of the search
/// path is relative or empty.
[[nodiscard]] std::vector<PluginInfo> list_plugins(const Config::Plugins& plugins = {});

/// Checks and loads one plugin's file, as `open` would; a relative path begins at the working
/// directory. Of `plugins`, `allow_insecure` counts. Throws Error{plugin} saying why it is refused.
[[nodiscard]] PluginInfo verify_plugin(const std::filesystem::path& file,
                                       const Config::Plugins& plugins = {});

}  // namespace purgatory
