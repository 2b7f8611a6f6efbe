#pragma once

#include <array>

#include "purgatory/options.hpp"

/// What the members of a policy may be, and how a file writes them.
namespace purgatory::retention {

inline constexpr Option kMinAge{
    .key = "min_age",
    .type = OptionType::duration,
    .default_value = "10m",
    .least = 0,
    .most = 315'360'000'000,
    .help = "No rule takes a job sooner than this after it was recorded."};

inline constexpr Option kKeepFor{.key = "keep_for",
                                 .type = OptionType::duration,
                                 .least = 0,
                                 .most = 3'153'600'000'000,
                                 .help = "How long it stays."};

inline constexpr std::array kRuleTable{
    Option{.key = "name",
           .type = OptionType::text,
           .required = true,
           .help = "1 to 64 of A-Z, a-z, 0-9, `.`, `_` and `-`; no two rules share one."},
    Option{.key = "keep_for",
           .type = OptionType::text,
           .help = "How long a job stays, from when it failed on, or from when it was recorded if "
                   "that is earlier: a duration up to 36500d, or `forever`."},
    Option{.key = "hold",
           .type = OptionType::text,
           .help = "Instead of `keep_for`: why nobody may purge what matches, at most 255 bytes. "
                   "No rule, no cap and no purge that somebody asks for takes it."},
    Option{.key = "archive",
           .type = OptionType::text,
           .help =
               "Which of `retention.archives` a job is written to, however it is purged, before "
               "it is freed."},
};

inline constexpr std::array kCapTable{
    Option{.key = "keep_last",
           .type = OptionType::integer,
           .least = 1,
           .most = 1'000'000'000'000,
           .help = "The most jobs of a group; those that failed last stay."},
    Option{.key = "max_bytes",
           .type = OptionType::bytes,
           .least = 1024,
           .most = 1'125'899'906'842'624,
           .help =
               "The most bytes of a group: those of its jobs' texts, labels and payloads, and 64 "
               "for each job."},
    Option{.key = "per",
           .type = OptionType::choice,
           .default_value = "partition",
           .choices = "partition",
           .help = "What is bounded: each group of each project, and each project level."},
};

inline constexpr std::array kResolvedTable{
    Option{.key = "keep_for",
           .type = OptionType::duration,
           .required = true,
           .least = kKeepFor.least,
           .most = kKeepFor.most,
           .help = "How long a job stays at most once it is resolved, whatever its rule says. "
                   "Without the section it stays as long as if it were not."},
};

}  // namespace purgatory::retention
