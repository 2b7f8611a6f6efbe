// serve: the server, which is a program of its own.

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include "apps/purgatory/commands/commands.hpp"
#include "apps/purgatory/exit_code.hpp"

namespace purgatory::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "purgatoryd";

/// Beside this program, as in a build, or where it is installed.
fs::path find_server() {
  std::error_code error;
  const fs::path beside = fs::read_symlink("/proc/self/exe", error).parent_path() / kProgram;
  return fs::exists(beside, error) ? beside : fs::path(PURGATORY_INSTALLED_SERVERS) / kProgram;
}

[[noreturn]] void become_server(const std::string& config, bool only_check) {
  const fs::path server = find_server();
  std::vector<std::string> arguments{kProgram, "--config", config};
  if (only_check) arguments.emplace_back("--check");
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::execv(server.c_str(), pointers.data());
  throw Failure(ExitCode::unavailable, fmt::format("'{}' cannot be started: {}", server.string(),
                                                   std::generic_category().message(errno)));
}

}  // namespace

void add_serve(CLI::App& program, Context& context) {
  CLI::App& serve = add_command(
      program, "serve", "Serves the task center's API over HTTP until SIGTERM, as purgatoryd does.",
      {"purgatory -c purgatory.yaml serve", "purgatory -c purgatory.yaml serve --check"});
  const auto only_check = std::make_shared<bool>(false);
  serve.add_flag("--check", *only_check,
                 "Reads the configuration and all it names, opens the store, and ends.");
  serve.callback([only_check, &context] {
    if (!context.options.load.empty() || !context.options.now.empty()) {
      throw Failure(ExitCode::usage,
                    "serve works on the real store by the real clock: leave out --load and --now");
    }
    const std::string config = context.config_file();
    if (config.empty()) {
      throw Failure(ExitCode::usage,
                    "serve needs a configuration with a section 'server:': name it with -c or "
                    "PURGATORY_CONFIG");
    }
    become_server(config, *only_check);
  });
}

}  // namespace purgatory::cli
