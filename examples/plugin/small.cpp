// The smallest plugin: a backend called "small", which is the memory backend with room for as many
// MiB as its one option says. A backend of one's own returns its own FailedJobRepository.

#include <array>
#include <memory>

#include "purgatory/purgatory.hpp"

namespace {

using namespace purgatory;

constexpr std::array kOptions{
    Option{.key = "mib",
           .type = OptionType::integer,
           .default_value = "1",
           .least = 1,
           .most = 1024,
           .help = "How many MiB it may take."},
};

std::unique_ptr<FailedJobRepository> open_small(const Options& options, const Host& host) {
  Config config;
  config.repository.backend = "memory";
  config.repository.options.set("max_bytes", options.integer("mib") << 20);
  return open(config, host);
}

}  // namespace

PURGATORY_PLUGIN("small", "1.0", kOptions, open_small)
