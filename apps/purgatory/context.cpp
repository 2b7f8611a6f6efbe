#include "apps/purgatory/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>

#include "apps/purgatory/environment.hpp"
#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatory/import.hpp"
#include "apps/purgatory/text.hpp"

namespace purgatory::cli {
namespace {

namespace fs = std::filesystem;

/// Where the user's own store is, by the XDG base directory specification.
fs::path own_store() {
  fs::path state = variable("XDG_STATE_HOME");
  if (!state.is_absolute()) {
    const fs::path home = variable("HOME");
    if (!home.is_absolute()) {
      throw Failure(ExitCode::config,
                    "there is no configuration, and no HOME for a store of your own: name a "
                    "configuration with -c or PURGATORY_CONFIG");
    }
    state = home / ".local" / "state";
  }
  return state / "purgatory" / "failed-jobs.db";
}

void make_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::create_directories(directory, error)) {
    fs::permissions(directory, fs::perms::owner_all, error);  // jobs may hold personal data
  }
  if (error) {
    throw Failure(ExitCode::permission,
                  fmt::format("'{}' cannot be made: {}", directory.string(), error.message()));
  }
}

/// What a command says in its own words, or what only a service can mend.
constexpr std::array<std::string_view, 5> kSaidElsewhere{
    "policy_superseded", "policy_not_applied", "purger_failed", "guard_refused", "config_warning"};

void print_event(const LogEvent& event) {
  std::string line(event.event);
  for (const auto& [key, value] : event.fields) {
    line += fmt::format(" {}={}", key, visible(value));
  }
  fmt::print(stderr, "purgatory: {}\n", line);
}

}  // namespace

void Context::say(std::string_view message) const {
  if (!options.quiet) fmt::print(stderr, "{}\n", visible_lines(message));
}

std::string Context::command(std::string_view arguments) const {
  const std::string config = options.config.empty() ? "" : fmt::format(" -c {}", options.config);
  return fmt::format("purgatory{} {}", config, arguments);
}

Time Context::now() const { return host().clock(); }

Host Context::host() const {
  Host host;
  if (!options.now.empty()) {
    const Time now = parse_moment("--now", options.now, Host::system_clock());
    host.clock = [now] { return now; };
  }
  if (!options.quiet) {
    host.log = [verbose = options.verbose](const LogEvent& event) {
      const bool shown = event.level >= LogEvent::Level::warning &&
                         std::ranges::find(kSaidElsewhere, event.event) == kSaidElsewhere.end();
      if (verbose || shown) print_event(event);
    };
  }
  return host;
}

std::string Context::config_file() const {
  return options.config.empty() ? variable("PURGATORY_CONFIG") : options.config;
}

Config Context::find_config() const {
  const std::string file = config_file();
  Config config;
  if (!file.empty()) config = Config::load(file);
  if (!options.load.empty()) {
    config.repository.backend = "memory";
    config.repository.options = purgatory::Options().set("max_bytes", std::int64_t{1} << 40);
  } else if (file.empty()) {
    config.repository.backend = "file";
    config.repository.options.set("path", own_store().string());
  }
  return config;
}

void Context::prepare_store() {
  const std::string file = config_file();
  if (file.empty()) {
    const fs::path store = own_store();
    make_directory(store.parent_path());
    say(fmt::format("There is no configuration (-c FILE or PURGATORY_CONFIG): the store is {}",
                    store.string()));
  } else if (config().repository.backend == "memory") {
    throw Failure(
        ExitCode::usage,
        fmt::format("'{}' says the backend is memory, which is empty in each new process: "
                    "fill it with --load FILE, or name a file backend",
                    file));
  }
}

const Config& Context::config() {
  if (!config_) config_ = find_config();
  return *config_;
}

FailedJobs& Context::jobs() {
  if (!jobs_) {
    if (options.load.empty()) prepare_store();
    jobs_ = FailedJobs::open(config(), host());
    if (!options.load.empty()) {
      Import import(*jobs_, config().limits, {.quiet = options.quiet, .what = "Loading"});
      import.read(options.load);
    }
  }
  return *jobs_;
}

}  // namespace purgatory::cli
