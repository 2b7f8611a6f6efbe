#include "purgatory/config.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/config/file.hpp"
#include "core/config/own.hpp"
#include "core/config/retention.hpp"
#include "core/config/schema.hpp"
#include "core/config/section.hpp"
#include "core/config/server.hpp"
#include "core/options/table.hpp"
#include "core/plugin/loader.hpp"
#include "core/repository/translate.hpp"
#include "purgatory/error.hpp"

namespace purgatory {
namespace config {
namespace {

options::Table table_of(const plugin::Descriptor& descriptor) {
  return {descriptor.options, descriptor.option_count};
}

using BatchScope = Config::TaskCenter::BatchScope;

BatchScope batch_scope_of(std::string_view text) {
  return text == "project" ? BatchScope::project : BatchScope::project_level;
}

std::string text_of(BatchScope scope) {
  return scope == BatchScope::project ? "project" : "project_level";
}

/// Fills a Config from a document, section by section.
class ConfigReader {
 public:
  ConfigReader(Mistakes& mistakes, Mistakes& warnings, const std::filesystem::path& directory)
      : mistakes_(mistakes), warnings_(warnings), sections_(mistakes, directory) {}

  Config read(const Node& root) {
    static const std::array<std::string, 7> children{
        std::string(kRepositoryKey), std::string(kRetentionKey),  std::string(kPurgerKey),
        std::string(kLimitsKey),     std::string(kTaskCenterKey), std::string(kServerKey),
        std::string(kPluginsKey)};
    (void)sections_.read(root, {}, kRootTable, children);
    if (const Node* plugins = root.find(kPluginsKey)) read_plugins(*plugins);
    if (const Node* repository = root.find(kRepositoryKey)) {
      read_repository(*repository);
    } else {
      mistakes_.add({}, kRepositoryKey, "is required and is missing");
    }
    if (const Node* limits = root.find(kLimitsKey)) read_limits(*limits);
    if (const Node* retention = root.find(kRetentionKey)) {
      config_.retention =
          read_retention(*retention, config_.limits, sections_, mistakes_, warnings_);
    }
    if (const Node* purger = root.find(kPurgerKey)) read_purger(*purger);
    if (const Node* task_center = root.find(kTaskCenterKey)) read_task_center(*task_center);
    if (const Node* server = root.find(kServerKey)) {
      config_.server = read_server(*server, sections_, mistakes_);
    }
    return std::move(config_);
  }

 private:
  void read_purger(const Node& entry) {
    const Options values = sections_.read(entry, entry.key, kPurgerTable);
    Config::Purger& purger = config_.purger;
    read(values, "every", purger.every);
    if (values.has("jitter")) purger.jitter = values.integer("jitter");
    read(values, "time_budget", purger.time_budget);
    read(values, "slice", purger.slice);
    read(values, "lease", purger.lease);
  }

  static void read(const Options& values, std::string_view key, std::chrono::milliseconds& to) {
    if (values.has(key)) to = values.duration(key);
  }

  void read_limits(const Node& entry) {
    const Options values = sections_.read(entry, entry.key, kLimitsTable);
    if (values.has("text")) config_.limits.max_text_bytes = values.bytes("text");
    if (values.has("payload")) config_.limits.max_payload_bytes = values.bytes("payload");
  }

  void read_task_center(const Node& entry) {
    const Options values = sections_.read(entry, entry.key, kTaskCenterTable);
    if (values.has("batch_scope")) {
      config_.task_center.batch_scope = batch_scope_of(values.text("batch_scope"));
    }
    if (values.has("count_limit")) config_.task_center.count_limit = values.bytes("count_limit");
  }

  void read_plugins(const Node& entry) {
    const Options values = sections_.read(entry, entry.key, kPluginsTable);
    if (values.has("path")) config_.plugins.path = values.list("path");
    if (values.has("allow_insecure")) {
      config_.plugins.allow_insecure = values.boolean("allow_insecure");
    }
  }

  void read_repository(const Node& entry) {
    std::vector<std::string> backends;
    try {
      backends = plugin::available(config_.plugins);
    } catch (const Error& error) {
      mistakes_.add(entry.key_place, entry.key, error.what());
      return;
    }
    const Options values = sections_.read(entry, entry.key, kRepositoryTable, backends);
    if (values.has("backend")) config_.repository.backend = values.text("backend");
    if (values.has("timeout")) config_.repository.timeout = values.duration("timeout");
    for (const std::string& backend : backends) {
      if (const Node* section = entry.find(backend)) read_backend(*section, backend);
    }
    if (!values.has("backend")) return;
    const Node& chosen = *entry.find("backend");
    if (std::ranges::find(backends, config_.repository.backend) == backends.end()) {
      mistakes_.add(chosen.place, path_of(kRepositoryKey, chosen.key),
                    unknown_backend(chosen.text, backends));
    } else if (entry.find(config_.repository.backend) == nullptr) {
      read_defaults(chosen);
    }
  }

  [[nodiscard]] std::string unknown_backend(std::string_view written,
                                            std::span<const std::string> backends) const {
    const std::string none = fmt::format("there is no backend {}", options::quote(written));
    if (const auto* similar = options::find_similar(config_.repository.backend, backends)) {
      return fmt::format("{}; did you mean '{}'?", none, *similar);
    }
    std::vector<std::string> directories;
    for (const auto& directory : plugin::directories(config_.plugins)) {
      directories.push_back(directory.string());
    }
    return fmt::format("{}; there are: {}; plugins are looked for in {}", none,
                       fmt::join(backends, ", "), fmt::join(directories, ", "));
  }

  /// The options of a backend; those of one that is not chosen are checked all the same, so that
  /// a file with a section for each swaps backends by one word.
  void read_backend(const Node& section, const std::string& backend) {
    const std::string path = path_of(kRepositoryKey, backend);
    try {
      Options options =
          sections_.read(section, path, table_of(plugin::find(backend, config_.plugins)));
      if (backend == config_.repository.backend) config_.repository.options = std::move(options);
    } catch (const Error& error) {
      mistakes_.add(section.key_place, path, error.what());
    }
  }

  /// The chosen backend has no section: none of its options may be required.
  void read_defaults(const Node& chosen) {
    const std::string& backend = config_.repository.backend;
    const Node nothing{.kind = Node::Kind::map, .place = chosen.place, .key_place = chosen.place};
    try {
      config_.repository.options = sections_.read(nothing, path_of(kRepositoryKey, backend),
                                                  table_of(plugin::find(backend, config_.plugins)));
    } catch (const Error& error) {
      mistakes_.add(chosen.place, path_of(kRepositoryKey, chosen.key), error.what());
    }
  }

  Mistakes& mistakes_;
  Mistakes& warnings_;
  SectionReader sections_;
  Config config_;
};

Config parse(std::string_view text, std::string_view name, const std::filesystem::path& directory) {
  Mistakes mistakes(name);
  Mistakes warnings(name);
  const std::optional<Node> root = read_document(text, mistakes);
  Config config;
  if (root && root->kind == Node::Kind::map) {
    config = ConfigReader(mistakes, warnings, directory).read(*root);
  } else if (root) {
    mistakes.add(root->place, {}, "is no configuration: it has to be keys, each with a value");
  }
  if (!mistakes.empty()) mistakes.report();
  config.warnings = warnings.lines();
  return config;
}

Options values_of(const Config::Purger& purger) {
  return Options()
      .set("every", purger.every)
      .set("jitter", purger.jitter)
      .set("time_budget", purger.time_budget)
      .set("slice", purger.slice)
      .set("lease", purger.lease);
}

Options values_of(const Limits& limits) {
  return Options().set("text", limits.max_text_bytes).set("payload", limits.max_payload_bytes);
}

/// What was set in code has to be within the same ranges as what is read from a file. (Directories
/// of plugins are checked where they are searched.)
void check_own(const Config& config) {
  (void)options::complete(
      Options().set("backend", config.repository.backend).set("timeout", config.repository.timeout),
      kRepositoryTable, kRepositoryKey);
  check(config.retention, config.limits);
  (void)options::complete(values_of(config.purger), kPurgerTable, kPurgerKey);
  (void)options::complete(values_of(config.limits), kLimitsTable, kLimitsKey);
  check(config.task_center);
  if (config.server) check(*config.server);
}

}  // namespace

void check(const Config::TaskCenter& settings) {
  (void)options::complete(Options()
                              .set("batch_scope", text_of(settings.batch_scope))
                              .set("count_limit", settings.count_limit),
                          kTaskCenterTable, kTaskCenterKey);
}

}  // namespace config

Config Config::parse(std::string_view text, std::string_view name) {
  return config::parse(text, name, options::working_directory());
}

Config Config::load(const std::filesystem::path& file) {
  std::string text;
  try {
    text = config::read_file(file, config::kMaxFileBytes);
  } catch (const config::Unreadable& unreadable) {
    throw Error(ErrorCode::config,
                fmt::format("the configuration '{}' {}", file.string(), unreadable.what()));
  }
  return config::parse(text, file.string(), (options::working_directory() / file).parent_path());
}

std::string Config::to_yaml() const {
  config::check_own(*this);
  const plugin::Descriptor& descriptor = plugin::find(repository.backend, plugins);
  const options::Table table = config::table_of(descriptor);
  const Options all =
      options::complete(repository.options, table, "repository." + repository.backend);
  const auto print = [](options::Table section, std::string_view key, const Options::Value& value) {
    return options::print(*options::find(section, key), value);
  };
  std::string text =
      fmt::format("version: 1\nrepository:\n  backend: {}\n  timeout: {}\n", repository.backend,
                  print(config::kRepositoryTable, "timeout", repository.timeout));
  const std::string section = options::print(table, all, 2);
  if (!section.empty()) text += fmt::format("  {}:\n{}", repository.backend, section);
  text += config::to_yaml(retention);
  text += fmt::format("{}:\n{}", config::kPurgerKey,
                      options::print(config::kPurgerTable, config::values_of(purger), 1));
  text += fmt::format("{}:\n{}", config::kLimitsKey,
                      options::print(config::kLimitsTable, config::values_of(limits), 1));
  text += fmt::format("task_center:\n  batch_scope: {}\n  count_limit: {}\n",
                      config::text_of(task_center.batch_scope),
                      print(config::kTaskCenterTable, "count_limit",
                            static_cast<std::int64_t>(task_center.count_limit)));
  if (server) text += config::to_yaml(*server);
  return text + fmt::format("plugins:\n  path: {}\n  allow_insecure: {}\n",
                            print(config::kPluginsTable, "path", plugins.path),
                            print(config::kPluginsTable, "allow_insecure", plugins.allow_insecure));
}

std::unique_ptr<FailedJobRepository> open(const Config& config, const Host& host) {
  config::check_own(config);
  const std::string& name = config.repository.backend;
  const plugin::Descriptor& descriptor = plugin::find(name, config.plugins);
  const Options options = options::complete(config.repository.options, config::table_of(descriptor),
                                            "repository." + name);
  std::unique_ptr<FailedJobRepository> opened;
  try {
    opened = descriptor.open(options, host);
  } catch (...) {
    rethrow_as_error(name);
  }
  if (opened == nullptr) blame(name, "opened no store and threw no error");
  return checked(std::move(opened), host, config.limits);
}

}  // namespace purgatory
