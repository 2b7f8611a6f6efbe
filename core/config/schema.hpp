#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "core/retention/tables.hpp"
#include "purgatory/limits.hpp"
#include "purgatory/options.hpp"

/// The library's own sections of a configuration file, key by key.
namespace purgatory::config {

inline constexpr std::string_view kRepositoryKey = "repository";
inline constexpr std::string_view kRetentionKey = "retention";
inline constexpr std::string_view kRulesKey = "retention.rules";
inline constexpr std::string_view kCapsKey = "retention.caps";
inline constexpr std::string_view kResolvedKey = "retention.resolved";
inline constexpr std::string_view kArchivesKey = "retention.archives";
inline constexpr std::string_view kGuardKey = "retention.guard";
inline constexpr std::string_view kJournalKey = "retention.journal";
inline constexpr std::string_view kPurgerKey = "purger";
inline constexpr std::string_view kLimitsKey = "limits";
inline constexpr std::string_view kTaskCenterKey = "task_center";
inline constexpr std::string_view kServerKey = "server";
inline constexpr std::string_view kServerTlsKey = "server.tls";
inline constexpr std::string_view kServerAuthKey = "server.auth";
inline constexpr std::string_view kServerTokensKey = "server.auth.tokens";
inline constexpr std::string_view kServerGatewayKey = "server.auth.gateway";
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
    retention::kMinAge,
    Option{.key = "undo_window",
           .type = OptionType::duration,
           .default_value = "24h",
           .least = 0,
           .most = std::chrono::milliseconds(kMaxUndoWindow).count(),
           .help = "How long a purge can be undone; 0s: not at all."},
};

inline constexpr std::array kArchiveTable{
    Option{.key = "directory",
           .type = OptionType::path,
           .required = true,
           .help =
               "Where its files are; made, private to its user, when it is first needed. No two "
               "archives share one, and none is below another's."},
    Option{.key = "compress",
           .type = OptionType::choice,
           .default_value = "zstd",
           .choices = "zstd|none",
           .help = "How its files, which are JSON lines, are compressed."},
};

inline constexpr std::array kGuardTable{
    Option{.key = "max_fraction",
           .type = OptionType::percent,
           .default_value = "50%",
           .least = 0,
           .most = 100,
           .help =
               "A change of the policy is refused if it would make due, or evict, more than this "
               "part of a project's jobs, and more than `min_jobs` of them."},
    Option{.key = "min_jobs",
           .type = OptionType::integer,
           .default_value = "1000",
           .least = 0,
           .most = 1'000'000'000'000,
           .help = "Up to so many jobs of a project, `max_fraction` does not count."},
    Option{.key = "max_jobs",
           .type = OptionType::integer,
           .default_value = "1000000",
           .least = 0,
           .most = 1'000'000'000'000,
           .help =
               "A change of the policy is refused if it would make due, or evict, more jobs than "
               "this in all projects."},
    Option{.key = "clock_jump",
           .type = OptionType::duration,
           .default_value = "1d",
           .least = 1'000,
           .most = 3'153'600'000'000,
           .help = "Nothing is purged while the wall clock is more than this away from where it "
                   "should be by the time that passed since the process's last run."},
};

inline constexpr std::array kJournalTable{
    Option{.key = "keep_for",
           .type = OptionType::duration,
           .default_value = "365d",
           .least = 3'600'000,
           .most = 3'153'600'000'000,
           .help = "How long the journal keeps entries whose trash is freed."},
};

inline constexpr std::array kPurgerTable{
    Option{.key = "every",
           .type = OptionType::duration,
           .default_value = "1m",
           .least = 1,
           .most = 86'400'000,
           .help = "From one run's begin to the next one's. While more is left than a run can do, "
                   "runs follow sooner, and take half of the time."},
    Option{.key = "jitter",
           .type = OptionType::percent,
           .default_value = "10%",
           .least = 0,
           .most = 100,
           .help = "Runs begin later by up to this part of `every`: those of several processes "
                   "spread."},
    Option{.key = "time_budget",
           .type = OptionType::duration,
           .default_value = "2s",
           .least = 1,
           .most = 3'600'000,
           .help = "How long one run goes on."},
    Option{.key = "slice",
           .type = OptionType::duration,
           .default_value = "5ms",
           .least = 1,
           .most = 1'000,
           .help = "How long one step of a run should take; steps adapt their size to it."},
    Option{.key = "lease",
           .type = OptionType::duration,
           .default_value = "30s",
           .least = 1'000,
           .most = 86'400'000,
           .help = "For how long one process is the purger of a store without saying so again."},
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

inline constexpr std::array kServerTable{
    Option{.key = "listen",
           .type = OptionType::text,
           .default_value = "127.0.0.1:8080",
           .help = "Where the API is served: ADDRESS:PORT with a numeric address, \"[::1]:8080\"; "
                   "port 0: any that is free."},
    Option{.key = "admin",
           .type = OptionType::text,
           .default_value = "127.0.0.1:9080",
           .help = "Where health and metrics are served, to everybody who reaches it and without "
                   "TLS; written as `listen` is."},
    Option{.key = "threads",
           .type = OptionType::integer,
           .default_value = "4",
           .least = 1,
           .most = 256,
           .help = "How many requests the store works on at once."},
    Option{.key = "connections",
           .type = OptionType::integer,
           .default_value = "1024",
           .least = 1,
           .most = 100'000,
           .help = "How many connections there may be at once; further ones are answered 503."},
    Option{.key = "header_timeout",
           .type = OptionType::duration,
           .default_value = "10s",
           .least = 1,
           .most = 3'600'000,
           .help = "How long a request may take to arrive; then it is answered 408."},
    Option{.key = "idle_timeout",
           .type = OptionType::duration,
           .default_value = "30s",
           .least = 1,
           .most = 3'600'000,
           .help = "How long a connection may wait for its next request; then it is closed."},
    Option{.key = "drain_timeout",
           .type = OptionType::duration,
           .default_value = "30s",
           .least = 1,
           .most = 3'600'000,
           .help = "How long a server that was told to end waits for requests under way."},
};

inline constexpr std::array kServerTlsTable{
    Option{.key = "cert",
           .type = OptionType::path,
           .required = true,
           .help = "The server's certificate in PEM, those that vouch for it behind it. Without "
                   "the section `tls` the API is served in plain HTTP."},
    Option{.key = "key",
           .type = OptionType::path,
           .required = true,
           .help = "The private key of the certificate, in PEM."},
};

inline constexpr std::array kServerAuthTable{
    Option{.key = "mode",
           .type = OptionType::choice,
           .required = true,
           .choices = "tokens|gateway|none",
           .help = "How the server learns who asks: by tokens of its own, from a gateway that has "
                   "authenticated them, or not at all."},
    Option{.key = "insecure",
           .type = OptionType::boolean,
           .default_value = "false",
           .help = "Mode none needs `true`: everybody who reaches the server may delete."},
};

inline constexpr std::array kServerTokensTable{
    Option{.key = "file",
           .type = OptionType::path,
           .required = true,
           .help = "The tokens' hashes, projects and roles; `purgatory token create` adds one."},
};

inline constexpr std::array kServerGatewayTable{
    Option{.key = "secret",
           .type = OptionType::text,
           .required = true,
           .secret = true,
           .help = "What the gateway shows in `X-Gateway-Secret`: 16 visible ASCII characters or "
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
