#include "core/plugin/loader.hpp"

#include <dlfcn.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "core/plugin/builtin.hpp"
#include "core/plugin/descriptor.hpp"
#include "core/plugin/file.hpp"
#include "core/plugin/refuse.hpp"

namespace purgatory::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "purgatory_";
constexpr std::string_view kSuffix = ".so";

/// Where the core library is; none: it is linked into the program.
std::optional<fs::path> core_directory() {
#ifdef PURGATORY_STATIC
  return std::nullopt;
#else
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(&core_directory), &info) == 0) return std::nullopt;
  std::error_code error;
  const fs::path library = fs::canonical(info.dli_fname, error);
  return error ? std::nullopt : std::optional(library.parent_path());
#endif
}

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
#ifndef PURGATORY_STATIC
  if (const char* listed = ::secure_getenv("PURGATORY_PLUGIN_PATH")) {
    for (std::string_view rest = listed;;) {
      const std::size_t end = std::min(rest.find(':'), rest.size());
      directories.push_back(checked_directory(rest.substr(0, end), "PURGATORY_PLUGIN_PATH"));
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  }
  if (const auto core = core_directory()) directories.push_back(*core / PURGATORY_PLUGIN_SUBDIR);
  directories.emplace_back(PURGATORY_INSTALLED_PLUGINS);
#endif
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
#ifdef PURGATORY_STATIC
  refuse(
      "plugin {} cannot be loaded: this library is linked into the program, so a plugin would "
      "bring a second copy of it; build the backend in",
      file.string());
#endif
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
  return load_checked(canonical, name);
}

const Descriptor& load_checked(const fs::path& file, std::string_view name) {
  // Not by Boost.DLL: its error says nothing of why. There is no dlclose on purpose: see the
  // header.
  void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc and musl keep it by thread
    refuse("plugin {} cannot be loaded: {}", file.string(), ::dlerror());
  }
  const std::string symbol = "purgatory_plugin_v" + std::to_string(kAbi);
  const auto* descriptor = static_cast<const Descriptor*>(::dlsym(library, symbol.c_str()));
  if (descriptor == nullptr) {
    refuse("plugin {} was replaced while it was being loaded: it has no {} any more; try again",
           file.string(), symbol);
  }
  check_descriptor(*descriptor, name, file.string());
  return *descriptor;
}

const Descriptor& find(std::string_view name, const Config::Plugins& plugins) {
  if (const Descriptor* built_in = find_builtin(name)) return *built_in;
  if (!is_name(name)) {
    refuse("'{}' is no name of a backend: a-z, 0-9 and _, at most 32", name);
  }
  const std::string file_name = fmt::format("{}{}{}", kPrefix, name, kSuffix);
  std::vector<std::string> tried;
  for (const fs::path& directory : directories(plugins)) {
    const fs::path file = directory / file_name;
    std::error_code error;
    if (fs::exists(fs::symlink_status(file, error))) {
      return load(file, name, plugins.allow_insecure);
    }
    tried.push_back(file.string());
  }
  const auto names = available(plugins);
  refuse("there is no backend '{}'; there are: {}; looked for {}", name,
         names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")),
         tried.empty() ? "no file: this library has only those built in"
                       : fmt::format("{}", fmt::join(tried, ", ")));
}

}  // namespace purgatory::plugin
