#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <iostream>
#include <string>

#include "tests/contract/backends.hpp"

namespace {

constexpr int kUsageError = 64;  // EX_USAGE of sysexits.h

}  // namespace

int main(int argc, char** argv) {
  using purgatory::contract::backends;

  Catch::Session session;
  std::string backend{backends().front().name};
  session.cli(session.cli() | Catch::clara::Opt(backend, "name")["--backend"]("backend to test"));
  if (const int failed = session.applyCommandLine(argc, argv); failed != 0) return failed;

  if (!purgatory::contract::select_backend(backend)) {
    std::cerr << "unknown backend '" << backend << "'; known are:";
    for (const auto& known : backends()) std::cerr << ' ' << known.name;
    std::cerr << '\n';
    return kUsageError;
  }
  return session.run();
}
