#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/host.hpp"
#include "purgatory/limits.hpp"
#include "purgatory/options.hpp"
#include "purgatory/repository.hpp"

namespace purgatory {

/// What a host sets up: read from YAML (docs/configuration.md lists every key), or filled in code.
///
///     Config config;
///     config.repository.backend = "memory";
///     config.repository.options.set("max_bytes", 64 << 20);
///     auto jobs = purgatory::open(config, host);
struct Config {
  struct Repository {
    std::string backend;  ///< The name of a plugin: "memory".
    Options options;      ///< Those of that plugin.
  };
  struct Plugins {
    /// Directories that are searched before PURGATORY_PLUGIN_PATH, the library's own and the
    /// installed one. Absolute.
    std::vector<std::string> path;
    /// Also loads a plugin that other users of the machine could have written or replaced.
    bool allow_insecure = false;
  };

  Repository repository;
  Plugins plugins;

  /// Reads a file. Relative paths in it begin at its directory. Throws Error{config} with one line
  /// `file:line:col: key: what` for each mistake, in the file's order. The value of a secret is
  /// in no message, that of an environment variable only as part of a plugin's path. Loads the
  /// plugins that the file has options for, to ask for their tables; opens no store.
  [[nodiscard]] static Config load(const std::filesystem::path& file);

  /// The same for a text; messages call it `name`. Relative paths begin at the working directory.
  [[nodiscard]] static Config parse(std::string_view text, std::string_view name);

  /// The configuration in force as YAML, defaults included, `<redacted>` for each secret. Throws
  /// as `open` does if the options are wrong.
  [[nodiscard]] std::string to_yaml() const;
};

/// Opens the store that `config` describes, `checked` (repository.hpp). `host` must outlive it.
/// Throws Error{config} if an option is unknown, missing or wrong, Error{plugin} if the plugin is
/// not found, is refused (the message says why) or breaks its contract, and what the backend throws
/// if the store cannot be opened. A plugin that was loaded stays in the process to its end.
[[nodiscard]] std::unique_ptr<FailedJobRepository> open(const Config& config, const Host& host,
                                                        const Limits& limits = {});
std::unique_ptr<FailedJobRepository> open(const Config& config, Host&& host,
                                          const Limits& limits = {}) = delete;

}  // namespace purgatory
