#include "core/plugin/loader.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/options/value.hpp"
#include "core/plugin/builtin.hpp"
#include "core/plugin/descriptor.hpp"
#include "core/plugin/elf.hpp"
#include "core/plugin/file.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/refuse.hpp"
#include "purgatory/error.hpp"

namespace purgatory::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "purgatory_";
constexpr std::string_view kSuffix = ".so";

const Descriptor* find_builtin(std::string_view name) {
  const auto found = std::ranges::find(builtins(), name,
                                       [](const Descriptor* built_in) { return built_in->name; });
  return found == builtins().end() ? nullptr : *found;
}

const fs::path& checked_directory(const fs::path& directory, std::string_view source) {
  if (directory.is_absolute()) return directory;
  if (directory.empty()) refuse("{} has an empty directory; leave it out", source);
  refuse("{} has the relative directory '{}'; write it from the root on", source,
         directory.string());
}

/// The plugin that a file is by its name; empty: it is none.
std::string plugin_of(std::string_view file_name) {
  if (!file_name.starts_with(kPrefix) || !file_name.ends_with(kSuffix)) return {};
  if (file_name.size() <= kPrefix.size() + kSuffix.size()) return {};
  const std::string name(
      file_name.substr(kPrefix.size(), file_name.size() - kPrefix.size() - kSuffix.size()));
  return is_name(name) ? name : std::string();
}

}  // namespace

std::vector<fs::path> directories(const Config::Plugins& plugins) {
  std::vector<fs::path> directories;
  for (const std::string& directory : plugins.path) {
    directories.push_back(checked_directory(directory, "plugins.path"));
  }
  for (const fs::path& directory : own_directories()) {
    directories.push_back(checked_directory(directory, "PURGATORY_PLUGIN_PATH"));
  }
  return directories;
}

std::vector<std::string> available(const Config::Plugins& plugins) {
  std::set<std::string> names;
  for (const Descriptor* built_in : builtins()) names.insert(built_in->name);
  for (const fs::path& directory : directories(plugins)) {
    std::error_code error;
    for (auto file = fs::directory_iterator(directory, error);
         !error && file != fs::directory_iterator(); file.increment(error)) {
      if (auto name = plugin_of(file->path().filename().string()); !name.empty()) {
        names.insert(std::move(name));
      }
    }
  }
  return {names.begin(), names.end()};
}

const Descriptor& load(const fs::path& file, std::string_view name, bool allow_insecure) {
  if (!is_name(name)) {
    refuse("'{}' is no name of a plugin: a-z, 0-9 and _, at most 32", name);
  }
  if (find_builtin(name) != nullptr) {
    refuse("plugin {} is refused: the backend '{}' is built into this library", file.string(),
           name);
  }
  const fs::path canonical = locate_file(file);
  if (!allow_insecure) Trust(core_directory()).check(canonical);
  check_exports(canonical);
  const Descriptor& descriptor = load_library(canonical);
  check_descriptor(descriptor, name, canonical.string());
  return descriptor;
}

Place locate(std::string_view name, const Config::Plugins& plugins) {
  if (const Descriptor* built_in = find_builtin(name)) return {.built_in = built_in, .file = {}};
  if (!is_name(name)) {
    refuse("'{}' is no name of a backend: a-z, 0-9 and _, at most 32", name);
  }
  const std::string file_name = fmt::format("{}{}{}", kPrefix, name, kSuffix);
  std::vector<std::string> tried;
  for (const fs::path& directory : directories(plugins)) {
    const fs::path file = directory / file_name;
    std::error_code error;
    if (fs::exists(fs::symlink_status(file, error))) {
      return {.built_in = nullptr, .file = file};
    }
    tried.push_back(file.string());
  }
  const auto names = available(plugins);
  refuse("there is no backend '{}'; there are: {}; looked for {}", name,
         names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")),
         tried.empty() ? "no file: this library has only those built in"
                       : fmt::format("{}", fmt::join(tried, ", ")));
}

const Descriptor& load(const Place& place, std::string_view name, bool allow_insecure) {
  if (place.built_in != nullptr) return *place.built_in;
  return load(place.file, name, allow_insecure);
}

const Descriptor& find(std::string_view name, const Config::Plugins& plugins) {
  return load(locate(name, plugins), name, plugins.allow_insecure);
}

}  // namespace purgatory::plugin

namespace purgatory {
namespace {

void describe(const plugin::Descriptor& descriptor, PluginInfo& info) {
  info.name = descriptor.name;
  info.version = descriptor.version;
  info.compiler = descriptor.compiler;
}

}  // namespace

std::vector<PluginInfo> list_plugins(const Config::Plugins& plugins) {
  std::vector<PluginInfo> list;
  for (const std::string& name : plugin::available(plugins)) {
    PluginInfo& info = list.emplace_back();
    info.name = name;
    try {
      const plugin::Place place = plugin::locate(name, plugins);
      info.file = place.file.string();
      describe(plugin::load(place, name, plugins.allow_insecure), info);
    } catch (const Error& error) {
      info.refused = error.what();
    }
  }
  return list;
}

PluginInfo verify_plugin(const std::filesystem::path& file, const Config::Plugins& plugins) {
  const std::string name = plugin::plugin_of(file.filename().string());
  if (name.empty()) {
    plugin::refuse(
        "plugin '{}' is refused: its file has to be called purgatory_<name>.so, the name of a-z, "
        "0-9 and _, at most 32",
        file.string());
  }
  PluginInfo info;
  info.file = (options::working_directory() / file).string();
  describe(plugin::load(info.file, name, plugins.allow_insecure), info);
  return info;
}

}  // namespace purgatory
