#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "apps/purgatory/exit_code.hpp"
#include "apps/purgatoryd/server.hpp"
#include "purgatory/config.hpp"
#include "purgatory/error.hpp"

namespace {

using purgatory::cli::ExitCode;

int report(ExitCode code, const char* message) {
  fmt::print(stderr, "purgatoryd: {}\n", message);
  return static_cast<int>(code);
}

int run(int argc, char** argv) {
  CLI::App program("The task center's API over HTTP: lists failed jobs and deletes them.",
                   "purgatoryd");
  std::string file;
  bool only_check = false;
  program.add_option("-c,--config", file, "The configuration, with a section 'server:'.")
      ->required()
      ->type_name("FILE");
  program.add_flag("--check", only_check,
                   "Read it, its tokens and certificates, open the store, and say whether all is "
                   "fine.");
  program.set_version_flag("--version", PURGATORY_VERSION);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = program.exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  const auto config = purgatory::Config::load(file);
  if (only_check) {
    purgatory::server::check(config);
    fmt::print("purgatoryd: {}: fine\n", file);
  } else {
    purgatory::server::serve(config, file);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  (void)std::signal(SIGPIPE, SIG_IGN);  // a client that is gone is no reason to end
  try {
    return run(argc, argv);
  } catch (const purgatory::Error& error) {
    return report(purgatory::cli::exit_code_of(error.code()), error.what());
  } catch (const std::exception& error) {
    return report(ExitCode::internal, error.what());
  }
}
