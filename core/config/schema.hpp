#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "purgatory/limits.hpp"
#include "purgatory/options.hpp"

/// The library's own sections of a configuration file, key by key.
namespace purgatory::config {

inline constexpr std::string_view kRepositoryKey = "repository";
inline constexpr std::string_view kRetentionKey = "retention";
inline constexpr std::string_view kLimitsKey = "limits";
inline constexpr std::string_view kTaskCenterKey = "task_center";
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
    Option{.key = "timeout",
           .type = OptionType::duration,
           .default_value = "5s",
           .least = 1,
           .most = 3'600'000,
           .help = "How long one call of the store may take; what takes several calls may take "
                   "that much for each."},
};

inline constexpr std::array kRetentionTable{
    Option{.key = "undo_window",
           .type = OptionType::duration,
           .default_value = "24h",
           .least = 0,
           .most = std::chrono::milliseconds(kMaxUndoWindow).count(),
           .help = "How long a purge can be undone; 0s: not at all."},
};

inline constexpr std::array kLimitsTable{
    Option{.key = "text",
           .type = OptionType::bytes,
           .default_value = "64KiB",
           .least = 0,
           .most = Limits::kMostTextBytes,
           .help = "The most that a text of a job may have, and all its labels together. Ids, "
                   "projects and groups have at most 255 bytes."},
    Option{.key = "payload",
           .type = OptionType::bytes,
           .default_value = "1MiB",
           .least = 0,
           .most = Limits::kMostPayloadBytes,
           .help = "The most that the payload of a job may have."},
};

inline constexpr std::array kTaskCenterTable{
    Option{.key = "batch_scope",
           .type = OptionType::choice,
           .default_value = "project_level",
           .choices = "project_level|project",
           .help = "What a DELETE of the failed tasks of all protection groups takes: the jobs of "
                   "the project level, or those of its groups, too."},
    Option{.key = "count_limit",
           .type = OptionType::integer,
           .default_value = "100000",
           .least = 1,
           .most = 1'000'000'000,
           .help = "Up to here the count of a list is exact; beyond it says only that there is "
                   "more."},
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
