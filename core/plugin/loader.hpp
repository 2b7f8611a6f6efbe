#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "purgatory/config.hpp"
#include "purgatory/plugin.hpp"

/// Finds backends: those built in, and plugins in files. What is loaded is never unloaded: objects,
/// exceptions and thread-local values of a plugin may outlive any owner.
namespace purgatory::plugin {

/// Where a backend is.
struct Place {
  const Descriptor* built_in = nullptr;
  std::filesystem::path file;  ///< If it is not built in.
};

/// Finds a backend without loading it. Throws Error{plugin} saying where it was looked for.
[[nodiscard]] Place locate(std::string_view name, const Config::Plugins& plugins);

/// The backend of that name. Throws Error{plugin} saying where it was looked for, or why its file
/// is refused.
[[nodiscard]] const Descriptor& find(std::string_view name, const Config::Plugins& plugins);

/// The names of all backends that `find` could be asked for, ascending.
[[nodiscard]] std::vector<std::string> available(const Config::Plugins& plugins);

/// The backend at a place that `locate` gave. Throws Error{plugin}.
[[nodiscard]] const Descriptor& load(const Place& place, std::string_view name,
                                     bool allow_insecure);

/// The plugin in one file. Throws Error{plugin}.
[[nodiscard]] const Descriptor& load(const std::filesystem::path& file, std::string_view name,
                                     bool allow_insecure);

/// Where plugins are looked for, in this order: the configured directories,
/// PURGATORY_PLUGIN_PATH, beside the core library, where they are installed. Throws Error{plugin}
/// if one of them is relative or empty.
[[nodiscard]] std::vector<std::filesystem::path> directories(const Config::Plugins& plugins);

}  // namespace purgatory::plugin
