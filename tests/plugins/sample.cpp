// A plugin with an option of each type, for the tests of configurations. It opens nothing.

#include <array>

#include "purgatory/error.hpp"
#include "purgatory/plugin.hpp"

namespace {

using purgatory::Option;
using purgatory::OptionType;

constexpr std::array kOptions{
    Option{.key = "url", .type = OptionType::text, .required = true, .help = "Where it is."},
    Option{.key = "directory",
           .type = OptionType::path,
           .default_value = "./sample",
           .help = "Where its files are."},
    Option{.key = "read_only",
           .type = OptionType::boolean,
           .default_value = "false",
           .help = "Refuses to write."},
    Option{.key = "connections",
           .type = OptionType::integer,
           .default_value = "4",
           .least = 1,
           .most = 64,
           .help = "At a time."},
    Option{.key = "port", .type = OptionType::integer, .help = "Any number from 0 on."},
    Option{.key = "cache",
           .type = OptionType::bytes,
           .default_value = "16MiB",
           .least = 1024,
           .most = std::int64_t{1} << 40,
           .help = "Memory for what was read."},
    Option{.key = "timeout",
           .type = OptionType::duration,
           .default_value = "5s",
           .least = 1,
           .most = 3'600'000,
           .help = "Of one call."},
    Option{.key = "reserve",
           .type = OptionType::percent,
           .default_value = "25%",
           .least = 0,
           .most = 100,
           .help = "Of the cache, for writes."},
    Option{.key = "durability",
           .type = OptionType::choice,
           .default_value = "full",
           .choices = "full|normal",
           .help = "What a power cut may take."},
    Option{.key = "nodes", .type = OptionType::list, .help = "Names of servers."},
    Option{.key = "certificates", .type = OptionType::paths, .help = "Files."},
    Option{.key = "password", .type = OptionType::text, .secret = true, .help = "Of the server."},
};

std::unique_ptr<purgatory::FailedJobRepository> open_nothing(const purgatory::Options& /*options*/,
                                                             const purgatory::Host& /*host*/) {
  throw purgatory::Error(purgatory::ErrorCode::unsupported, "the sample plugin opens no store");
}

}  // namespace

PURGATORY_PLUGIN("sample", "1.0", kOptions, open_nothing)
