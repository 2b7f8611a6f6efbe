#pragma once

#include <array>
#include <string_view>

#include "purgatory/options.hpp"

/// The library's own sections of a configuration file, key by key.
namespace purgatory::config {

inline constexpr std::string_view kRepositoryKey = "repository";
inline constexpr std::string_view kPluginsKey = "plugins";

inline constexpr std::array kRootTable{
    Option{.key = "version",
           .type = OptionType::integer,
           .required = true,
           .least = 1,
           .most = 1,
           .help = "The version of this format."},
};

inline constexpr std::array kRepositoryTable{
    Option{.key = "backend",
           .type = OptionType::text,
           .required = true,
           .help =
               "The plugin that keeps the jobs. Its options are in a section of its name; sections "
               "of other backends may stay in the file and are checked, too."},
};

inline constexpr std::array kPluginsTable{
    Option{.key = "path",
           .type = OptionType::paths,
           .help = "Directories that plugins are looked for in first. Those of the variable "
                   "PURGATORY_PLUGIN_PATH, the one beside the library and the installed one "
                   "follow."},
    Option{.key = "allow_insecure",
           .type = OptionType::boolean,
           .default_value = "false",
           .help = "Whether to load a plugin that other users of the machine could have written or "
                   "replaced."},
};

}  // namespace purgatory::config
